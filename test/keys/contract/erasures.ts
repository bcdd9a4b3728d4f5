import { newSegmentId } from '../../../src/keys/key-id';
import type { DataKey, KeyBook } from '../../../src/keys/port/key-book';
import { eachWithBooks, failureOf, hexOf, lookUp, type NewPlace } from './controls';

const several = async (book: KeyBook, count: number): Promise<DataKey[]> => {
  const keys: DataKey[] = [];
  for (let n = 0; n < count; n += 1) keys.push(await book.newKey('acme'));
  return keys;
};
const idsOf = (keys: readonly DataKey[]): string[] => keys.map(({ id }) => id);

export function eraseContract(newPlace: NewPlace): void {
  describe('an erasure', () => {
    const books = eachWithBooks(newPlace);
    const openedWith = async (count: number): Promise<[KeyBook, DataKey[]]> => {
      const book = await books().open();
      await book.openAccount('acme');
      return [book, await several(book, count)];
    };

    it('destroys the keys that it names, over all segments, and no other', async () => {
      const [book, keys] = await openedWith(100);
      const doomed = keys.filter((_, n) => n % 7 === 0);
      expect(await book.erase('acme', idsOf(doomed))).toEqual({ erased: 15, before: 0, missing: [] });
      for (const asked of [book, await books().open()])
        for (const key of keys)
          expect(await lookUp(asked, 'acme', key.id)).toBe(doomed.includes(key) ? 'erased' : hexOf(key.key));
      expect(await book.status()).toMatchObject({ erased: 15, damaged: [] });
    });

    it('done again changes nothing and says so', async () => {
      const [book, keys] = await openedWith(3);
      const ids = idsOf(keys);
      await book.erase('acme', ids.slice(0, 2));
      expect(await book.erase('acme', ids)).toEqual({ erased: 1, before: 2, missing: [] });
      expect(await book.erase('acme', [...ids, ...ids])).toEqual({ erased: 0, before: 3, missing: [] });
      expect(await book.erase('acme', [])).toEqual({ erased: 0, before: 0, missing: [] });
    });

    it('says which keys the book does not have', async () => {
      const [book, [key]] = await openedWith(1);
      await book.openAccount('other');
      const absent = ['nothing', `${newSegmentId()}.4`, `${key!.id.split('.')[0]}.200`];
      const { missing, erased } = await book.erase('acme', [...absent, key!.id]);
      expect([erased, [...missing].sort()]).toEqual([1, [...absent].sort()]);
    });

    it('of another account’s key erases nothing', async () => {
      const [book, [key]] = await openedWith(1);
      await book.openAccount('other');
      expect(await book.erase('other', [key!.id])).toEqual({ erased: 0, before: 0, missing: [key!.id] });
      expect(await lookUp(book, 'acme', key!.id)).toBe(hexOf(key!.key));
    });

    it('never touches the secret of the account nor its key for reasons', async () => {
      const [book, [key]] = await openedWith(1);
      const { secret, reasons } = await book.accountKeys('acme');
      for (const id of [reasons.id, reasons.id.replace(/1$/, '0')])
        expect(await failureOf(book.erase('acme', [key!.id, id]))).toBe('KEY_PROTECTED');
      expect(await lookUp(book, 'acme', key!.id)).toBe(hexOf(key!.key));
      expect(hexOf((await (await books().open()).accountKeys('acme')).secret)).toBe(hexOf(secret));
    });

    it('by several processes in one segment at once loses none of them', async () => {
      const [book, keys] = await openedWith(12);
      const processes = [book, await books().open(), await books().open()];
      const done = await Promise.all(keys.map(({ id }, n) => processes[n % 3]!.erase('acme', [id])));
      expect(done.reduce((sum, { erased }) => sum + erased, 0)).toBe(12);
      const after = await books().open();
      for (const { id } of keys) expect(await lookUp(after, 'acme', id)).toBe('erased');
      const next = await book.newKey('acme');
      expect(await lookUp(after, 'acme', next.id)).toBe(hexOf(next.key));
    });

    it('is known to another process once it is told to look again', async () => {
      const [book, [key]] = await openedWith(1);
      const other = await books().open();
      expect(await lookUp(other, 'acme', key!.id)).toBe(hexOf(key!.key));
      await book.erase('acme', [key!.id]);
      other.forget([key!.id, 'nothing']);
      expect(await lookUp(other, 'acme', key!.id)).toBe('erased');
    });
  });
}
