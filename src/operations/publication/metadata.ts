import { schemaVersionOf, traitsOf } from '../../domain/event-versions';
import type { LoggedMetadata } from '../../domain/events';
import type { RecordedReason } from '../../domain/sealed-text';

/** Metadata of one event that the publication knows; the rest of the metadata is the caller's. */
export interface PublicationPart {
  readonly type: string;
  readonly data: object;
  /** Number of the event in its append, from 1, and number of events in the append. */
  readonly part: number;
  readonly parts: number;
  /** Digest of the file: the input of the command. */
  readonly inputHash: string;
  readonly basis: string;
  readonly recordedAt: Date;
}

/** Metadata of the events of one publication, by its id. */
export type PublicationMetadata = (publication: string) => (event: PublicationPart) => LoggedMetadata;

/** Metadata of a publication by an operator: a replica that starts, or someone at the command line. */
export const operatorMetadata =
  (who: {
    readonly actorId: string;
    /** The machine that publishes; left out: not known. */
    readonly actorHost?: string;
    readonly requestId: string;
    readonly reason?: RecordedReason | null;
  }): PublicationMetadata =>
  (publication) => {
    // Encrypted once: all events of a publication have the same, and an append is sent again unchanged.
    const reason = who.reason?.(publication);
    const host = who.actorHost === undefined ? {} : { actorHost: who.actorHost };
    return (event) => ({
      actorType: 'operator',
      actorId: who.actorId,
      ...host,
      command: 'publishCatalogue',
      commandId: publication,
      inputHash: event.inputHash,
      requestId: who.requestId,
      part: String(event.part),
      parts: String(event.parts),
      basis: event.basis,
      ...(reason === undefined ? {} : { reason }),
      schemaVersion: schemaVersionOf(event, traitsOf({ ...host, reason })),
      recordedAt: event.recordedAt.toISOString(),
    });
  };
