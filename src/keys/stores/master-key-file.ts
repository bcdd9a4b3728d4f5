import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import { makeOnce, syncFolder, writeDurably } from '../../shared/durable-file';
import { fileFault } from '../../shared/file-fault';
import { parseMasterKeys, type MasterKeys, type MasterKeySource } from '../master-keys';
import { KeyBookError } from '../port/key-book';

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

/**
 * Puts a new master key first into the file, which is made where it is missing, and returns its id. Whoever reads the file
 * meanwhile finds all of the former or all of the new one. What stood there stays, in its order.
 * @throws KeyBookError `MASTER_KEY_FILE`
 */
export function addMasterKey(named: string): string {
  makeFolder(named);
  const file = existsSync(named) ? realpathSync(named) : named;
  // Its name is fixed: of two that add a key at once, the second would else drop the first one's.
  const draft = `${file}.new`;
  let isOurs = false;
  try {
    const handle = openSync(draft, 'wx', 0o600);
    isOurs = true;
    closeSync(handle);
    const line = newMasterKeyLine();
    const { text, mode } = existsSync(file) ? contentOf(file) : { text: HEAD, mode: 0o600 };
    if (existsSync(file)) parsed(file, text);
    writeDurably(draft, withFirstLine(text, line), 'r+');
    chmodSync(draft, mode & 0o777);
    renameSync(draft, file);
    isOurs = false;
    syncFolder(path.dirname(file));
    return line.split(' ')[0]!;
  } catch (cause) {
    if (isOurs) rmSync(draft, { force: true });
    throw cause instanceof KeyBookError ? cause : notWritable(file, draft, cause);
  }
}

/** Lines of comments at the beginning stay there. */
function withFirstLine(text: string, line: string): string {
  const lines = text.split('\n');
  const first = lines.findIndex((each) => each.trim() !== '' && !each.trim().startsWith('#'));
  const at = first === -1 ? lines.length - (lines.at(-1) === '' ? 1 : 0) : first;
  return [...lines.slice(0, at), line, ...lines.slice(at)].join('\n').replace(/\n?$/, '\n');
}

function notWritable(file: string, draft: string, cause: unknown): KeyBookError {
  const { code = String(cause) } = cause as NodeJS.ErrnoException;
  const why =
    code === 'EEXIST'
      ? `another key is being added to it; if that command was killed, remove ${draft}`
      : `it cannot be written (${code}); where a secret store makes it, put a line of rolebook keys new-master there`;
  return new KeyBookError('MASTER_KEY_FILE', `${file}: ${why}.`, { cause });
}

function makeFolder(file: string): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw notWritable(file, file, cause);
  }
}

/** A line of the file with a new key, under an id that no other line has. */
export const newMasterKeyLine = (): string =>
  `m${randomBytes(6).toString('hex')} ${randomBytes(32).toString('hex')}`;
