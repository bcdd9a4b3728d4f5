import { existsSync } from 'node:fs';
import path from 'node:path';
import { hasKeyBook } from '../app/open-key-book';
import { openLog } from '../app/open-log';
import { loadConfig, masterKeysIn, namesServer, namesUser, type Config } from '../config/config';
import { sealKeyIn } from '../config/seals';
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
    // A server says here that a restore has not filled the log yet; an embedded one does at its opening.
    if (write) await store.identity();
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
  if (!namesServer(log)) return { ...config, eventStoreUrl: null, ...inFolder(config, log) };
  const named = namesUser(log) ? { eventStoreUsername: null, eventStorePassword: null } : {};
  const { masterKeyFile: file, sealKeyFile: sealKey, dataDirectory } = config;
  // Keys that no setting names are those of the data folder's log.
  const masterKeyFile = file === masterKeysIn(dataDirectory) ? null : file;
  const sealKeyFile = sealKey === sealKeyIn(dataDirectory) ? null : sealKey;
  return { ...config, eventStoreUrl: log, masterKeyFile, sealKeyFile, ...named };
}

/**
 * The settings, for the key book that was named as the target of a copy: one that is yet to be made in another folder gets
 * master keys of its own. Under those of the service it could not be opened once a rotation has ended them.
 */
export function configOfCopy(to: string): Config {
  const config = configOf(to);
  const isOwn = path.resolve(to) === path.resolve(loadConfig().dataDirectory);
  const isNew = config.eventStoreUrl === null && !isOwn && !hasKeyBook(to);
  return isNew ? { ...config, masterKeyFile: masterKeysIn(to) } : config;
}

/** The settings, with the file of master keys that was named, if one was. */
export const withMasterKeys = (config: Config, file: string | undefined): Config =>
  file === undefined ? config : { ...config, masterKeyFile: path.resolve(file) };

/** A key that the settings leave to the data folder is in the one that was named. */
function inFolder(
  { dataDirectory: own, signingKeyFile, masterKeyFile, sealKeyFile }: Config,
  named: string,
): Pick<Config, 'dataDirectory' | 'signingKeyFile' | 'masterKeyFile' | 'sealKeyFile'> {
  const moves = path.dirname(signingKeyFile) === own;
  const itsKeys = masterKeysIn(named);
  // A folder that has master keys opens by them: the setting is often that of a server, to which it is copied.
  const isItsOwn = masterKeyFile === null || masterKeyFile === masterKeysIn(own) || existsSync(itsKeys);
  return {
    dataDirectory: named,
    signingKeyFile: moves ? path.resolve(named, path.basename(signingKeyFile)) : signingKeyFile,
    masterKeyFile: isItsOwn ? itsKeys : masterKeyFile,
    sealKeyFile: sealKeyFile === null || sealKeyFile === sealKeyIn(own) ? sealKeyIn(named) : sealKeyFile,
  };
}
