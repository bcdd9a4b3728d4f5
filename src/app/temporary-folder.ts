import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { lockFolder } from './open-log';

/** Data folders that go with the process. */

const PREFIX = 'rolebook-ephemeral-';
/** A folder is locked within this time after it is made. */
const UNLOCKED_MS = 60_000;

/** Makes a folder that is removed when the process ends, by a signal too; SIGKILL alone leaves it to `removeLeftFolders`. */
export function temporaryFolder(parent: string = os.tmpdir()): string {
  const folder = mkdtempSync(path.join(parent, PREFIX));
  process.once('exit', () => remove(folder));
  return folder;
}

/** Removes folders whose process was killed: those whose log nobody has locked. Others' are left alone. */
export function removeLeftFolders(parent: string = os.tmpdir(), now: number = Date.now()): void {
  for (const name of readdirSync(parent).filter((each) => each.startsWith(PREFIX))) {
    const folder = path.join(parent, name);
    try {
      if (now - statSync(folder).mtimeMs < UNLOCKED_MS) continue;
      lockFolder(folder, 'log.lock').release();
      remove(folder);
    } catch {
      // In use, of another user of the system, or just removed by another process.
    }
  }
}

const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
