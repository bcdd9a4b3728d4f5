import { readdirSync } from 'node:fs';
import path from 'node:path';
import { verifyLog } from '../log/verify';
import { BackupError } from './errors';
import { factsOf, isOpenToOthers, sha256OfFile } from './files';
import { BackupFolder, ERASURES_FOLDER, KEYS_FOLDER, LOG_FOLDER, LOG_PATH, onFiles } from './folder';
import { openToRead, readsOf, type OpenBackupLog } from './local-log';
import { LogUpTo } from '../log/log-up-to';
import { bytesOf, isLogOf, type Manifest } from './manifest';
import type { OnStep } from './take';

export interface CheckOptions {
  readonly directory: string;
  readonly program: string;
  readonly openLog: OpenBackupLog;
  readonly onStep: OnStep;
}

export interface Checked {
  readonly manifest: Manifest;
  /** Bytes of all files that the manifest names. */
  readonly bytes: number;
  /** True if another backup is under way, or did not end; what the manifest names is whole all the same. */
  readonly inProgress: boolean;
  /** Files that others than their owner can read. */
  readonly open: readonly string[];
}

/**
 * Checks a backup without its source: manifest, size and SHA-256 of each file, and the log event by event.
 * @throws BackupError for whatever is not as it was when the backup ended
 */
export async function checkBackup(options: CheckOptions): Promise<Checked> {
  const { folder, manifest, inProgress } = await checkFiles(options);
  await checkLog(folder, manifest, options);
  return { manifest, bytes: bytesOf(manifest), inProgress, open: openFiles(folder) };
}

/** Checks manifest, sizes and SHA-256. While a backup is under way that of the log is another one. @throws BackupError */
export async function checkFiles({
  directory,
  program,
}: Pick<CheckOptions, 'directory' | 'program'>): Promise<{
  readonly folder: BackupFolder;
  readonly manifest: Manifest;
  readonly inProgress: boolean;
}> {
  const folder = new BackupFolder(directory);
  const manifest = folder.demandManifest(program);
  const inProgress = folder.isInProgress;
  for (const file of manifest.files) {
    const place = folder.in(file.path);
    const facts = onFiles('BACKUP_UNREADABLE', place, () => factsOf(place));
    if (facts === null) throw new BackupError('BACKUP_ALTERED', `${place} is missing.`);
    if (!facts.isFile()) throw new BackupError('BACKUP_ALTERED', `${place} is no file.`);
    if (inProgress && file.path === LOG_PATH) continue;
    if (facts.size !== file.bytes)
      throw new BackupError('BACKUP_ALTERED', `${place} has ${facts.size} bytes, and had ${file.bytes}.`);
    if ((await readable(place)) !== file.sha256)
      throw new BackupError('BACKUP_ALTERED', `${place} is not what was backed up (SHA-256).`);
  }
  return { folder, manifest, inProgress };
}

/** Walks the log of a backup, up to where the manifest says that it ends. @throws BackupError */
export async function checkLog(
  folder: BackupFolder,
  manifest: Manifest,
  { openLog, onStep }: Pick<CheckOptions, 'openLog' | 'onStep'>,
): Promise<void> {
  const log = await openToRead(openLog, folder.log);
  try {
    const found = await verifyLog(
      contentsOf(log, folder, manifest),
      (done, total) => onStep('Checking events', done, total),
      { contiguous: true },
    );
    if (!isLogOf(manifest, found))
      throw new BackupError('BACKUP_ALTERED', `The log in ${folder.log} is not what was backed up (digest).`);
  } finally {
    await log.close();
  }
}

/** Log of a backup up to where its manifest says that it ends. */
export const contentsOf = (
  log: Parameters<typeof readsOf>[0],
  folder: BackupFolder,
  { log: { end } }: Manifest,
): LogUpTo =>
  new LogUpTo(
    readsOf(log, folder.log),
    end === null ? null : BigInt(end),
    () => new BackupError('BACKUP_ALTERED', `The last events of the log in ${folder.log} are missing.`),
  );

async function readable(place: string): Promise<string> {
  try {
    return await sha256OfFile(place);
  } catch (error) {
    return onFiles('BACKUP_UNREADABLE', place, () => {
      throw error;
    });
  }
}

function openFiles(folder: BackupFolder): string[] {
  return [LOG_FOLDER, KEYS_FOLDER, ERASURES_FOLDER]
    .map((name) => folder.in(name))
    .filter((place) => factsOf(place) !== null)
    .flatMap((place) => readdirSync(place).map((name) => path.join(place, name)))
    .filter((file) => {
      const facts = factsOf(file);
      return facts !== null && facts.isFile() && isOpenToOthers(facts);
    });
}
