import { accessSync, constants, existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { systemReason } from '../../shared/file-fault';
import { BackupError } from './errors';
import { contentOf, DRAFT, factsOf, isWithin, makeFolder, realPathOf, sha256, writeWhole } from './files';
import { readManifest, type BackedUpFile, type Manifest } from './manifest';

/**
 * Layout of a backup. `backup.json` is written last, and names everything else; what it does not name counts for nothing.
 * `log/` is a log by itself. A key book is never in it: with its master key it would bring erased people back.
 */
export const MANIFEST = 'backup.json';
export const LOG_FOLDER = 'log';
export const KEYS_FOLDER = 'keys';
export const ERASURES_FOLDER = 'erasures';
/** There while a backup is under way, and after one that did not end: the file of the log is not as the manifest has it. */
export const IN_PROGRESS = 'in-progress';
/** Held while a backup is under way; ends with its process. */
export const LOCK = 'backup.lock';
/** File of an embedded log. */
export const LOG_FILE = 'log.sqlite';
/** The same, as the list of the manifest has it. */
export const LOG_PATH = `${LOG_FOLDER}/${LOG_FILE}`;

const OURS = [
  MANIFEST,
  `${MANIFEST}${DRAFT}`,
  LOG_FOLDER,
  KEYS_FOLDER,
  ERASURES_FOLDER,
  IN_PROGRESS,
  `${IN_PROGRESS}${DRAFT}`,
  LOCK,
  `${LOCK}-journal`,
];
/** Files of an embedded log, those included that a process which was killed leaves. */
export const FILES_OF_LOG = [
  LOG_FILE,
  `${LOG_FILE}-wal`,
  `${LOG_FILE}-shm`,
  `${LOG_FILE}-journal`,
  'log.lock',
  'log.lock-journal',
  'log.restoring',
];
/** Files of an embedded key book and its master keys, which may be in a data folder before its log is. */
export const FILES_OF_KEY_BOOK = [
  'keys.sqlite',
  'keys.sqlite-wal',
  'keys.sqlite-shm',
  'keys.sqlite-journal',
  'master.keys',
  'master.keys.new',
];
/** Made by file systems at the root of a volume. */
export const OF_THE_SYSTEM = ['lost+found'];

/** A folder that holds a backup, or is to hold one. */
export class BackupFolder {
  /** Path without links. */
  readonly path: string;

  constructor(directory: string) {
    this.path = onFiles('BACKUP_UNREADABLE', directory, () => realPathOf(directory));
  }

  in(...names: string[]): string {
    return path.join(this.path, ...names);
  }

  get log(): string {
    return this.in(LOG_FOLDER);
  }

  /** Manifest of the last backup that ended; null where none did. @throws BackupError for one that does not hold */
  manifest(program: string): Manifest | null {
    this.demandNoLinks();
    const content = onFiles('BACKUP_UNREADABLE', this.in(MANIFEST), () => contentOf(this.in(MANIFEST)));
    return content === null ? null : readManifest(content.toString('utf8'), program);
  }

  /** @throws BackupError `BACKUP_NOT_FOUND`, `BACKUP_INCOMPLETE` or why the manifest does not hold */
  demandManifest(program: string): Manifest {
    const facts = onFiles('BACKUP_UNREADABLE', this.path, () => factsOf(this.path));
    if (facts === null || !facts.isDirectory())
      throw new BackupError('BACKUP_NOT_FOUND', `There is no backup in ${this.path}.`);
    const found = this.manifest(program);
    if (found !== null) return found;
    if (factsOf(this.in(IN_PROGRESS)) === null && factsOf(this.log) === null)
      throw new BackupError('BACKUP_NOT_FOUND', `There is no backup in ${this.path}.`);
    throw new BackupError(
      'BACKUP_INCOMPLETE',
      `The backup into ${this.path} is under way, or was ended before it was whole. Run rolebook backup again; it goes on where it stopped.`,
    );
  }

  /** True while a backup is under way, or where one did not end. */
  get isInProgress(): boolean {
    return factsOf(this.in(IN_PROGRESS)) !== null;
  }

  /**
   * Makes the folder, or finds it to be empty or of a backup.
   * @throws BackupError `BACKUP_FOLDER`, `BACKUP_UNWRITABLE`
   */
  prepare(dataDirectory: string): void {
    if (isWithin(this.path, realPathOf(dataDirectory)))
      throw unfit(this.path, `lies in the data folder ${dataDirectory}, and would be lost together with it`);
    onFiles('BACKUP_UNWRITABLE', this.path, () => {
      makeFolder(this.path);
      accessSync(this.path, constants.W_OK);
    });
    this.demandNoLinks();
    const names = onFiles('BACKUP_UNREADABLE', this.path, () => readdirSync(this.path));
    const foreign = names.filter((name) => ![...OURS, ...OF_THE_SYSTEM].includes(name));
    // Files that people put beside a backup are theirs; into a folder of something else no backup goes.
    if (foreign.length > 0 && !names.includes(MANIFEST))
      throw unfit(this.path, `holds ${foreign[0]}, and no backup: name an empty folder`);
    const inLog = names.includes(LOG_FOLDER) ? readdirSync(this.log) : [];
    const other = inLog.find((name) => !FILES_OF_LOG.includes(name));
    if (other !== undefined)
      throw unfit(this.log, `holds ${other}: it is a data folder, and not the log of a backup`);
  }

  /** Links could lead what is written or read out of the folder. */
  demandNoLinks(): void {
    for (const name of [...OURS, ...FILES_OF_LOG.map((file) => path.join(LOG_FOLDER, file))]) {
      const facts = onFiles('BACKUP_UNREADABLE', this.in(name), () => factsOf(this.in(name)));
      if (facts?.isSymbolicLink()) throw unfit(this.in(name), 'is a link; a backup holds files of its own');
    }
  }
}

/** Writes a file under a name of its content, so that a backup which does not end leaves that of the one before. */
export function saveNamed(
  folder: BackupFolder,
  content: Buffer,
  at: { readonly name: string; readonly kind: string; readonly extension: string; readonly holds: string },
): BackedUpFile {
  const digest = sha256(content);
  const name = `${at.kind}-${digest.slice(0, 8)}.${at.extension}`;
  const file = folder.in(at.name, name);
  onFiles('BACKUP_UNWRITABLE', file, () => {
    makeFolder(folder.in(at.name));
    if (factsOf(file)?.isSymbolicLink()) rmSync(file);
    writeWhole(file, content);
  });
  return { path: `${at.name}/${name}`, holds: at.holds, bytes: content.length, sha256: digest };
}

/** Removes files of a kind, in a folder of the backup, that its manifest names no more. */
export function dropUnnamed(
  folder: BackupFolder,
  name: string,
  { manifest, pattern }: { readonly manifest: Manifest; readonly pattern: RegExp },
): void {
  if (factsOf(folder.in(name)) === null) return;
  for (const file of readdirSync(folder.in(name)))
    if (pattern.test(file) && !manifest.files.some(({ path: named }) => named === `${name}/${file}`))
      rmSync(folder.in(name, file));
}

/**
 * Refuses a place for a key book or a master key that lies in a backup: together they would bring erased people back.
 * @throws BackupError `BACKUP_FOLDER`
 */
export function demandOutsideBackup(place: string): void {
  for (
    let folder = onFiles('BACKUP_UNREADABLE', place, () => realPathOf(place));
    ;
    folder = path.dirname(folder)
  ) {
    if ([MANIFEST, IN_PROGRESS].some((name) => existsSync(path.join(folder, name))))
      throw unfit(
        place,
        `lies in the backup in ${folder}; a key book and its master key are kept apart from it`,
      );
    if (path.dirname(folder) === folder) return;
  }
}

const unfit = (place: string, why: string): BackupError =>
  new BackupError('BACKUP_FOLDER', `${place} ${why}.`);

/** Does something with files; what the system refuses is told with the place and the reason. */
export function onFiles<T>(
  code: 'BACKUP_UNREADABLE' | 'BACKUP_UNWRITABLE' | 'RESTORE_UNWRITABLE',
  place: string,
  work: () => T,
): T {
  try {
    return work();
  } catch (error) {
    const reason = systemReason(error);
    if (reason === null) throw error;
    const cannot = code === 'BACKUP_UNREADABLE' ? 'cannot be read' : 'cannot be written';
    throw new BackupError(code, `${place} ${cannot}: ${reason}.`, { cause: error });
  }
}
