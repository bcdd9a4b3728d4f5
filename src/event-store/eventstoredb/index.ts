import type { EventStoreDbOptions } from './options';
import { EventStoreDbStore } from './store';

export { DEFAULT_TIMEOUTS, type EventStoreDbOptions, type StoreLogger, type Timeouts } from './options';
export { setUpServer } from './setup';
export { EventStoreDbStore } from './store';

/**
 * Opens the log in EventStoreDB. Nothing is sent yet, so whether a server is there shows at the first call.
 * @throws Error for a malformed URL
 */
export async function openEventStoreDb(options: EventStoreDbOptions): Promise<EventStoreDbStore> {
  return new EventStoreDbStore(options);
}
