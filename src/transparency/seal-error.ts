export type SealErrorCode =
  /** The log is not what was sealed. */
  | 'LOG_DIFFERS'
  /** Seals that this data folder knew are gone. */
  | 'SEALS_LOST'
  /** No key, or none that signed before. */
  | 'SEAL_KEY'
  /** The log was sealed under another name than the settings have. */
  | 'SEAL_ORIGIN'
  /** Others are sealing. */
  | 'SEAL_BUSY'
  /** The file of the trees cannot be read or written. */
  | 'SEAL_FILES'
  /** A record of the seals cannot be read. */
  | 'SEAL_CORRUPT';

/** A log that cannot be sealed, or proved. The message says what an operator does about it. */
export class SealError extends Error {
  override readonly name = 'SealError';

  constructor(
    readonly code: SealErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}

export const shorterLog = (): SealError =>
  new SealError(
    'LOG_DIFFERS',
    'LOG_DIFFERS: The log ends before what was sealed of it. rolebook verify says more. Nothing is sealed until it is whole again.',
  );
