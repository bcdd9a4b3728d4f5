import { NO_ACCOUNT } from '../../../src/keys/port/key-book';
import { allSegments, eachWithBooks, failureOf, hexOf, lookUp, type NewPlace } from './controls';

export function accountContract(newPlace: NewPlace): void {
  describe('an account', () => {
    const books = eachWithBooks(newPlace);

    it('is given a secret and a key for reasons when it is opened, and keeps them', async () => {
      const book = await books().open();
      const keys = await book.openAccount('acme');
      expect(hexOf(keys.secret)).not.toBe(hexOf(keys.reasons.key));
      expect(keys.secret.bytes.length).toBe(32);
      expect(keys.reasons.key.bytes.length).toBe(32);
      for (const again of [book, await books().open()]) {
        expect(await again.openAccount('acme')).toEqual(keys);
        expect(await again.accountKeys('acme')).toEqual(keys);
        expect(await lookUp(again, 'acme', keys.reasons.id)).toBe(hexOf(keys.reasons.key));
      }
      expect(await allSegments(await books().store())).toHaveLength(1);
    });

    it('has keys of its own, and so have the catalogue and operators', async () => {
      const book = await books().open();
      const secrets = await Promise.all(
        ['acme', 'other', NO_ACCOUNT].map(async (account) => hexOf((await book.openAccount(account)).secret)),
      );
      expect(new Set(secrets).size).toBe(3);
    });

    it('that several processes open at once has one first segment, of which one of them gives out', async () => {
      const processes = await Promise.all(Array.from({ length: 4 }, () => books().open()));
      const opened = await Promise.all(
        processes.flatMap((book) => [book.openAccount('acme'), book.openAccount('acme')]),
      );
      expect(new Set(opened.map(({ secret }) => hexOf(secret))).size).toBe(1);
      expect(await allSegments(await books().store())).toHaveLength(1);
      const keys = await Promise.all(processes.map((book) => book.newKey('acme')));
      expect(new Set(keys.map(({ id }) => id)).size).toBe(4);
      expect(keys.filter(({ id }) => id.split('.')[0] === opened[0]?.reasons.id.split('.')[0])).toHaveLength(
        1,
      );
    });

    it('that was not opened has no keys, and is given none by the way', async () => {
      const book = await books().open();
      await book.openAccount('acme');
      expect(await failureOf(book.accountKeys('other'))).toBe('ACCOUNT_KEYS_MISSING');
      expect(await failureOf(book.newKey('other'))).toBe('ACCOUNT_KEYS_MISSING');
      expect(await allSegments(await books().store())).toHaveLength(1);
    });

    it('that another process opened is found without opening the book anew', async () => {
      const [one, other] = [await books().open(), await books().open()];
      expect(await failureOf(other.accountKeys('acme'))).toBe('ACCOUNT_KEYS_MISSING');
      const keys = await one.openAccount('acme');
      expect(await other.accountKeys('acme')).toEqual(keys);
    });
  });
}
