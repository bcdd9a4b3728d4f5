import { openKeyBook } from '../../src/keys/book/key-book';
import { firstSegmentOf } from '../../src/keys/key-id';
import { KeyBookError } from '../../src/keys/port/key-book';
import type { NewSegment } from '../../src/keys/port/segment-store';
import { failureOf, hexOf, lookUp, masters } from './contract/controls';
import { MemorySegments } from './memory/memory-segments';

/** A store of which the places of the next so many ids are full. */
class CrowdedSegments extends MemorySegments {
  full = 0;
  readonly tried: string[] = [];

  override async create(segment: NewSegment): Promise<boolean> {
    this.tried.push(segment.id);
    if (this.tried.length <= this.full) throw new KeyBookError('KEY_BOOK_FULL', 'full');
    return super.create(segment);
  }
}

describe('a store with full places', () => {
  const opened = async (full: number) => {
    const store = new CrowdedSegments();
    const book = await openKeyBook(store, () => masters('m1'));
    await book.openAccount('acme');
    for (let n = 0; n < 14; n += 1) await book.newKey('acme');
    store.full = store.tried.length + full;
    store.tried.length = 1;
    return { store, book };
  };

  it('is tried under other ids, until one has room', async () => {
    const { store, book } = await opened(10);
    const { id, key } = await book.newKey('acme');
    expect(new Set(store.tried).size).toBe(12);
    expect(store.tried.at(-1)).toBe(id.split('.')[0]);
    expect(await lookUp(book, 'acme', id)).toBe(hexOf(key));
  });

  it('is full in the end, and gives out keys again once it has room', async () => {
    const { store, book } = await opened(1_000);
    const attempts = [1, 2].map(() => book.newKey('acme'));
    for (const attempt of attempts) expect(await failureOf(attempt)).toBe('KEY_BOOK_FULL');
    expect(await failureOf(book.openAccount('other'))).toBe('KEY_BOOK_FULL');
    expect(store.tried.at(-1)).toBe(firstSegmentOf('other'));
    store.full = 0;
    await book.newKey('acme');
    expect(await book.status()).toMatchObject({ segments: 2 });
  });
});
