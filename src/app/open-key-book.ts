import { accessSync, constants, existsSync } from 'node:fs';
import { ConfigError, masterKeysIn, type Config } from '../config/config';
import type { StoreLogger } from '../event-store/eventstoredb';
import { openKeyBook as openBook } from '../keys/book/key-book';
import { copyKeyBook, type BookPart, type CopiedKeys } from '../keys/book/copy';
import type { MasterKeySource } from '../keys/master-keys';
import { KeyBookError, type KeyBook, type OnProgress } from '../keys/port/key-book';
import type { SegmentStore } from '../keys/port/segment-store';
import type { Random } from '../keys/segment';
import { hasKeyBook, openEmbeddedSegments } from '../keys/stores/embedded';
import { makeMasterKeyFile, masterKeyFile } from '../keys/stores/master-key-file';
import type { LogSettings } from './open-log';

/** Key book of a log: its segments, which are kept where the log is, and the master keys that the settings name. */

export { hasKeyBook } from '../keys/stores/embedded';
export { addMasterKey, newMasterKeyLine } from '../keys/stores/master-key-file';

/** Settings that name a key book. */
export type KeyBookSettings = LogSettings & Pick<Config, 'masterKeyFile'>;

export interface OpenKeyBookOptions {
  /** The book must exist, and neither it nor a master key is made. */
  readonly readOnly: boolean;
  readonly logger?: StoreLogger;
  /** Source of new keys; left out: chance. */
  readonly random?: Random;
}

/**
 * Opens the key book of the settings, and looks at all of it first.
 * @throws ConfigError where `ROLEBOOK_MASTER_KEY_FILE` must be set; KeyBookError `MASTER_KEY_FILE`, `MASTER_KEY_UNKNOWN`,
 *   `UNAVAILABLE`, `DENIED`, `KEY_BOOK_CORRUPT`
 */
export async function openKeyBook(settings: KeyBookSettings, options: OpenKeyBookOptions): Promise<KeyBook> {
  const { store, masterKeys } = await openPart(settings, options);
  const { random } = options;
  return openBook(store, masterKeys, random && { random }).catch((error: unknown) => {
    throw inFile(error, settings.masterKeyFile);
  });
}

/**
 * Opens the key book for a command that can do without: null where this user has no master key, or the log's copy came
 * without its key book. Personal data is then shown as encrypted.
 * @throws KeyBookError as `openKeyBook` does, `MASTER_KEY_UNKNOWN` for keys of another book included
 */
export async function openKeyBookIfReadable(
  settings: KeyBookSettings,
  options: OpenKeyBookOptions = { readOnly: true },
): Promise<KeyBook | null> {
  const { masterKeyFile: file, eventStoreUrl, dataDirectory } = settings;
  if (file === null || !isReadable(file)) return null;
  if (eventStoreUrl === null && !hasKeyBook(dataDirectory)) return null;
  return openKeyBook(settings, options);
}

/** Ids of the master keys of the settings, the one that seals first. @throws ConfigError, KeyBookError */
export const masterKeyIds = (settings: KeyBookSettings): readonly string[] =>
  masterKeysOf(settings, { readOnly: true })().ids;

/**
 * Copies the key book of some settings into that of others, which is made where it is missing.
 * @throws ConfigError; KeyBookError, as `copyKeyBook` does
 */
export async function copyKeyBookOf(
  from: KeyBookSettings,
  to: KeyBookSettings,
  options: { readonly logger?: StoreLogger; readonly onProgress?: OnProgress },
): Promise<CopiedKeys> {
  const source = await openPart(from, { ...options, readOnly: true });
  try {
    const target = await openPart(to, { ...options, readOnly: false });
    try {
      return await copyKeyBook(source, target, options.onProgress);
    } finally {
      await target.store.close();
    }
  } finally {
    await source.store.close();
  }
}

async function openPart(settings: KeyBookSettings, options: OpenKeyBookOptions): Promise<BookPart> {
  // The master keys come first: without them no file of a book is made.
  const masterKeys = masterKeysOf(settings, options);
  masterKeys();
  return { masterKeys, store: await openSegments(settings, options) };
}

/** Its client is a fifth of all modules that a start loads; an embedded log needs none of it. */
const eventStoreDb = () => import('../keys/stores/eventstoredb');

async function openSegments(
  settings: KeyBookSettings,
  { readOnly, logger }: OpenKeyBookOptions,
): Promise<SegmentStore> {
  const { eventStoreUrl: url, eventStoreUsername: username, eventStorePassword: password } = settings;
  if (url === null) return openEmbeddedSegments({ directory: settings.dataDirectory, readOnly });
  const credentials = username && password ? { username, password } : null;
  const { openEventStoreDbSegments } = await eventStoreDb();
  return openEventStoreDbSegments({ url, credentials, streamPrefix: settings.streamPrefix, logger });
}

const NOT_SET =
  'ROLEBOOK_MASTER_KEY_FILE: the file of the master keys that seal the key book of a log in EventStoreDB, the same keys for all replicas. rolebook keys new-master --add makes it.';

function masterKeysOf(settings: KeyBookSettings, { readOnly, logger }: OpenKeyBookOptions): MasterKeySource {
  const { masterKeyFile: file, dataDirectory, eventStoreUrl } = settings;
  if (file === null) throw new ConfigError([NOT_SET]);
  if (!existsSync(file)) {
    const isOwn = eventStoreUrl === null && file === masterKeysIn(dataDirectory);
    if (readOnly || !isOwn || hasKeyBook(dataDirectory)) throw lost(file);
    makeMasterKeyFile(file);
  }
  return masterKeyFile(file, (message) => logger?.warn({ file }, message));
}

const lost = (file: string): KeyBookError =>
  new KeyBookError(
    'MASTER_KEY_FILE',
    `${file} is not there. If there is a key book already, put the copy of this file back that you keep apart: no other key opens it. For a new one rolebook keys new-master --add makes it.`,
  );

/** The file is named, since an operator has to change it. */
const inFile = (error: unknown, file: string | null): unknown =>
  error instanceof KeyBookError && error.code === 'MASTER_KEY_UNKNOWN'
    ? new KeyBookError(error.code, `${file ?? ''}: ${error.message}`, { cause: error })
    : error;

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
