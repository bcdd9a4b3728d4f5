import { inspect } from 'node:util';
import { firstSegmentOf, newSegmentId } from '../../../src/keys/key-id';
import type { DataKey } from '../../../src/keys/port/key-book';
import { allSegments, eachWithBooks, hexOf, lookUp, type NewPlace } from './controls';

const segmentOf = ({ id }: DataKey): string => id.split('.')[0]!;

export function handOutContract(newPlace: NewPlace): void {
  describe('a key', () => {
    const books = eachWithBooks(newPlace);

    it('that is given out is nobody else’s, and found by every process at once', async () => {
      const processes = [await books().open(), await books().open()];
      await processes[0]!.openAccount('acme');
      const keys = await Promise.all(Array.from({ length: 200 }, (_, n) => processes[n % 2]!.newKey('acme')));
      expect(new Set(keys.map(({ id }) => id)).size).toBe(200);
      expect(new Set(keys.map(({ key }) => hexOf(key))).size).toBe(200);
      for (const book of [...processes, await books().open()])
        for (const { id, key } of keys) expect(await lookUp(book, 'acme', id)).toBe(hexOf(key));
    });

    it('is durable before it is given out', async () => {
      const book = await books().open();
      await book.openAccount('acme');
      for (let n = 0; n < 20; n += 1) {
        const { id, key } = await book.newKey('acme');
        const stored = await (await books().store()).read(id.split('.')[0]!);
        expect(stored).not.toBeNull();
        expect(await lookUp(book, 'acme', id)).toBe(hexOf(key));
      }
    });

    it('comes from segments of 16, then 64, then 256 as a process gives out more', async () => {
      const book = await books().open();
      await book.openAccount('acme');
      const given: DataKey[] = [];
      for (let n = 0; n < 14 + 64 + 256 + 1; n += 1) given.push(await book.newKey('acme'));
      const counts = new Map<string, number>();
      for (const key of given) counts.set(segmentOf(key), (counts.get(segmentOf(key)) ?? 0) + 1);
      expect([...counts.values()]).toEqual([14, 64, 256, 1]);
      expect(await allSegments(await books().store())).toHaveLength(4);
    });

    it('never comes from a segment of an earlier process', async () => {
      const segments = new Set<string>();
      for (let run = 0; run < 3; run += 1) {
        const book = await books().open();
        await book.openAccount('acme');
        segments.add(segmentOf(await book.newKey('acme')));
        await book.close();
      }
      expect(segments.size).toBe(3);
    });

    it('that the book does not have is missing, not erased', async () => {
      const book = await books().open();
      await book.openAccount('acme');
      await book.openAccount('other');
      const { id } = await book.newKey('acme');
      const segment = id.split('.')[0];
      const none = ['', 'x', `${segment}`, `${segment}.`, `${segment}.07`, `${segment}.16`, `${segment}.255`];
      for (const keyId of [...none, `${segment}.256`, `${segment}.-1`, `${newSegmentId()}.3`])
        expect([keyId, await lookUp(book, 'acme', keyId)]).toEqual([keyId, 'missing']);
      expect(await lookUp(book, 'other', id)).toBe('missing');
    });

    it('that was missing is looked for again', async () => {
      const [one, other] = [await books().open(), await books().open()];
      const id = `${firstSegmentOf('acme')}.1`;
      expect(await lookUp(other, 'acme', id)).toBe('missing');
      const { reasons } = await one.openAccount('acme');
      expect(reasons.id).toBe(id);
      expect(await lookUp(other, 'acme', id)).toBe(hexOf(reasons.key));
    });

    it('shows itself neither in JSON nor in what is printed', async () => {
      const book = await books().open();
      const keys = await book.openAccount('acme');
      const found = await book.find('acme', keys.reasons.id);
      for (const digits of [hexOf(keys.secret), hexOf(keys.reasons.key)]) {
        const bytes = digits.match(/../g)!.slice(0, 8).join(' ');
        for (const value of [keys, found, book]) {
          const text = inspect(value, { depth: 20, showHidden: true });
          expect([text.includes(digits.slice(0, 16)), text.includes(bytes)]).toEqual([false, false]);
        }
        expect(JSON.stringify([keys, found])).not.toContain(digits.slice(0, 16));
      }
    });
  });
}
