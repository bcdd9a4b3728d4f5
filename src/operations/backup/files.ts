import { createHash, hash } from 'node:crypto';
import {
  createReadStream,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  type Stats,
} from 'node:fs';
import path from 'node:path';
import { syncFolder, writeDurably } from '../../shared/durable-file';

/** Files that are whole or not there, whenever the process or the machine stops, and that their owner alone can read. */

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
    writeDurably(draft, content);
    place(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(path.dirname(file));
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

export const sha256 = (content: Buffer | string): string => hash('sha256', content);

/** SHA-256 of a file of any size, hex. */
export async function sha256OfFile(file: string): Promise<string> {
  const whole = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 }))
    whole.update(chunk as Buffer);
  return whole.digest('hex');
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
