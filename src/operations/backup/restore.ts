import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { EventStore } from '../../event-store/port/event-store';
import { EventStoreError } from '../../event-store/port/event-store';
import type { RestoreTarget } from '../../event-store/port/reserved';
import { copyLog, LogMismatchError } from '../log/copy';
import { verifyLog } from '../log/verify';
import { checkFiles, checkLog, contentsOf } from './check';
import { BackupError } from './errors';
import { DRAFT, factsOf, isWithin, makeFolder, realPathOf } from './files';
import { FILES_OF_LOG, LOG_FILE, OF_THE_SYSTEM, onFiles, type BackupFolder } from './folder';
import { restoreSigningKey, type KeyRestored } from './keys';
import { fillingOf, openToRead, unwritable, type OpenBackupLog } from './local-log';
import { isLogOf, type Manifest } from './manifest';
import type { OnStep } from './take';

export interface RestoreOptions {
  /** Folder of the backup. */
  readonly directory: string;
  /** Data folder to restore into; null: a server. */
  readonly dataDirectory: string | null;
  /** Place of the key that signs tokens; null: it is not restored. */
  readonly keyFile: string | null;
  readonly program: string;
  readonly openLog: OpenBackupLog;
  /** Opens the log to restore into, making it where it is embedded. */
  readonly openTarget: () => Promise<RestoreTarget>;
  readonly onStep: OnStep;
}

export interface Restored {
  readonly manifest: Manifest;
  /** Events that an earlier, interrupted restore had brought. */
  readonly compared: number;
  readonly copied: number;
  /** Identity of the log that was made: positions of the other one are refused by it. */
  readonly identity: string;
  readonly key: KeyRestored;
}

/**
 * Restores a backup into an empty data folder or an unused prefix of a server, or takes up a restore that was interrupted.
 * Until it has ended, and what was written has been read back with the digest of the backup, nobody else can open the log.
 * @throws BackupError, EventStoreError
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { folder, manifest, inProgress } = await checkFiles(options);
  // Else the file has its SHA-256, and so every event in it.
  if (inProgress) await checkLog(folder, manifest, options);
  if (options.dataDirectory !== null) demandEmpty(folder, options.dataDirectory, options.keyFile);
  const log = await openToRead(options.openLog, folder.log);
  try {
    const early = keyOfNewFolder(folder, manifest, options);
    const target = await openTarget(options);
    try {
      const restored = await fill({ log, folder, manifest }, target, options);
      return early === null ? restored : { ...restored, key: early };
    } finally {
      await target.close();
    }
  } finally {
    await log.close();
  }
}

interface Source {
  readonly log: EventStore;
  readonly folder: BackupFolder;
  readonly manifest: Manifest;
}

async function fill(
  { log, folder, manifest }: Source,
  target: RestoreTarget,
  { dataDirectory, keyFile, onStep }: RestoreOptions,
): Promise<Restored> {
  await target.beginRestore().catch(refuseLogInUse);
  // Before the events: a server that is started meanwhile is refused, but makes a key where there is none.
  const key = keyFile === null ? 'none' : restoreSigningKey(folder, manifest, keyFile);
  const filling = dataDirectory === null ? target : fillingOf(target, dataDirectory, 'RESTORE_UNWRITABLE');
  const copied = await copyLog(contentsOf(log, folder, manifest), filling, {
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
  const found = await verifyLog(target, (done, total) => onStep('Checking events', done, total));
  if (!isLogOf(manifest, found))
    throw new BackupError(
      'RESTORE_DIFFERS',
      `The log that was restored (${found.events} events, digest ${found.digest}) is not the one of the backup. It stays closed.`,
    );
  const identity = await target.identity();
  await target.endRestore();
  return { manifest, ...copied, identity, key };
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
/** Makes the data folder, or finds it empty. The log itself says if it is the one that a restore was filling. A key that was put there before may stay. */
function demandEmpty(folder: BackupFolder, dataDirectory: string, keyFile: string | null): void {
  const target = onFiles('RESTORE_UNWRITABLE', dataDirectory, () => realPathOf(dataDirectory));
  if (isWithin(target, folder.path))
    throw new BackupError('RESTORE_NOT_EMPTY', `${dataDirectory} lies in the backup. ${ELSEWHERE}`);
  const facts = onFiles('RESTORE_UNWRITABLE', target, () => factsOf(target));
  if (facts === null) return onFiles('RESTORE_UNWRITABLE', dataDirectory, () => makeFolder(target));
  const key = path.basename(keyFile ?? 'signing.key');
  const names = onFiles('RESTORE_UNWRITABLE', target, () => readdirSync(target));
  const other = names.find(
    (name) => ![...FILES_OF_LOG, ...OF_THE_SYSTEM, key, `${key}${DRAFT}`].includes(name),
  );
  if (other !== undefined)
    throw new BackupError('RESTORE_NOT_EMPTY', `${dataDirectory} holds ${other}. ${ELSEWHERE}`);
}
