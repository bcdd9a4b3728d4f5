import { operatorMetadata } from '../../../src/operations/publication/metadata';
import { publishCatalogue, type PublishOptions } from '../../../src/operations/publication/publish';
import type { CatalogueFile } from '../../../src/domain/catalogue/file';
import {
  EventStoreError,
  type EventStore,
  type RecordedEvent,
} from '../../../src/event-store/port/event-store';
import { catalogueStream } from '../../../src/event-store/port/streams';

export const metadata = operatorMetadata({ actorId: 'replica-1', requestId: 'r-1', reason: () => 'CHG-7' });
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Publishes without real waits: a pause lets all others have a few turns. */
export const publish = (
  store: PublishOptions['store'],
  file: CatalogueFile,
  more: Partial<PublishOptions> = {},
) =>
  publishCatalogue({
    store,
    file,
    metadata,
    pause: async () => {
      for (let turns = 0; turns < 20; turns += 1) await turn();
    },
    ...more,
  });

export const eventsOf = async (store: EventStore): Promise<RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for await (const event of store.readStream(catalogueStream)) events.push(event);
  return events;
};
export const publications = async (store: EventStore) =>
  (await eventsOf(store)).filter(({ type }) => type === 'CataloguePublished').map(({ data }) => data.version);

/** The store, with something done before each append; the count of appends so far is given. */
export const before = (
  store: EventStore,
  act: (count: number) => Promise<void> | void,
): PublishOptions['store'] & { appends: number } => {
  const wrapped = {
    appends: 0,
    readStream: store.readStream.bind(store),
    append: async (...args: Parameters<EventStore['append']>) => {
      await act((wrapped.appends += 1));
      return store.append(...args);
    },
  };
  return wrapped;
};
export const die = (): never => {
  throw new EventStoreError('UNAVAILABLE', 'the process died');
};
