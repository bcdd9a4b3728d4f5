import type { Config } from '../config/config';
import { openEmbeddedStore } from '../event-store/embedded';
import type { StoreLogger } from '../event-store/eventstoredb';
import type { LogPurpose, RestoreTarget } from '../event-store/port/reserved';

/** Settings that name a log. */
export type LogSettings = Pick<
  Config,
  | 'eventStoreUrl'
  | 'eventStoreUsername'
  | 'eventStorePassword'
  | 'streamPrefix'
  | 'dataDirectory'
  | 'writeSchema'
>;

/** Its client is a fifth of all modules that a start loads; an embedded log needs none of it. */
export const eventStoreDb = () => import('../event-store/eventstoredb');

export interface OpenLogOptions {
  readonly readOnly: boolean;
  /** True to accept every event unchecked: for a copy, which also holds events that were declared void. */
  readonly raw?: boolean;
  /** False for an embedded log that goes with its process: appends do not wait for the disk. */
  readonly durable?: boolean;
  readonly logger?: StoreLogger;
}

interface OpenStoreOptions extends OpenLogOptions {
  readonly purpose?: Exclude<LogPurpose, 'backup'>;
}

/** Opens the log that the settings name as it is, with no check of what is written: its modules are soon loaded. */
export async function openStore(
  settings: LogSettings,
  { readOnly, purpose, durable, logger }: OpenStoreOptions,
): Promise<RestoreTarget> {
  const { eventStoreUrl: url, eventStoreUsername: username, eventStorePassword: password } = settings;
  if (!url) return openEmbeddedStore({ directory: settings.dataDirectory, readOnly, purpose, durable });
  const credentials = username && password ? { username, password } : null;
  const { openEventStoreDb } = await eventStoreDb();
  return openEventStoreDb({
    url,
    credentials,
    streamPrefix: settings.streamPrefix,
    purpose,
    logger,
  });
}
