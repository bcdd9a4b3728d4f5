import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { makeOnce, syncFolder } from '../../shared/durable-file';
import { fileFault } from '../../shared/file-fault';
import { parseMasterKeys, type MasterKeys, type MasterKeySource } from '../master-keys';
import { KeyBookError } from '../port/key-book';

/** Name of the file in the data folder of an embedded log. */
export const DEFAULT_MASTER_KEY_FILE = 'master.keys';

const HEAD = `# Master keys of Rolebook, one a line: an id and 64 hex digits. The first one seals, all of them open.
# Keep a copy of this file apart from backups of the data: without it no personal data can be read, with it all can.
`;

/** Bits of a mode that let others than the owner read. */
const OTHERS_READ = 0o044;

/**
 * Source of master keys that reads a file each time it is asked. `warn` is told, once, of a file that others can read: it
 * is not refused, since container platforms mount secrets that way. The source throws KeyBookError `MASTER_KEY_FILE`, with
 * the name of the file and nothing of what it holds.
 */
export function masterKeyFile(file: string, warn: (message: string) => void): MasterKeySource {
  let warned = false;
  return () => {
    const { text, mode } = contentOf(file);
    const keys = parsed(file, text);
    // Windows has no such bits and says that all may read.
    const isOpen = process.platform !== 'win32' && (mode & OTHERS_READ) !== 0;
    if (isOpen && !warned) warn(`${file} holds master keys, and others than its owner can read it.`);
    warned ||= isOpen;
    return keys;
  };
}

function contentOf(file: string): { readonly text: string; readonly mode: number } {
  let handle: number | null = null;
  try {
    handle = openSync(file, 'r');
    return { mode: fstatSync(handle).mode, text: readFileSync(handle, 'latin1') };
  } catch (cause) {
    throw new KeyBookError('MASTER_KEY_FILE', `${file} ${fileFault(cause)}.`, { cause });
  } finally {
    if (handle !== null) closeSync(handle);
  }
}

function parsed(file: string, text: string): MasterKeys {
  try {
    return parseMasterKeys(text);
  } catch (error) {
    if (!(error instanceof KeyBookError)) throw error;
    throw new KeyBookError('MASTER_KEY_FILE', `${file}: ${error.message}`);
  }
}

/**
 * Makes a file with one random master key, which its owner alone can read, unless there is one. Of several processes that
 * start together one makes it, and the others find all of it. It is on the disk before any key is sealed by it.
 * @throws KeyBookError `MASTER_KEY_FILE`
 */
export function makeMasterKeyFile(file: string): void {
  if (existsSync(file)) return;
  try {
    makeOnce(file, `${HEAD}${newMasterKeyLine()}\n`);
    syncFolder(path.dirname(file));
  } catch (cause) {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    throw new KeyBookError('MASTER_KEY_FILE', `${file} is not there and cannot be made (${code}).`, {
      cause,
    });
  }
}

/** A line of the file with a new key, under an id that no other line has. */
export const newMasterKeyLine = (): string =>
  `m${randomBytes(6).toString('hex')} ${randomBytes(32).toString('hex')}`;
