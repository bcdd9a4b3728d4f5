import type { Config } from './config';
import { openEmbeddedStore } from './event-store/embedded';
import type { EventStore } from './event-store/event-store';
import { openEventStoreDb, type StoreLogger } from './event-store/eventstoredb';

/** Which log: the settings that say so. */
export type LogPlace = Pick<Config, 'eventStoreUrl' | 'streamPrefix' | 'dataDirectory'>;

/** Opens the log that the settings name. */
export async function openLog(
  { eventStoreUrl: url, streamPrefix, dataDirectory }: LogPlace,
  { readOnly, logger }: { readonly readOnly: boolean; readonly logger?: StoreLogger },
): Promise<EventStore> {
  if (url) return openEventStoreDb({ url, streamPrefix, logger });
  return openEmbeddedStore({ directory: dataDirectory, readOnly });
}
