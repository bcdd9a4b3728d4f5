import type { DataKey, KeyBook } from '../../../src/keys/port/key-book';
import { eachWithBooks, failureOf, hexOf, lookUp, masters, type Books, type NewPlace } from './controls';

/** A book under the master key `m1` with keys in some segments, one of them erased. */
async function filled(books: Books): Promise<{ book: KeyBook; keys: DataKey[]; erased: string }> {
  const book = await books.open();
  await book.openAccount('acme');
  await book.openAccount('other');
  const keys: DataKey[] = [];
  for (let n = 0; n < 90; n += 1) keys.push(await book.newKey('acme'));
  const erased = keys.shift()!.id;
  await book.erase('acme', [erased]);
  return { book, keys, erased };
}

export function rotationContract(newPlace: NewPlace): void {
  describe('a rotation', () => {
    const books = eachWithBooks(newPlace);

    it('seals all segments under the first master key, after which the old one can go', async () => {
      const { book, keys, erased } = await filled(books());
      const { secret } = await book.accountKeys('acme');
      books().file = masters('m2', 'm1');
      const rotating = await books().open();
      expect(await rotating.status()).toMatchObject({
        segments: 4,
        toRotate: 4,
        byMasterKey: new Map([['m1', 4]]),
      });
      const told: (readonly [number, number | null])[] = [];
      expect(await rotating.rotate((...progress) => told.push(progress))).toEqual({ sealed: 4, damaged: [] });
      expect(told.at(-1)).toEqual([4, 4]);
      expect(await rotating.status()).toMatchObject({
        toRotate: 0,
        byMasterKey: new Map([['m2', 4]]),
        erased: 1,
      });

      books().file = masters('m2');
      const after = await books().open();
      for (const { id, key } of keys) expect(await lookUp(after, 'acme', id)).toBe(hexOf(key));
      expect(await lookUp(after, 'acme', erased)).toBe('erased');
      expect(hexOf((await after.accountKeys('acme')).secret)).toBe(hexOf(secret));
    });

    it('done again finds nothing to do', async () => {
      const { book } = await filled(books());
      expect(await book.rotate()).toEqual({ sealed: 0, damaged: [] });
      books().file = masters('m2', 'm1');
      await (await books().open()).rotate();
      expect(await (await books().open()).rotate()).toEqual({ sealed: 0, damaged: [] });
    });

    it('is lived through by a process that runs on: it seals by the new key, and opens by it', async () => {
      const { book, keys } = await filled(books());
      const idle = await books().open();
      books().file = masters('m2', 'm1');
      await (await books().open()).rotate();
      books().file = masters('m2');
      const more: DataKey[] = [];
      for (let n = 0; n < 300; n += 1) more.push(await book.newKey('acme'));
      idle.forget(keys.map(({ id }) => id));
      for (const { id, key } of [...keys, ...more]) expect(await lookUp(idle, 'acme', id)).toBe(hexOf(key));
      expect(await book.status()).toMatchObject({ toRotate: 0, byMasterKey: new Map([['m2', 5]]) });
    });

    it('beside erasures and new segments undoes neither', async () => {
      const { book, keys } = await filled(books());
      const doomed = keys.slice(0, 40).map(({ id }) => id);
      books().file = masters('m2', 'm1');
      const [rotating, erasing] = [await books().open(), await books().open()];
      const [, , more] = await Promise.all([
        rotating.rotate(),
        (async () => {
          for (const id of doomed) await erasing.erase('acme', [id]);
        })(),
        Promise.all(Array.from({ length: 100 }, () => book.newKey('acme'))),
      ]);
      await rotating.rotate();
      books().file = masters('m2');
      const after = await books().open();
      for (const { id, key } of [...keys, ...more])
        expect(await lookUp(after, 'acme', id)).toBe(doomed.includes(id) ? 'erased' : hexOf(key));
    });

    it('is what erasures wait for: status counts those, and has the time of the first', async () => {
      const { book, keys } = await filled(books());
      const first = new Date(books().now);
      expect(await book.status()).toMatchObject({ awaitingRotation: 1, awaitingSince: first });
      books().now += 3_600_000;
      await book.erase('acme', [keys[0]!.id, keys[80]!.id]);
      expect(await book.status()).toMatchObject({ awaitingRotation: 3, awaitingSince: first });

      books().file = masters('m2', 'm1');
      const rotating = await books().open();
      expect(await rotating.status()).toMatchObject({ awaitingRotation: 3, awaitingSince: first });
      await rotating.rotate();
      for (const each of [book, await books().open()])
        expect(await each.status()).toMatchObject({ erased: 3, awaitingRotation: 0, awaitingSince: null });
      books().now += 3_600_000;
      await book.erase('acme', [keys[1]!.id]);
      const second = new Date(books().now);
      expect(await book.status()).toMatchObject({ erased: 4, awaitingRotation: 1, awaitingSince: second });
    });

    it('that has reached the segment by the erasure itself leaves nothing to wait for', async () => {
      const { book, keys } = await filled(books());
      books().file = masters('m2', 'm1');
      await book.rotate();
      books().file = masters('m3', 'm2');
      await book.erase('acme', [keys[0]!.id]);
      expect(await book.status()).toMatchObject({ erased: 2, awaitingRotation: 0, toRotate: 3 });
    });

    it('back to the master key that sealed what was erased leaves it waiting again', async () => {
      const { book } = await filled(books());
      for (const [names, waiting] of [
        [['m2', 'm1'], 0],
        [['m1', 'm2'], 1],
      ] as const) {
        books().file = masters(...names);
        await book.rotate();
        expect(await book.status()).toMatchObject({ toRotate: 0, awaitingRotation: waiting });
      }
    });

    it('without the old master key does not begin', async () => {
      await filled(books());
      books().file = masters('m2');
      expect(await failureOf(books().open())).toBe('MASTER_KEY_UNKNOWN');
      books().file = masters('m1');
      expect(await failureOf(books().open())).toBe('none');
    });
  });
}
