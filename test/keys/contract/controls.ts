import { createHash } from 'node:crypto';
import { openKeyBook } from '../../../src/keys/book/key-book';
import { parseMasterKeys, type MasterKeys, type MasterKeySource } from '../../../src/keys/master-keys';
import {
  KeyBookError,
  type FoundKey,
  type KeyBook,
  type KeyBookErrorCode,
} from '../../../src/keys/port/key-book';
import type { SecretBytes } from '../../../src/keys/secret-bytes';
import type { SegmentStore, StoredSegment } from '../../../src/keys/port/segment-store';

/** Place where segments are kept for one test: a folder, streams of a server, a map. */
export interface Place {
  /** Opens a store there; opened twice, there are two, as two processes have. */
  readonly open: () => Promise<SegmentStore>;
  /** Closes all that was opened, and removes what was made. */
  readonly close: () => Promise<void>;
}

export type NewPlace = () => Promise<Place>;

/** A line of a file of master keys: the same name gives the same key. */
export const masterLine = (name: string, key = name): string =>
  `${name} ${createHash('sha256').update(`master ${key}`).digest('hex')}`;

/** Master keys of these names, the first one sealing. */
export const masters = (...names: readonly string[]): MasterKeys =>
  parseMasterKeys(names.map((name) => masterLine(name)).join('\n'));

/** Place of a test with the books on it. */
export class Books {
  /** File of master keys, as it is now. */
  file: MasterKeys = masters('m1');
  /** Time of now, in milliseconds. */
  now = Date.parse('2026-11-29T12:00:00Z');

  private constructor(private readonly place: Place) {}

  static async at(newPlace: NewPlace): Promise<Books> {
    return new Books(await newPlace());
  }

  /** A process that opens the book. Without `file` of its own it shares this one's. */
  async open(file: MasterKeySource = () => this.file): Promise<KeyBook> {
    return openKeyBook(await this.place.open(), file, { now: () => this.now });
  }

  store(): Promise<SegmentStore> {
    return this.place.open();
  }

  close(): Promise<void> {
    return this.place.close();
  }
}

/** Runs each test with books at a place of its own, closed after it. */
export function eachWithBooks(newPlace: NewPlace): () => Books {
  let books: Books;
  beforeEach(async () => {
    books = await Books.at(newPlace);
  });
  afterEach(() => books.close());
  return () => books;
}

export const hexOf = ({ bytes }: SecretBytes): string => bytes.toString('hex');

/** A look-up in one text: the key's digits, or the state. */
export const lookUp = async (book: KeyBook, account: string, keyId: string): Promise<string> =>
  shown(await book.find(account, keyId));

export const shown = (found: FoundKey): string =>
  found.state === 'found' ? hexOf(found.key.key) : found.state;

export async function allSegments(store: SegmentStore): Promise<StoredSegment[]> {
  const all: StoredSegment[] = [];
  for await (const page of store.pages()) all.push(...page);
  return all;
}

/** The code with which something failed; an error of another kind passes through. */
export async function failureOf(attempt: Promise<unknown>): Promise<KeyBookErrorCode | 'none'> {
  try {
    await attempt;
    return 'none';
  } catch (error) {
    if (error instanceof KeyBookError) return error.code;
    throw error;
  }
}
