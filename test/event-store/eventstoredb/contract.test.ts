import { openEventStoreDb, type EventStoreDbStore } from '../../../src/event-store/eventstoredb';
import { newPrefix, serverUrl } from '../../eventstoredb';
import { eventStoreContract } from '../contract';

if (serverUrl) {
  const url = serverUrl;
  eventStoreContract('the store in EventStoreDB', async () => {
    const opened: EventStoreDbStore[] = [];
    const streamPrefix = newPrefix();
    const open = async (): Promise<EventStoreDbStore> => {
      const store = await openEventStoreDb({ url, streamPrefix });
      opened.push(store);
      return store;
    };
    const close = async (): Promise<void> => {
      await Promise.all(opened.map((store) => store.close()));
    };
    return {
      store: await open(),
      close,
      reopen: async () => {
        await close();
        return open();
      },
    };
  });
} else {
  describe.skip('EventStoreDB: not run', () => {
    it('set EVENTSTOREDB_URL to run the contract against a server', () => undefined);
  });
}
