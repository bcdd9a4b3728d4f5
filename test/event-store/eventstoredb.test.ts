import { openEventStoreDb, type EventStoreDbStore } from '../../src/event-store/eventstoredb';
import { eventStoreContract } from './contract';

const url = process.env['EVENTSTOREDB_URL'];

if (url) {
  eventStoreContract('the store in EventStoreDB', async () => {
    const opened: EventStoreDbStore[] = [];
    const open = async (): Promise<EventStoreDbStore> => {
      const store = await openEventStoreDb({ url });
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
