import { ConfigError, type Config } from '../config/config';
import { lockFolder, openEmbeddedStore } from '../event-store/embedded';
import type { EventStore, LogReader } from '../event-store/port/event-store';
import type { BackupLog, RestoreTarget } from '../event-store/port/reserved';
import { validating } from '../event-store/decorators/validating-store';
import { writeSchemaOf } from '../event-store/decorators/write-schema';
import { eventStoreDb, openStore, type LogSettings, type OpenLogOptions } from './open-store';

/** Opens the log that the settings name. It accepts only events that every reader accepts. */
export async function openLog(settings: LogSettings, options: OpenLogOptions): Promise<EventStore> {
  const store = await openStore(settings, options);
  if (options.readOnly || options.raw) return store;
  const onHeld = (needsSchema: number, { schema, process }: LogReader): void =>
    options.logger?.warn(
      { needsSchema, readsSchema: schema, process: process ?? 'one that does not say its name' },
      'a process of an earlier release follows the log: changes that it cannot read are refused until it is upgraded or gone for a minute',
    );
  return validating(store, writeSchemaOf(store, { setting: settings.writeSchema, onHeld }));
}

/** Opens the empty log that the settings name, or one that a restore was filling, to be filled from a backup. */
export const openRestoreTarget = (settings: LogSettings): Promise<RestoreTarget> =>
  openStore(settings, { readOnly: false, purpose: 'restore' });

/** Opens the log within a backup: to read, or to continue it, which makes it where it is missing. */
export const openBackupLog = (
  directory: string,
  { readOnly }: { readonly readOnly: boolean },
): Promise<BackupLog> => openEmbeddedStore({ directory, readOnly, purpose: 'backup' });

export { lockFolder };
export type { LogSettings };

/**
 * Prepares the EventStoreDB server of the settings for the user of the settings, as its administrator.
 * @throws ConfigError if the settings are incomplete for that
 */
export async function setUpLog(
  config: Config,
  options: { readonly ownServer: boolean; readonly onStep: (what: string) => void },
): Promise<void> {
  const { eventStoreUrl: url, eventStoreUsername, eventStorePassword, eventStoreAdminPassword } = config;
  const faults = [
    ...(url ? [] : ['EVENTSTOREDB_URL: where the server is.']),
    ...(url && /[?&]tls=false(&|$)/i.test(url)
      ? ['EVENTSTOREDB_URL: a server without TLS knows no users.']
      : []),
    ...(eventStoreUsername
      ? []
      : ['EVENTSTOREDB_USERNAME and EVENTSTOREDB_PASSWORD: who Rolebook shall be.']),
    ...(eventStoreAdminPassword ? [] : ['EVENTSTOREDB_ADMIN_PASSWORD: the administrator’s.']),
  ];
  if (!url || !eventStoreUsername || !eventStorePassword || !eventStoreAdminPassword || faults.length > 0)
    throw new ConfigError(faults);
  const { setUpServer } = await eventStoreDb();
  await setUpServer({
    url,
    administrator: { username: config.eventStoreAdminUsername, password: eventStoreAdminPassword },
    service: { username: eventStoreUsername, password: eventStorePassword },
    streamPrefix: config.streamPrefix,
    ...options,
  });
}
