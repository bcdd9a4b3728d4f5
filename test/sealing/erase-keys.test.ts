import { openKeyBook } from '../../src/keys/book/key-book';
import { keyOfReasons } from '../../src/keys/key-id';
import { erasingKeys } from '../../src/sealing/erase-keys';
import { ACCOUNT, ask } from '../commands/harness';
import { masters } from '../keys/contract/controls';
import { MemorySegments } from '../keys/memory/memory-segments';
import { givenSealed } from './harness';

/** Keys of erased users: all that the stream of the user names, and none of the account's own. */

test('a key of the account, by which a reason on the user’s stream is encrypted, stays', async () => {
  const given = await givenSealed(ask({ type: 'eraseUser', user: 'cat' }, { reason: 'ticket 99' }));
  const book = await given.book();
  const { reasons } = await book.accountKeys(ACCOUNT);
  expect(reasons.id).toBe(keyOfReasons(ACCOUNT));
  await erasingKeys(given.log.store, book)(ACCOUNT, 'cat');
  expect((await book.status()).erased).toBe(1);
  expect((await book.find(ACCOUNT, reasons.id)).state).toBe('found');
});

test('a book without the keys of the account, as beside a log that was restored without it, is no failure', async () => {
  const given = await givenSealed(ask({ type: 'eraseUser', user: 'cat' }));
  const empty = await openKeyBook(new MemorySegments(new Map()), () => masters('m1'));
  await erasingKeys(given.log.store, empty)(ACCOUNT, 'cat');
  expect(await empty.status()).toMatchObject({ segments: 0, erased: 0 });
});
