import { MemoryEventStore } from './memory-store';
import { eventStoreContract } from '../contract';

eventStoreContract('the memory store', async () => {
  const store = new MemoryEventStore();
  return { store, close: () => store.close() };
});
