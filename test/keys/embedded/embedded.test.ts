import { DatabaseSync } from '@photostructure/sqlite';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openKeyBook } from '../../../src/keys/book/key-book';
import type { KeyBook } from '../../../src/keys/port/key-book';
import type { SegmentStore } from '../../../src/keys/port/segment-store';
import { openEmbeddedSegments } from '../../../src/keys/stores/embedded';
import { newDirectory, removeDirectory } from '../../directories';
import { keyBookContract } from '../contract';
import { allSegments, failureOf, hexOf, lookUp, masters } from '../contract/controls';
import { newEmbeddedPlace } from './place';

keyBookContract('segments in SQLite', () => newEmbeddedPlace());

describe('segments in SQLite', () => {
  let directory: string;
  const opened: SegmentStore[] = [];
  beforeEach(() => {
    directory = newDirectory();
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    removeDirectory(directory);
  });

  const openStore = async (readOnly = false): Promise<SegmentStore> => {
    const store = await openEmbeddedSegments({ directory, readOnly });
    opened.push(store);
    return store;
  };
  const openBook = async (): Promise<KeyBook> => openKeyBook(await openStore(), () => masters('m1'));

  /** Names of the files of the folder that hold any part of these bytes. */
  const filesWith = (bytes: Buffer): string[] => {
    const parts = Array.from({ length: Math.floor(bytes.length / 16) }, (_, n) =>
      bytes.subarray(n * 16, (n + 1) * 16),
    );
    return readdirSync(directory).filter((file) => {
      const content = readFileSync(join(directory, file));
      return parts.some((part) => content.includes(part));
    });
  };

  it('leave nothing of a replaced blob in any file once it is purged, with the book open', async () => {
    const book = await openBook();
    const reader = await openStore();
    await book.openAccount('acme');
    const ids: string[] = [];
    for (let n = 0; n < 400; n += 1) ids.push((await book.newKey('acme')).id);
    const blobs = (await allSegments(reader)).map(({ blob }) => blob);
    for (const blob of blobs) expect(filesWith(blob)).not.toEqual([]);
    await book.erase('acme', ids);
    for (const blob of blobs) expect(filesWith(blob)).toEqual([]);
    expect(await book.status()).toMatchObject({ erased: 400 });
  });

  it('leave nothing of blobs under the old master key after a rotation', async () => {
    let file = masters('m1');
    const book = await openKeyBook(await openStore(), () => file);
    await book.openAccount('acme');
    for (let n = 0; n < 100; n += 1) await book.newKey('acme');
    const blobs = (await allSegments(await openStore())).map(({ blob }) => blob);
    file = masters('m2', 'm1');
    await book.rotate();
    for (const blob of blobs) expect(filesWith(blob)).toEqual([]);
  });

  it('leave nothing of a long blob that a short one replaced', async () => {
    const store = await openStore();
    const segments = Array.from({ length: 5 }, (_, n) => ({
      id: `${n}`.repeat(22),
      account: 'acme',
      blob: randomBytes(8_000),
    }));
    for (const segment of segments) await store.create(segment);
    await store.purge();
    await store.replace(segments.map(({ id }) => ({ id, expected: 0, blob: Buffer.alloc(50, 1) })));
    await store.purge();
    for (const { blob } of segments) expect(filesWith(blob)).toEqual([]);
  });

  it('complete, when opened again, the purge that a crash left out', async () => {
    const store = await openStore();
    const segment = { id: 'A'.repeat(22), account: 'acme', blob: createHash('sha512').update('x').digest() };
    await store.create(segment);
    await store.purge();
    await store.replace([{ id: segment.id, expected: 0, blob: Buffer.alloc(64, 1) }]);
    // The other connection keeps SQLite from cleaning up by itself when the first one is closed.
    const other = await openStore(true);
    await store.close();
    expect(filesWith(segment.blob)).not.toEqual([]);
    await openStore();
    expect(filesWith(segment.blob)).toEqual([]);
    await other.close();
  });

  it('say so when a reader keeps them from being purged, and are purged by a repeat', async () => {
    const book = await openBook();
    await book.openAccount('acme');
    const { id } = await book.newKey('acme');
    const reader = new DatabaseSync(join(directory, 'keys.sqlite'), { readOnly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM segment').get();
    expect(await failureOf(book.erase('acme', [id]))).toBe('UNAVAILABLE');
    expect(await lookUp(book, 'acme', id)).toBe('erased');
    reader.exec('COMMIT');
    reader.close();
    expect(await book.erase('acme', [id])).toEqual({ erased: 0, before: 1, missing: [] });
    expect(readFileSync(join(directory, 'keys.sqlite-wal'))).toHaveLength(0);
  });

  it('opened only to read see what is written, and write nothing', async () => {
    expect(await failureOf(openStore(true))).toBe('UNAVAILABLE');
    expect(existsSync(join(directory, 'keys.sqlite'))).toBe(false);
    const book = await openBook();
    const reading = await openKeyBook(await openStore(true), () => masters('m1'));
    await book.openAccount('acme');
    const { id, key } = await book.newKey('acme');
    expect(await lookUp(reading, 'acme', id)).toBe(hexOf(key));
    expect(await failureOf(reading.openAccount('other'))).toBe('DENIED');
    expect(await failureOf(reading.erase('acme', [id]))).toBe('DENIED');
    expect(await lookUp(book, 'acme', id)).toBe(hexOf(key));
  });

  it('are not opened where the file is another one, or of a later format', async () => {
    await (await openStore()).close();
    const file = join(directory, 'keys.sqlite');
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(await failureOf(openStore())).toBe('KEY_BOOK_CORRUPT');
    expect(await failureOf(openStore(true))).toBe('KEY_BOOK_CORRUPT');
  });
});
