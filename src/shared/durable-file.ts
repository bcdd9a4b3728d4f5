import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

/** Files that survive a power cut, and that their owner alone can read. Failures of the system are thrown. */

/**
 * Writes a file onto the disk, a new one (`wx`) or into an empty one (`r+`); its name is durable after `syncFolder`.
 * @throws `EEXIST` for a new one, where a link is there too
 */
export function writeDurably(file: string, content: Buffer | string, flags: 'wx' | 'r+' = 'wx'): void {
  const descriptor = openSync(file, flags, 0o600);
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Writes all bytes at a place in an open file: the system may take fewer at a time. */
export function writeAt(descriptor: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(descriptor, bytes, done, bytes.length - done, at + done);
}

/** Makes a file for its owner alone unless it is there: what opens it later, as SQLite does, would let others read. */
export const makePrivate = (file: string): void => closeSync(openSync(file, 'a', 0o600));

/** Makes names in a folder durable. */
export function syncFolder(folder: string): void {
  // Windows opens no folders, and makes names durable by itself.
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Creates a file once: of several processes that start together one creates it, and the others find all of it. Its
 * name is durable after `syncFolder`.
 */
export function makeOnce(file: string, content: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  try {
    writeDurably(draft, content);
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
