import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { EventStoreError, type EventStore, type RecordedEvent } from '../../event-store/port/event-store';
import type { BackupLog } from '../../event-store/port/reserved';
import { WRITES_SCHEMA } from '../../domain/schema-versions';
import { syncFolder } from '../../shared/durable-file';
import { PositionCodec } from '../../shared/position-codec';
import { copyLog, LogMismatchError } from '../log/copy';
import { verifyLog, type LogReport } from '../log/verify';
import { dropOtherErasures, saveErasures } from './erasure-files';
import { ErasureNotes, type ErasureList } from './erasure-list';
import { BackupError } from './errors';
import { factsOf, isOpenToOthers, sha256OfFile, writeWhole } from './files';
import { BackupFolder, IN_PROGRESS, LOCK, LOG_PATH, MANIFEST, onFiles } from './folder';
import { dropOtherKeys, saveSigningKey } from './keys';
import { fillingOf, openToContinue, readsOf, unwritable, type OpenBackupLog } from './local-log';
import { LogUpTo } from '../log/log-up-to';
import { bytesOf, MANIFEST_FORMAT, writeManifest, type BackedUpFile, type Manifest } from './manifest';

/** Told of each step of a long piece of work; a total may be an estimate, null: not known. */
export type OnStep = (step: string, done: number, total: number | null) => void;

export interface TakeOptions {
  /** Folder of the backup: not there, empty, or of an earlier backup of the same log, which is continued. */
  readonly directory: string;
  /** No backup goes in here. */
  readonly dataDirectory: string;
  /** File of the key that signs tokens; null: no keys. */
  readonly keyFile: string | null;
  /** Version of this program. */
  readonly program: string;
  readonly openLog: OpenBackupLog;
  /** Locks a file of a folder until released, or until this process ends. @throws EventStoreError `LOCKED` */
  readonly lock: (directory: string, name: string) => { release(): void };
  readonly now: () => Date;
  readonly onStep: OnStep;
}

export interface Taken {
  readonly manifest: Manifest;
  /** Events that the folder held before; they were compared. */
  readonly compared: number;
  readonly copied: number;
  /** True if `backup.json` of an earlier backup did not hold, and was written anew. */
  readonly mended: boolean;
  /** Bytes of all files. */
  readonly bytes: number;
  /** Number of erasures in its list; null where nobody can be erased (format 1). */
  readonly erasures: number | null;
}

/**
 * Takes a backup of a log as it is at the beginning, or continues one: whatever the folder holds is compared first. Only
 * reads the source, so that servers may run on it. Killed at any moment it leaves the backup before it, and is repeated.
 * The digest of what was read of the source is compared with that of the copy, before the manifest is written.
 * @throws BackupError, EventStoreError
 */
export async function takeBackup(source: EventStore, options: TakeOptions): Promise<Taken> {
  const began = options.now();
  // Before a folder is made: what cannot be read at all leaves none.
  const head = await source.head();
  const identity = await source.identity();
  const folder = new BackupFolder(options.directory);
  folder.prepare(options.dataDirectory);
  const lock = lockOf(folder, options);
  try {
    return await new Taking(folder, options, { began, identity, head }).take(source);
  } finally {
    lock.release();
  }
}

function lockOf(folder: BackupFolder, { lock }: TakeOptions): { release(): void } {
  try {
    return lock(folder.path, LOCK);
  } catch (error) {
    if (!(error instanceof EventStoreError)) throw error;
    throw error.code === 'LOCKED'
      ? new BackupError('BACKUP_LOCKED', `Another backup into ${folder.path} is under way.`)
      : new BackupError('BACKUP_UNWRITABLE', `${folder.path} cannot be written: ${error.message}.`);
  }
}

/** One backup, while the folder is locked. */
class Taking {
  constructor(
    private readonly folder: BackupFolder,
    private readonly options: TakeOptions,
    private readonly source: {
      readonly began: Date;
      readonly identity: string;
      /** Last event of the log when the backup began: its end. */
      readonly head: RecordedEvent | null;
    },
  ) {}

  async take(store: EventStore): Promise<Taken> {
    const { folder } = this;
    const earlier = this.#earlier();
    this.#write(IN_PROGRESS, 'A backup is under way, or did not end. backup.json, if it is there, holds.\n');
    const log = await openToContinue(this.options.openLog, folder.log);
    try {
      const source = new LogUpTo(store, this.source.head?.position ?? null, tooShort);
      const copied = await this.#copy(source, log, earlier);
      const { manifest, erasures } = await this.#finish(log, source);
      return { manifest, ...copied, bytes: bytesOf(manifest), mended: earlier === 'torn', erasures };
    } finally {
      await log.close();
    }
  }

  /** Manifest of the backup before; one that was torn is no hindrance, as all is compared. */
  #earlier(): Manifest | null | 'torn' {
    try {
      return this.folder.manifest(this.options.program);
    } catch (error) {
      if (error instanceof BackupError && error.code === 'BACKUP_ALTERED') return 'torn';
      throw error;
    }
  }

  async #copy(
    source: LogUpTo,
    log: BackupLog,
    earlier: Manifest | null | 'torn',
  ): Promise<{ readonly compared: number; readonly copied: number }> {
    const { folder, options } = this;
    return copyLog(source, fillingOf(log, folder.log, 'BACKUP_UNWRITABLE'), {
      onProgress: (done, total) => options.onStep('Copying events', done, total),
      unsoundToo: true,
    }).catch((error: unknown) => {
      if (!(error instanceof LogMismatchError)) throw error;
      const same = earlier !== null && earlier !== 'torn' && earlier.log.identity === this.source.identity;
      throw new BackupError(
        'BACKUP_OF_ANOTHER_LOG',
        same
          ? `The log and its earlier backup in ${folder.path} differ, so one of the two was changed. ${error.message} Keep the folder, find out with rolebook log verify, and take a backup into another one.`
          : `${folder.path} holds the backup of another log. ${error.message}`,
        { cause: error },
      );
    });
  }

  async #finish(log: BackupLog, source: LogUpTo): Promise<Pick<Taken, 'manifest' | 'erasures'>> {
    const { folder, options } = this;
    const end = (await log.head())?.position ?? null;
    const written = new LogUpTo(readsOf(log, folder.log), end, tooShort);
    const notes = new ErasureNotes();
    const report = await verifyLog(written, (done, total) => options.onStep('Checking events', done, total), {
      contiguous: true,
      onEvent: notes.note,
    });
    if (report.digest !== source.read.digest)
      throw new BackupError(
        'BACKUP_ALTERED',
        `The log in ${folder.log} is not what was written to it. Look at the disk, and take a backup into another folder.`,
      );
    await log.seal().catch((error: unknown) => {
      if (error instanceof EventStoreError && error.code === 'LOCKED')
        throw new BackupError('BACKUP_LOCKED', `The log in ${folder.log} is being read; run it again later.`);
      throw unwritable(error, folder.log, 'BACKUP_UNWRITABLE');
    });
    const line = await source.line();
    // Nobody can be erased from a log of format 1.
    const list = report.format === 1 ? null : notes.list(line, this.source.began);
    const files = await this.#files(list);
    const manifest = this.#manifest(report, files, { line, end, last: source.read.last });
    this.#write(MANIFEST, writeManifest(manifest));
    onFiles('BACKUP_UNWRITABLE', folder.path, () => {
      rmSync(folder.in(IN_PROGRESS));
      dropOtherKeys(folder, manifest);
      dropOtherErasures(folder, manifest);
    });
    return { manifest, erasures: list?.erasures.length ?? null };
  }

  async #files(erasures: ErasureList | null): Promise<BackedUpFile[]> {
    const { folder, options } = this;
    const log = folder.in(LOG_PATH);
    onFiles('BACKUP_UNWRITABLE', folder.log, () => {
      this.#closeToOthers();
      syncFolder(folder.log);
    });
    const bytes = factsOf(log)?.size ?? 0;
    const saved: BackedUpFile[] = [{ path: LOG_PATH, holds: 'log', bytes, sha256: await sha256OfFile(log) }];
    const key = options.keyFile === null ? null : saveSigningKey(folder, options.keyFile);
    if (key !== null) saved.push(key);
    if (erasures !== null) saved.push(saveErasures(folder, erasures));
    return saved;
  }

  /** An earlier backup may have come here by a way that opened its files. */
  #closeToOthers(): void {
    for (const name of readdirSync(this.folder.log)) {
      const file = this.folder.in('log', name);
      const facts = factsOf(file);
      if (facts?.isFile() && isOpenToOthers(facts)) chmodSync(file, 0o600);
    }
  }

  #manifest(
    { format, events, streams, voided, faults, digest, place }: LogReport,
    files: readonly BackedUpFile[],
    {
      line,
      end,
      last,
    }: { readonly line: string; readonly end: bigint | null; readonly last: RecordedEvent | null },
  ): Manifest {
    const { began, identity, head } = this.source;
    const positions = new PositionCodec({ identity, line });
    return {
      format: MANIFEST_FORMAT,
      program: this.options.program,
      schemaVersion: String(WRITES_SCHEMA),
      began: began.toISOString(),
      ended: this.options.now().toISOString(),
      log: {
        identity,
        format,
        position:
          head === null || place === null
            ? null
            : positions.encode({ ...place, position: head.position }, null),
        end: end === null ? null : String(end),
        last: last === null ? null : describe(last),
        events,
        streams,
        voided,
        faults: faults.length,
        digest,
      },
      files: [...files],
    };
  }

  #write(name: string, content: string): void {
    const file = this.folder.in(name);
    onFiles('BACKUP_UNWRITABLE', file, () => writeWhole(file, content));
  }
}

function describe({ id, stream, revision, metadata }: RecordedEvent): NonNullable<Manifest['log']['last']> {
  const { recordedAt } = metadata;
  return { id, stream, revision, recordedAt: typeof recordedAt === 'string' ? recordedAt : null };
}

/** A node of a cluster may lag behind the one that said where the log ends; it is asked again. */
const tooShort = (): Error =>
  new EventStoreError('UNAVAILABLE', 'the log was read from a node that does not have all of it yet');
