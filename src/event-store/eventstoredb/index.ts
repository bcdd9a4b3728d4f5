/**
 * The log in EventStoreDB or KurrentDB, behind the port: connections that are renewed when they fall silent, appends and
 * reads that find the leader, heartbeats that show a subscription still hears the log, and the setup of a server.
 * Never opened by other rooms but `app/`; loaded only where the settings name a server, since its client is large.
 */
import type { EventStoreDbOptions } from './options';
import { EventStoreDbStore } from './store';

export { DocumentStreams, type Document } from './document-streams';
export { KEY_BUCKETS, KEY_METADATA } from './key-streams';
export { DEFAULT_TIMEOUTS, type EventStoreDbOptions, type StoreLogger, type Timeouts } from './options';
export { openEventStoreDbSeals } from './seal-stream';
export { setUpServer } from './administration/setup';
export { EventStoreDbStore } from './store';

/**
 * Opens the log in EventStoreDB. Nothing is sent yet: a missing server shows at the first call.
 * @throws Error for a malformed URL
 */
export async function openEventStoreDb(options: EventStoreDbOptions): Promise<EventStoreDbStore> {
  return new EventStoreDbStore(options);
}
