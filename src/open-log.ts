import type { Config } from './config';
import { openEmbeddedStore } from './event-store/embedded';
import type { EventStore } from './event-store/event-store';
import { openEventStoreDb } from './event-store/eventstoredb';

/** Which log: the settings that say so. */
export type LogPlace = Pick<Config, 'eventStoreUrl' | 'dataDirectory'>;

/** Opens the log that the settings name. */
export async function openLog(
  { eventStoreUrl, dataDirectory }: LogPlace,
  { readOnly }: { readonly readOnly: boolean },
): Promise<EventStore> {
  if (eventStoreUrl) return openEventStoreDb({ url: eventStoreUrl });
  return openEmbeddedStore({ directory: dataDirectory, readOnly });
}
