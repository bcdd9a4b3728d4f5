import { copyKeyBook } from '../../../src/keys/book/copy';
import { firstSegmentOf } from '../../../src/keys/key-id';
import type { DataKey, KeyBook } from '../../../src/keys/port/key-book';
import { MemorySegments } from '../memory/memory-segments';
import { Books, eachWithBooks, failureOf, hexOf, lookUp, masters, type NewPlace } from './controls';

const inMemory: NewPlace = async () => {
  const { shelf } = new MemorySegments();
  return { open: async () => new MemorySegments(shelf), close: async () => undefined };
};

const given = async (book: KeyBook, count: number): Promise<DataKey[]> => {
  await book.openAccount('acme');
  const keys: DataKey[] = [];
  for (let n = 0; n < count; n += 1) keys.push(await book.newKey('acme'));
  return keys;
};

export function copyContract(newPlace: NewPlace): void {
  describe('a copy', () => {
    const books = eachWithBooks(newPlace);
    const copy = async (from: Books, to: Books) =>
      copyKeyBook(
        { store: await from.store(), masterKeys: () => from.file },
        { store: await to.store(), masterKeys: () => to.file },
      );

    it('holds all keys under the master key of its own', async () => {
      const source = await Books.at(inMemory);
      const keys = await given(await source.open(), 100);
      books().file = masters('target');
      expect(await copy(source, books())).toEqual({ copied: 3, erased: 0, same: 0, damaged: [] });
      const after = await books().open();
      for (const { id, key } of keys) expect(await lookUp(after, 'acme', id)).toBe(hexOf(key));
      expect(await after.status()).toMatchObject({ byMasterKey: new Map([['target', 3]]) });
    });

    it('goes on where it was stopped, and takes along what was made meanwhile', async () => {
      const target = await Books.at(inMemory);
      const book = await books().open();
      const keys = await given(book, 20);
      expect(await copy(books(), target)).toMatchObject({ copied: 2, same: 0 });
      for (let n = 0; n < 80; n += 1) keys.push(await book.newKey('acme'));
      expect(await copy(books(), target)).toMatchObject({ copied: 1, same: 2 });
      const after = await target.open();
      for (const { id, key } of keys) expect(await lookUp(after, 'acme', id)).toBe(hexOf(key));
    });

    it('has erased whatever either of the two has, and brings nobody back', async () => {
      const source = await Books.at(inMemory);
      const [one, two, three] = (await given(await source.open(), 3)) as [DataKey, DataKey, DataKey];
      await copy(source, books());
      await (await source.open()).erase('acme', [one.id]);
      await (await books().open()).erase('acme', [two.id]);
      expect(await copy(source, books())).toEqual({ copied: 0, erased: 1, same: 0, damaged: [] });
      expect(await copy(source, books())).toEqual({ copied: 0, erased: 0, same: 1, damaged: [] });
      const after = await books().open();
      const found = [one, two, three].map(({ id }) => lookUp(after, 'acme', id));
      expect(await Promise.all(found)).toEqual(['erased', 'erased', hexOf(three.key)]);
      expect(await lookUp(await source.open(), 'acme', two.id)).toBe(hexOf(two.key));
    });

    it('waits for a rotation where the target held what the source has erased, since then', async () => {
      const source = await Books.at(inMemory);
      const keys = await given(await source.open(), 2);
      books().file = masters('target');
      await copy(source, books());
      const erased = new Date(source.now);
      await (await source.open()).erase('acme', [keys[0]!.id]);
      books().now += 86_400_000;
      await copy(source, books());
      const after = await books().open();
      expect(await after.status()).toMatchObject({ awaitingRotation: 1, awaitingSince: erased });
    });

    it('waits for none where the target never held it, but by the master key of both', async () => {
      const source = await Books.at(inMemory);
      const keys = await given(await source.open(), 2);
      await (await source.open()).erase('acme', [keys[0]!.id]);
      books().file = masters('target');
      await copy(source, books());
      expect(await (await books().open()).status()).toMatchObject({ erased: 1, awaitingRotation: 0 });
      const same = await Books.at(inMemory);
      await copy(source, same);
      expect(await (await same.open()).status()).toMatchObject({ erased: 1, awaitingRotation: 1 });
    });

    it('into a book with other keys of the account changes nothing there', async () => {
      const source = await Books.at(inMemory);
      await given(await source.open(), 1);
      const { reasons } = await (await books().open()).openAccount('acme');
      expect(await failureOf(copy(source, books()))).toBe('KEY_BOOK_MISMATCH');
      expect(await lookUp(await books().open(), 'acme', reasons.id)).toBe(hexOf(reasons.key));
    });

    it('leaves out what cannot be opened, and says which', async () => {
      const source = await Books.at(inMemory);
      await given(await source.open(), 20);
      const store = await source.store();
      const id = firstSegmentOf('acme');
      await store.replace([{ id, expected: 0, blob: Buffer.alloc(100) }]);
      expect(await copy(source, books())).toEqual({ copied: 1, erased: 0, same: 0, damaged: [id] });
    });
  });
}
