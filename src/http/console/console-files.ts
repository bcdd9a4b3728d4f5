import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/**
 * The files of the built console, read once: they are few, a server serves one build from its start to its end, and an
 * address leads to nothing but one of them, whatever it looks like.
 */

export interface ConsoleFile {
  readonly type: string;
  readonly etag: string;
  /** True for a file whose name changes with its content. */
  readonly isHashed: boolean;
  /** The content in the best encoding of those that a client takes. */
  encoded(accepted: string | undefined): Promise<EncodedContent>;
}

export interface EncodedContent {
  /** Null: as it is. */
  readonly encoding: 'br' | 'gzip' | null;
  readonly content: Buffer;
}

export interface ConsoleFiles {
  /** The page. */
  readonly index: ConsoleFile;
  /** Files by their path below the console: `assets/index-4f2a.js`. */
  readonly others: ReadonlyMap<string, ConsoleFile>;
}

/** Folder of files with hashes in their names. */
export const HASHED = 'assets/';
const INDEX = 'index.html';
/** Place in the page where the server writes the path of the console. */
const BASE = /<base href="\/console\/"\s*\/?>/;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** The built files do not fit together: nothing of them is served. */
export class ConsoleFilesError extends Error {
  override readonly name = 'ConsoleFilesError';
}

/**
 * Reads a folder; null if there is no page in it. `base`: path of the console.
 * @throws ConsoleFilesError for a page that has no place for the path
 */
export async function readConsoleFiles(folder: string, base: string): Promise<ConsoleFiles | null> {
  const names = await namesIn(folder);
  if (!names.includes(INDEX)) return null;
  const page = await readFile(path.join(folder, INDEX), 'utf8');
  if (page.split(BASE).length !== 2)
    throw new ConsoleFilesError(`${INDEX} of the console must have <base href="/console/"> once.`);
  const others = new Map<string, ConsoleFile>();
  for (const name of names) {
    const type = TYPES[path.extname(name)];
    if (name === INDEX || type === undefined) continue;
    others.set(name, fileOf(await readFile(path.join(folder, name)), type, name.startsWith(HASHED)));
  }
  const index = Buffer.from(page.replace(BASE, `<base href="${base}/">`));
  return { index: fileOf(index, TYPES['.html'] ?? '', false), others };
}

/** Names of the files below a folder, with slashes; links are left out, for they may lead out of it. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'),
      )
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Least size that is worth compressing, in bytes. */
const WORTH_BYTES = 1_000;
/** Quality of Brotli: the next ones take several times as long for a few percent. */
const QUALITY = 9;

const COMPRESSORS = {
  br: (content: Buffer) =>
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } }),
  gzip: (content: Buffer) => promisify(gzip)(content, { level: 9 }),
} as const;

function fileOf(content: Buffer, type: string, isHashed: boolean): ConsoleFile {
  const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
  const isWorth = /charset/.test(type) && content.length >= WORTH_BYTES;
  const made = new Map<string, Promise<Buffer>>();
  return {
    type,
    etag,
    isHashed,
    async encoded(accepted) {
      const encoding = isWorth ? bestOf(accepted) : null;
      if (encoding === null) return { encoding, content };
      const making = made.get(encoding) ?? COMPRESSORS[encoding](content);
      made.set(encoding, making);
      return { encoding, content: await making };
    },
  };
}

function bestOf(accepted = ''): 'br' | 'gzip' | null {
  const taken = accepted
    .split(',')
    .map((each) =>
      each
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/),
    )
    .filter(([, quality = '']) => !/^q=0(\.0*)?$/.test(quality))
    .map(([name]) => name);
  return taken.includes('br') ? 'br' : taken.includes('gzip') ? 'gzip' : null;
}
