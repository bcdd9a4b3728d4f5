import { parseMasterKeys } from '../../../src/keys/master-keys';
import { firstSegmentOf } from '../../../src/keys/key-id';
import {
  allSegments,
  eachWithBooks,
  failureOf,
  hexOf,
  lookUp,
  masterLine,
  masters,
  type Books,
  type NewPlace,
} from './controls';

const segmentOf = (keyId: string): string => keyId.split('.')[0]!;

/** Changes the blob of a segment behind the book's back. */
async function tamper(books: Books, id: string, change: (blob: Buffer) => Buffer): Promise<void> {
  const store = await books.store();
  const { revision, blob } = (await store.read(id))!;
  await store.replace([{ id, expected: revision, blob: change(blob) }]);
}

const flipped = (at: number) => (blob: Buffer) => {
  const other = Buffer.from(blob);
  const index = at < 0 ? blob.length + at : at;
  other[index] = other[index]! ^ 1;
  return other;
};

export function faultContract(newPlace: NewPlace): void {
  describe('a book', () => {
    const books = eachWithBooks(newPlace);

    it('of which a master key is not in the file is not opened; the error names all that lack', async () => {
      const book = await books().open();
      await book.openAccount('acme');
      books().file = masters('m2', 'm1');
      await book.openAccount('other');
      books().file = masters('m3');
      await expect(books().open()).rejects.toMatchObject({
        code: 'MASTER_KEY_UNKNOWN',
        message: expect.stringMatching(/^2 segments .*"m1", "m2"\. Put their lines back/),
      });
    });

    it('of which a master key is another one in the file is not opened', async () => {
      await (await books().open()).openAccount('acme');
      books().file = parseMasterKeys(masterLine('m1', 'another'));
      expect(await failureOf(books().open())).toBe('MASTER_KEY_UNKNOWN');
    });

    it('says nothing of a key while the master key is not known, and finds it once it is', async () => {
      let mine = masters('m1');
      const book = await books().open(() => mine);
      books().file = masters('m2');
      const other = await books().open();
      const { reasons } = await other.openAccount('acme');
      expect(await failureOf(lookUp(book, 'acme', reasons.id))).toBe('MASTER_KEY_UNKNOWN');
      mine = masters('m1', 'm2');
      expect(await lookUp(book, 'acme', reasons.id)).toBe(hexOf(reasons.key));
    });

    it.each([
      ['its ciphertext', flipped(-40)],
      ['its tag', flipped(-1)],
      ['its version', flipped(0)],
      ['its IV', flipped(10)],
      ['all of it', () => Buffer.alloc(700, 7)],
      ['its end', (blob: Buffer) => blob.subarray(0, -32)],
      ['everything', () => Buffer.alloc(1)],
    ])('with a segment of which %s is damaged is opened, and tells of it', async (_, change) => {
      const book = await books().open();
      await book.openAccount('acme');
      for (let n = 0; n < 14; n += 1) await book.newKey('acme');
      const [lost, kept] = [await book.newKey('acme'), (await book.accountKeys('acme')).reasons];
      await tamper(books(), segmentOf(lost.id), change);

      const after = await books().open();
      expect(await after.status()).toMatchObject({ segments: 2, damaged: [segmentOf(lost.id)] });
      expect(await lookUp(after, 'acme', lost.id)).toBe('damaged');
      expect(await lookUp(after, 'acme', kept.id)).toBe(hexOf(kept.key));
      expect(await failureOf(after.erase('acme', [lost.id]))).toBe('KEY_BOOK_CORRUPT');
      books().file = masters('m2', 'm1');
      expect(await after.rotate()).toEqual({ sealed: 1, damaged: [segmentOf(lost.id)] });
      expect(await after.rotate()).toEqual({ sealed: 0, damaged: [segmentOf(lost.id)] });
    });

    it('with a damaged segment destroys what an erasure names elsewhere, and tells of the damage', async () => {
      const book = await books().open();
      await book.openAccount('acme');
      const [before, ...others] = await Promise.all(Array.from({ length: 100 }, () => book.newKey('acme')));
      const [lost, after] = [others[20]!, others[98]!];
      const named = [before!, lost, after].map(({ id }) => id);
      expect(new Set(named.map(segmentOf)).size).toBe(3);
      await tamper(books(), segmentOf(lost.id), flipped(-1));
      for (const asked of [await books().open(), book]) {
        expect(await failureOf(asked.erase('acme', named))).toBe('KEY_BOOK_CORRUPT');
        expect(await Promise.all(named.map((id) => lookUp(asked, 'acme', id)))).toEqual([
          'erased',
          'damaged',
          'erased',
        ]);
      }
    });

    it('with a damaged first segment says so of the account, and makes no other secret', async () => {
      await (await books().open()).openAccount('acme');
      await tamper(books(), firstSegmentOf('acme'), flipped(-1));
      const after = await books().open();
      expect(await failureOf(after.openAccount('acme'))).toBe('KEY_BOOK_CORRUPT');
      expect(await failureOf(after.accountKeys('acme'))).toBe('KEY_BOOK_CORRUPT');
      expect(await failureOf(after.newKey('acme'))).toBe('KEY_BOOK_CORRUPT');
    });

    it('opens no segment in the place of another', async () => {
      const book = await books().open();
      const { reasons } = await book.openAccount('acme');
      await book.openAccount('other');
      const blob = (await (await books().store()).read(firstSegmentOf('acme')))!.blob;
      await tamper(books(), firstSegmentOf('other'), () => blob);
      const after = await books().open();
      expect(await lookUp(after, 'acme', reasons.id)).toBe(hexOf(reasons.key));
      expect(await failureOf(after.accountKeys('other'))).toBe('KEY_BOOK_CORRUPT');
    });

    it('is closed once and for all, with its store', async () => {
      const book = await books().open();
      const { reasons } = await book.openAccount('acme');
      await book.close();
      await book.close();
      const calls = [
        book.openAccount('other'),
        book.accountKeys('acme'),
        book.newKey('acme'),
        lookUp(book, 'acme', reasons.id),
        book.erase('acme', [`${firstSegmentOf('acme')}.4`]),
        book.rotate(),
        book.status(),
      ];
      for (const call of calls) expect(await failureOf(call)).toBe('CLOSED');
      expect(await allSegments(await books().store())).toHaveLength(1);
    });
  });
}
