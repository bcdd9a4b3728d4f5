import { openKeyBook } from '../../src/keys/book/key-book';
import type { StoredSegment } from '../../src/keys/port/segment-store';
import { hexOf, lookUp, masters } from './contract/controls';
import { MemorySegments } from './memory/memory-segments';

/** A store whose answers come late: what it read is held back until it is let go. */
class LateSegments extends MemorySegments {
  reads = 0;
  #held: Promise<void> = Promise.resolve();

  hold(): () => void {
    let release: () => void = () => undefined;
    this.#held = new Promise((resolve) => (release = resolve));
    return () => {
      this.#held = Promise.resolve();
      release();
    };
  }

  override async read(id: string): Promise<StoredSegment | null> {
    this.reads += 1;
    const found = await super.read(id);
    await this.#held;
    return found;
  }
}

describe('a look-up that is answered late', () => {
  const opened = async () => {
    const store = new LateSegments();
    const [book, other] = [
      await openKeyBook(store, () => masters('m1')),
      await openKeyBook(new MemorySegments(store.shelf), () => masters('m1')),
    ];
    await other.openAccount('acme');
    return { store, book, other, key: await other.newKey('acme') };
  };

  it('does not bring an erased key back into the cache', async () => {
    const { store, book, other, key } = await opened();
    const release = store.hold();
    const late = lookUp(book, 'acme', key.id);
    await new Promise(setImmediate);
    await other.erase('acme', [key.id]);
    book.forget([key.id]);
    release();
    expect(await late).toBe(hexOf(key.key));
    expect(await lookUp(book, 'acme', key.id)).toBe('erased');
  });

  it('is shared by all who look for the same segment, and asked for once', async () => {
    const { store, book, key } = await opened();
    const before = store.reads;
    const release = store.hold();
    const looking = Array.from({ length: 10 }, () => lookUp(book, 'acme', key.id));
    await new Promise(setImmediate);
    release();
    expect(new Set(await Promise.all(looking))).toEqual(new Set([hexOf(key.key)]));
    await lookUp(book, 'acme', key.id);
    expect(store.reads - before).toBe(1);
  });

  it('that fails is not remembered', async () => {
    const { store, book, key } = await opened();
    const read = jest.spyOn(store, 'read').mockRejectedValueOnce(new Error('gone'));
    await expect(book.find('acme', key.id)).rejects.toThrow('gone');
    expect(await lookUp(book, 'acme', key.id)).toBe(hexOf(key.key));
    read.mockRestore();
  });
});
