import { SCHEMA_VERSION, type EventMetadata } from '../../domain/events';

/** What a publication knows of one of its events; the rest of the metadata is the caller's. */
export interface PublicationPlace {
  readonly publication: string;
  /** Place in the append, from 1, and how many events the append has. */
  readonly part: number;
  readonly parts: number;
  /** Digest of the file: the input of the command. */
  readonly inputHash: string;
  readonly basis: string;
  readonly recordedAt: Date;
}

export type PublicationMetadata = (place: PublicationPlace) => EventMetadata;

/** Metadata of a publication by an operator: a replica that starts, or someone at the command line. */
export const operatorMetadata =
  (who: {
    readonly actorId: string;
    readonly requestId: string;
    readonly reason?: string | null;
  }): PublicationMetadata =>
  (place) => ({
    actorType: 'operator',
    actorId: who.actorId,
    command: 'publishCatalogue',
    commandId: place.publication,
    inputHash: place.inputHash,
    requestId: who.requestId,
    part: String(place.part),
    parts: String(place.parts),
    basis: place.basis,
    ...(who.reason ? { reason: who.reason } : {}),
    schemaVersion: SCHEMA_VERSION,
    recordedAt: place.recordedAt.toISOString(),
  });
