import { DEFAULT_TIMEOUTS } from '../../../src/event-store/eventstoredb';
import { eventStoreContract } from '../contract';
import { FakeControls } from './fake/controls';

/** The same contract without a server, so that the store itself is checked wherever the tests run. */
eventStoreContract('the store in EventStoreDB, on a fake server', async () => {
  const controls = new FakeControls();
  const server = await controls.server();
  const store = await controls.open(server, DEFAULT_TIMEOUTS);
  return {
    store,
    close: () => controls.cleanUp(),
    reopen: async () => {
      await store.close();
      return controls.open(server, DEFAULT_TIMEOUTS);
    },
  };
});
