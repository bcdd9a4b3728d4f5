import type { CatalogueEvent } from '../../domain/catalogue/events';
import { catalogueEvents } from '../../domain/catalogue/events';
import { EMPTY_STATE, evolveCatalogue, type CatalogueState } from '../../domain/catalogue/evolve';
import { validateEvent } from '../../domain/schemas';
import type { EventStore, Position, RecordedEvent } from '../../event-store/port/event-store';
import { catalogueStream } from '../../event-store/port/streams';
import { demandReadable } from '../../repair/newer';
import { readVoids } from '../../repair/voids';

export type CatalogueErrorCode =
  /** The log has the file's version with other content. Raise the version whenever the file changes. */
  | 'CATALOGUE_VERSION_REUSED'
  /** Other publishers came first repeatedly; no part of this publication is in force. Start again. */
  | 'CATALOGUE_CONTENTION'
  /** The stream holds an event that this release does not know, or one that is not sound. */
  | 'CATALOGUE_UNREADABLE';

/** Failure to read or publish a catalogue. Failures of the log itself pass as EventStoreError. */
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

/** The stream of the catalogue as far as it was read. */
export interface CatalogueLog {
  readonly state: CatalogueState;
  /** Last revision read, -1 if there is none. */
  readonly revision: number;
  /** Position of the last event read. */
  readonly position: Position | null;
  /** Position of the `CataloguePublished` of the content. */
  readonly publishedAt: Position | null;
  /** Time at which the last event was recorded, by its writer's clock. */
  readonly recordedAt: string | null;
  /** Key of the void events of the stream; it changes with them. */
  readonly key: string;
}

const NOTHING_READ: CatalogueLog = {
  state: EMPTY_STATE,
  revision: -1,
  position: null,
  publishedAt: null,
  recordedAt: null,
  key: catalogueStream,
};

/**
 * Reads the catalogue from its stream, or on from where it was read before; void events are passed over.
 * @throws CatalogueError `CATALOGUE_UNREADABLE`, NewerEventError, EventStoreError, BrokenPublicationError
 */
export async function readCatalogue(
  store: Pick<EventStore, 'readStream'>,
  read: CatalogueLog = NOTHING_READ,
): Promise<CatalogueLog> {
  const voids = await readVoids(store);
  const key = voids.keyOf(catalogueStream);
  // The earlier state may include an event that is void by now.
  let log = read.key === key ? read : { ...NOTHING_READ, key };
  for await (const event of store.readStream(catalogueStream, { from: log.revision + 1 })) {
    const { revision, position, metadata } = event;
    if (voids.of(event)) {
      log = { ...log, revision, position };
      continue;
    }
    log = {
      state: evolveCatalogue(log.state, catalogueEventOf(event)),
      revision,
      position,
      publishedAt: event.type === 'CataloguePublished' ? position : log.publishedAt,
      recordedAt: typeof metadata.recordedAt === 'string' ? metadata.recordedAt : null,
      key,
    };
  }
  return log;
}

/** A recorded event of the catalogue's stream, checked. @throws CatalogueError `CATALOGUE_UNREADABLE`, NewerEventError */
export function catalogueEventOf(event: RecordedEvent): CatalogueEvent {
  demandReadable(event);
  const { type, data, revision } = event;
  const faults = Object.hasOwn(catalogueEvents, type)
    ? validateEvent(type, data)
    : [`this release knows no ${type}; a later one may have published it`];
  if (faults.length === 0) return { type, data } as unknown as CatalogueEvent;
  throw new CatalogueError(
    'CATALOGUE_UNREADABLE',
    `event ${revision} of ${catalogueStream} (${type}): ${faults.join('; ')}`,
  );
}
