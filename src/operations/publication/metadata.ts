import { schemaVersionOf } from '../../domain/event-versions';
import type { EventMetadata } from '../../domain/events';

/** Metadata of one event that the publication knows; the rest of the metadata is the caller's. */
export interface PublicationPart {
  readonly type: string;
  readonly data: object;
  readonly publication: string;
  /** Number of the event in its append, from 1, and number of events in the append. */
  readonly part: number;
  readonly parts: number;
  /** Digest of the file: the input of the command. */
  readonly inputHash: string;
  readonly basis: string;
  readonly recordedAt: Date;
}

export type PublicationMetadata = (event: PublicationPart) => EventMetadata;

/** Metadata of a publication by an operator: a replica that starts, or someone at the command line. */
export const operatorMetadata =
  (who: {
    readonly actorId: string;
    readonly requestId: string;
    readonly reason?: string | null;
  }): PublicationMetadata =>
  (event) => ({
    actorType: 'operator',
    actorId: who.actorId,
    command: 'publishCatalogue',
    commandId: event.publication,
    inputHash: event.inputHash,
    requestId: who.requestId,
    part: String(event.part),
    parts: String(event.parts),
    basis: event.basis,
    ...(who.reason ? { reason: who.reason } : {}),
    schemaVersion: schemaVersionOf(event),
    recordedAt: event.recordedAt.toISOString(),
  });
