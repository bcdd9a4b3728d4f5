import { openLog } from '../app/open-log';
import { loadConfig, namesServer, namesUser, type Config } from '../config/config';
import type { EventStore } from '../event-store/port/event-store';
import { accountStream } from '../event-store/port/streams';
import { CliError } from './output';

export interface LogOptions {
  /** A `kurrentdb://` or `esdb://` address or a data folder; left out: the log of the settings. */
  readonly named?: string;
  /** An embedded log has one writer, so no server may run on it; reading works beside one. */
  readonly write?: boolean;
  /** Accepts events unchecked: for a copy. */
  readonly raw?: boolean;
  /** The log must exist, even if it is opened to write. */
  readonly existing?: boolean;
}

/** Opens a log, to read unless requested otherwise, and closes it. */
export async function withLog<T>(
  work: (store: EventStore) => Promise<T>,
  { named, write = false, raw = false, existing = false }: LogOptions = {},
): Promise<T> {
  const config = configOf(named);
  if (existing && config.eventStoreUrl === null) await (await openLog(config, { readOnly: true })).close();
  const store = await openLog(config, { readOnly: !write, raw });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** @throws CliError if the log has no such account */
export async function demandAccount(store: EventStore, account: string): Promise<void> {
  for await (const _opened of store.readStream(accountStream(account), { limit: 1 })) return;
  throw noAccount(account);
}

export const noAccount = (account: string): CliError => new CliError(`There is no account ${account}.`);

/** The settings, with the log that was named, if one was. */
export function configOf(log: string | undefined): Config {
  const config = loadConfig();
  if (log === undefined) return config;
  if (!namesServer(log)) return { ...config, eventStoreUrl: null, dataDirectory: log };
  const named = namesUser(log) ? { eventStoreUsername: null, eventStorePassword: null } : {};
  return { ...config, eventStoreUrl: log, ...named };
}
