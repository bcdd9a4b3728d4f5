import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { EventStore } from '../../event-store/port/event-store';
import { EventStoreError } from '../../event-store/port/event-store';
import type { RestoreTarget } from '../../event-store/port/reserved';
import { copyLog, LogMismatchError } from '../log/copy';
import { checkFiles, checkLog, contentsOf } from './check';
import { erasuresAt } from './erasure-files';
import { isListOf, type ErasureList } from './erasure-list';
import { BackupError } from './errors';
import { DRAFT, factsOf, isWithin, makeFolder, realPathOf } from './files';
import {
  FILES_OF_KEY_BOOK,
  FILES_OF_LOG,
  LOG_FILE,
  OF_THE_SYSTEM,
  onFiles,
  type BackupFolder,
} from './folder';
import { restoreSigningKey, type KeyRestored } from './keys';
import { fillingOf, openToRead, unwritable, type OpenBackupLog } from './local-log';
import type { Manifest } from './manifest';
import {
  isFilled,
  restoreErasures,
  type ErasuresRestored,
  type KeysOfRestore,
  type RestoreErasuresOptions,
} from './restore-erasures';

export interface RestoreOptions extends RestoreErasuresOptions {
  /** Folder of the backup. */
  readonly directory: string;
  /** Place of the key that signs tokens; null: it is not restored. */
  readonly keyFile: string | null;
  readonly program: string;
  readonly openLog: OpenBackupLog;
  /** Opens the log to restore into, making it where it is embedded. */
  readonly openTarget: () => Promise<RestoreTarget>;
  /** Opens the key book of the log; called for one of format 2 alone. Null: there is none, or nobody here may read it. */
  readonly openKeys: (log: EventStore) => Promise<KeysOfRestore | null>;
  /** File, or folder of a later backup, with the list of erasures that are made again; null: none. */
  readonly erasures: string | null;
}

export interface Restored {
  readonly manifest: Manifest;
  /** Events that an earlier, interrupted restore had brought. */
  readonly compared: number;
  readonly copied: number;
  /** Identity of the log that was made: positions of the other one are refused by it. */
  readonly identity: string;
  readonly key: KeyRestored;
  /** Null where no list was given. */
  readonly erasures: ErasuresRestored | null;
  /** True if there is a key book, in which the keys of all erased users are destroyed. */
  readonly keysErased: boolean;
}

/**
 * Restores a backup into an empty data folder or an unused prefix of a server, or takes up a restore that was interrupted.
 * Until it has ended, what was written has been read back with the digest of the backup, and erasures made since are made
 * again, nobody else can open the log.
 * @throws BackupError, EventStoreError, and what `openKeys` throws
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { folder, manifest, inProgress } = await checkFiles(options);
  // Before anything is made: a list that does not fit leaves nothing behind.
  const list = options.erasures === null ? null : erasuresAt(options.erasures, options.program);
  // Else the file has its SHA-256, and so every event in it.
  if (inProgress) await checkLog(folder, manifest, options);
  if (options.dataDirectory !== null) demandEmpty(folder, options.dataDirectory, options.keyFile);
  const log = await openToRead(options.openLog, folder.log);
  try {
    if (list !== null) demandFits(list, manifest, await log.line());
    const early = keyOfNewFolder(folder, manifest, options);
    const target = await openTarget(options);
    try {
      const restored = await fill({ log, folder, manifest, list }, target, options);
      return early === null ? restored : { ...restored, key: early };
    } finally {
      await target.close();
    }
  } finally {
    await log.close();
  }
}

/** @throws BackupError for a list of another log, and where erasing would leave the names as they are */
function demandFits(list: ErasureList, { log: { format } }: Manifest, line: string): void {
  if (!isListOf(list, line))
    throw new BackupError(
      'ERASURES_OF_ANOTHER_LOG',
      'The list of erasures is of a log that this backup is no copy of.',
    );
  if (format === 1 && list.erasures.length > 0)
    throw new BackupError(
      'ERASURES_IN_CLEAR',
      'The backup is of a log of format 1: names stand in it in clear, so that nobody can be erased from it. Restore a later backup, and destroy this one.',
    );
}

interface Source {
  readonly log: EventStore;
  readonly folder: BackupFolder;
  readonly manifest: Manifest;
  readonly list: ErasureList | null;
}

async function fill(source: Source, target: RestoreTarget, options: RestoreOptions): Promise<Restored> {
  const { folder, manifest } = source;
  await target.beginRestore().catch(refuseLogInUse);
  // Before the events: a server that is started meanwhile is refused, but makes a key where there is none.
  const key = options.keyFile === null ? 'none' : restoreSigningKey(folder, manifest, options.keyFile);
  const keys = manifest.log.format === 1 ? null : await options.openKeys(target);
  try {
    const copied = await fillLog(source, target, options);
    const erasures = await restoreErasures({ target, manifest, list: source.list, keys }, options);
    const identity = await target.identity();
    await target.endRestore();
    return { manifest, ...copied, identity, key, erasures, keysErased: keys !== null };
  } finally {
    await keys?.close();
  }
}

/** Copies the events, unless all are there and erasures follow them already. */
async function fillLog(
  { log, folder, manifest }: Source,
  target: RestoreTarget,
  { dataDirectory, onStep }: RestoreOptions,
): Promise<Pick<Restored, 'compared' | 'copied'>> {
  if (await isFilled(target, manifest)) return { compared: manifest.log.events, copied: 0 };
  const filling = dataDirectory === null ? target : fillingOf(target, dataDirectory, 'RESTORE_UNWRITABLE');
  return copyLog(contentsOf(log, folder, manifest), filling, {
    onProgress: (done, total) => onStep('Restoring events', done, total),
    unsoundToo: true,
  }).catch((error: unknown) => {
    if (!(error instanceof LogMismatchError)) throw error;
    throw new BackupError(
      'RESTORE_NOT_EMPTY',
      `The target holds something else than a beginning of this backup. ${error.message}`,
      { cause: error },
    );
  });
}

/** Puts the key into a new data folder before there is a log, for the same reason; null where it is not new. */
function keyOfNewFolder(
  folder: BackupFolder,
  manifest: Manifest,
  { dataDirectory, keyFile }: RestoreOptions,
): KeyRestored | null {
  if (dataDirectory === null || keyFile === null) return null;
  const isNew = factsOf(path.join(dataDirectory, LOG_FILE)) === null;
  return isNew ? restoreSigningKey(folder, manifest, keyFile) : null;
}

async function openTarget({ openTarget: open, dataDirectory }: RestoreOptions): Promise<RestoreTarget> {
  return open().catch((error: unknown) => {
    if (dataDirectory === null) throw error;
    refuseLogInUse(unwritable(error, dataDirectory, 'RESTORE_UNWRITABLE'));
  });
}

function refuseLogInUse(error: unknown): never {
  if (!(error instanceof EventStoreError)) throw error;
  if (error.code === 'LOG_IN_USE' || error.code === 'LOG_OF_BACKUP')
    throw new BackupError('RESTORE_NOT_EMPTY', `${error.message.replace(/^[A-Z_]+: /, '')} ${ELSEWHERE}`);
  throw error;
}

const ELSEWHERE = 'Restore into an empty data folder, or under an unused ROLEBOOK_STREAM_PREFIX.';
/** Makes the data folder, or finds it empty. The log itself says if it is the one that a restore was filling. A key or a key book that was put there before may stay. */
function demandEmpty(folder: BackupFolder, dataDirectory: string, keyFile: string | null): void {
  const target = onFiles('RESTORE_UNWRITABLE', dataDirectory, () => realPathOf(dataDirectory));
  if (isWithin(target, folder.path))
    throw new BackupError('RESTORE_NOT_EMPTY', `${dataDirectory} lies in the backup. ${ELSEWHERE}`);
  const facts = onFiles('RESTORE_UNWRITABLE', target, () => factsOf(target));
  if (facts === null) return onFiles('RESTORE_UNWRITABLE', dataDirectory, () => makeFolder(target));
  const key = path.basename(keyFile ?? 'signing.key');
  const names = onFiles('RESTORE_UNWRITABLE', target, () => readdirSync(target));
  const other = names.find(
    (name) =>
      ![...FILES_OF_LOG, ...FILES_OF_KEY_BOOK, ...OF_THE_SYSTEM, key, `${key}${DRAFT}`].includes(name),
  );
  if (other !== undefined)
    throw new BackupError('RESTORE_NOT_EMPTY', `${dataDirectory} holds ${other}. ${ELSEWHERE}`);
}
