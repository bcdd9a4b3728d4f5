export type CatalogueErrorCode =
  /** The log has the file's version with other content. Whoever changes the file raises its version. */
  | 'CATALOGUE_VERSION_REUSED'
  /** Other publishers came first again and again; nothing of this publication holds. Start again. */
  | 'CATALOGUE_CONTENTION'
  /** The stream holds an event that this release does not know, or one that is not sound. */
  | 'CATALOGUE_UNREADABLE';

/** Why a catalogue could not be read or published. Failures of the log itself pass as EventStoreError. */
export class CatalogueError extends Error {
  override readonly name = 'CatalogueError';

  constructor(
    readonly code: CatalogueErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
