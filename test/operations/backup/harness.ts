import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { lockFolder, openBackupLog, openLog, openRestoreTarget } from '../../../src/app/open-log';
import { loadConfig } from '../../../src/config/config';
import { openEmbeddedStore } from '../../../src/event-store/embedded';
import type { EventStore, LogFormat } from '../../../src/event-store/port/event-store';
import { checkBackup, type Checked } from '../../../src/operations/backup/check';
import { BackupError } from '../../../src/operations/backup/errors';
import { restoreBackup, type RestoreOptions, type Restored } from '../../../src/operations/backup/restore';
import { takeBackup, type TakeOptions, type Taken } from '../../../src/operations/backup/take';
import { verifyLog } from '../../../src/operations/log/verify';
import { newDirectory, removeDirectory } from '../../directories';
import { fill } from '../sound-log';

/** A data folder with a log and a key, a place for its backups and one for restores. */

const quietly = (): void => undefined;
export const PROGRAM = '0.2.0';

export class Place {
  readonly root = newDirectory();
  readonly data = path.join(this.root, 'data');
  readonly backup = path.join(this.root, 'backup');
  readonly restored = path.join(this.root, 'restored');
  readonly key = path.join(this.data, 'signing.key');

  remove(): void {
    removeDirectory(this.root);
  }

  /** Makes the data folder with a key, and records so many appends. */
  async record(appends: number, formatOfNew?: LogFormat): Promise<void> {
    const log = await openEmbeddedStore({ directory: this.data, formatOfNew });
    await fill(log, appends);
    await log.close();
    writeFileSync(this.key, `${'0123456789abcdef'.repeat(4)}\n`);
  }

  source(): Promise<EventStore> {
    return openEmbeddedStore({ directory: this.data, readOnly: true });
  }

  async take(changes: Partial<TakeOptions> = {}, source?: EventStore): Promise<Taken> {
    const log = source ?? (await this.source());
    try {
      return await takeBackup(log, {
        directory: this.backup,
        dataDirectory: this.data,
        keyFile: this.key,
        program: PROGRAM,
        openLog: openBackupLog,
        lock: lockFolder,
        now: () => new Date('2026-03-01T12:00:00Z'),
        onStep: quietly,
        ...changes,
      });
    } finally {
      await log.close();
    }
  }

  check(directory = this.backup, program = PROGRAM): Promise<Checked> {
    return checkBackup({ directory, program, openLog: openBackupLog, onStep: quietly });
  }

  restore(changes: Partial<RestoreOptions> = {}): Promise<Restored> {
    const settings = loadConfig({ ROLEBOOK_DATA_DIR: this.restored });
    return restoreBackup({
      directory: this.backup,
      dataDirectory: this.restored,
      keyFile: path.join(this.restored, 'signing.key'),
      program: PROGRAM,
      openLog: openBackupLog,
      openTarget: () => openRestoreTarget(settings),
      openKeys: async () => null,
      erasures: null,
      operator: 'restorer',
      now: () => new Date('2026-03-03T12:00:00Z'),
      onStep: quietly,
      ...changes,
    });
  }

  openRestored(readOnly: boolean): Promise<EventStore> {
    return openLog(loadConfig({ ROLEBOOK_DATA_DIR: this.restored }), { readOnly });
  }

  /** Bytes of the key within the backup. */
  savedKeys(): string[] {
    return readdirSync(path.join(this.backup, 'keys'));
  }

  manifest(): { log: { events: number; digest: string }; files: { path: string }[] } {
    return JSON.parse(readFileSync(path.join(this.backup, 'backup.json'), 'utf8'));
  }
}

export async function digestOf(directory: string): Promise<string> {
  const log = await openEmbeddedStore({ directory, readOnly: true });
  const { digest } = await verifyLog(log, quietly);
  await log.close();
  return digest;
}

/** Code of the refusal; `none` where there was none. Any other failure is thrown: it would be a stack trace to people. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (error instanceof BackupError) return error.code;
    const { name, code } = error as { name?: string; code?: string };
    if (name === 'EventStoreError') return String(code);
    throw error;
  }
}

/** Files below a folder with their modes, as `log/log.sqlite 600`. */
export function modesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => `${name} ${(lstatSync(path.join(folder, name)).mode & 0o777).toString(8)}`);
}
