import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
  type Stats,
} from 'node:fs';
import path from 'node:path';

/** Files that are whole or not there, whenever the process or the machine stops, and that their owner alone can read. */

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** Writes a file at once: aside, onto the disk, and then in the place of what was there. */
export function writeWhole(file: string, content: Buffer | string): void {
  writeAside(file, content, renameSync);
}

/** Writes a file at once, and never over another one. @throws `EEXIST` */
export function writeNew(file: string, content: Buffer | string): void {
  writeAside(file, content, (draft, place) => {
    linkSync(draft, place);
    rmSync(draft);
  });
}

/** Suffix of what a process that was killed may leave behind; the next one takes it away. */
export const DRAFT = '.new';

function writeAside(
  file: string,
  content: Buffer | string,
  place: (draft: string, file: string) => void,
): void {
  const draft = `${file}${DRAFT}`;
  rmSync(draft, { force: true });
  try {
    // `wx` follows no link that somebody put there.
    const descriptor = openSync(draft, 'wx', FILE_MODE);
    try {
      const bytes = Buffer.from(content);
      for (let written = 0; written < bytes.length; written += writeSync(descriptor, bytes, written));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    place(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(path.dirname(file));
}

/** Makes names in a folder durable. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes a folder, and those above it, open to its owner alone; one that is there is left as it is. Folder by folder: where
 * a file system says `ENOENT` of what it cannot make, as /proc does, Node's own `recursive` never ends.
 */
export function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (path.dirname(folder) !== folder) makeFolder(path.dirname(folder));
  try {
    mkdirSync(folder, FOLDER_MODE);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** Facts about the file itself, not about what a link leads to; null where nothing is. */
export function factsOf(file: string): Stats | null {
  return lstatSync(file, { throwIfNoEntry: false }) ?? null;
}

/** Content of a small file; null where none is. */
export function contentOf(file: string): Buffer | null {
  return factsOf(file) === null ? null : readFileSync(file);
}

export const sha256 = (content: Buffer | string): string =>
  createHash('sha256').update(content).digest('hex');

/** SHA-256 of a file of any size, hex. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Path without links, also of what is not there yet: the folders above it that are there are followed. */
export function realPathOf(file: string): string {
  const whole = path.resolve(file);
  const facts = factsOf(whole);
  if (facts !== null) return realpathSync(whole);
  const above = path.dirname(whole);
  return above === whole ? whole : path.join(realPathOf(above), path.basename(whole));
}

/** True if a path is that folder or within it; both without links. */
export function isWithin(file: string, folder: string): boolean {
  const way = path.relative(folder, file);
  return way === '' || (way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way));
}

/** True if others than its owner can read a file. */
export const isOpenToOthers = ({ mode }: Stats): boolean => (mode & 0o077) !== 0;

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'the system’s user may not',
  EPERM: 'the system’s user may not',
  EROFS: 'it is on a medium that can only be read',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'a file would be larger than the system allows',
  ENOTDIR: 'what its path leads through is a file',
  EEXIST: 'something else is there',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'no name can be that long',
  ENOENT: 'it is not there',
  EISDIR: 'it is a folder, and a file is wanted',
  EIO: 'the disk failed',
};

/** Reason why the system refused, for people; null for an error that is none of the system. */
export function systemReason(error: unknown): string | null {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && typeof syscall === 'string' ? (WHY[code] ?? code) : null;
}
