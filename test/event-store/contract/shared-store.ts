import type { EventStore } from '../../../src/event-store/port/event-store';
import type { OpenStore, OpenedStore } from './controls';

/** One opened store for the tests of a `describe`; the function gives it to the test that runs. */
export function sharedStore(open: OpenStore): () => EventStore {
  let opened: OpenedStore;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());
  return () => opened.store;
}
