import { setTimeout as sleep } from 'node:timers/promises';
import { openKeyBook } from '../../src/keys/book/key-book';
import type { MasterKeys } from '../../src/keys/master-keys';
import { masters } from '../keys/contract/controls';
import { MemorySegments, type Shelf } from '../keys/memory/memory-segments';
import { codesOf, dataOf, startTestServer, type Answer, type TestServer } from './harness';

/** A key book that is damaged or cannot be opened: mutations say so by a stable code, and what was written. */

const shelf: Shelf = new Map();
const openBook = (masterKeys: () => MasterKeys) => openKeyBook(new MemorySegments(shelf), masterKeys);
let file = masters('m1');
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ keyBook: await openBook(() => file) });
  for (const user of ['zso', 'ben', 'cat'])
    await server.run({ type: 'registerUser', user, username: user, name: `Name of ${user}` });
});
afterAll(() => server.close());

const erase = (user: string): Promise<Answer> =>
  server.graphql('mutation ($input: EraseUserInput!) { eraseUser(input: $input) { errors { code } } }', {
    input: { id: `User:${user}` },
  });
const statusOf = async (user: string): Promise<unknown> =>
  dataOf(await server.graphql('query ($id: ID!) { user(id: $id) { status } }', { id: `User:${user}` })).user;
const erasedKeys = async (): Promise<number> => {
  const book = await openBook(() => masters('m2', 'm1'));
  return (await book.status()).erased;
};

const ERASED = { status: 'ERASED' };

test('a user whose key is in a damaged segment: the erasure is recorded, each attempt says that keys are left', async () => {
  const sound = new Map(shelf);
  for (const [id, segment] of shelf)
    shelf.set(id, { ...segment, blob: Buffer.from(segment.blob).fill(0, 40) });
  for (const _attempt of ['first', 'again']) {
    const answer = await erase('zso');
    expect([answer.status, codesOf(answer), answer.data]).toEqual([
      200,
      ['KEY_BOOK_CORRUPT'],
      { eraseUser: null },
    ]);
    expect(answer.errors?.[0]?.message).toMatch(
      /damaged.* the erasure is recorded, and a repeat destroys the keys that are left\.$/,
    );
    const head = await server.store.head();
    expect(await server.readModels.waitFor(head!.position, 5_000)).toBe(true);
    expect(await statusOf('zso')).toEqual(ERASED);
  }
  expect(server.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  for (const [id, segment] of sound) shelf.set(id, segment);
  expect(await erasedKeys()).toBe(0);
  expect(dataOf(await erase('zso')).eraseUser).toEqual({ errors: [] });
  expect(await erasedKeys()).toBe(1);
});

test('a segment that another process sealed by a master key that the file lacks: 503 until the line is there', async () => {
  await (await openBook(() => masters('m2', 'm1'))).rotate();
  const answer = await erase('ben');
  expect([answer.status, codesOf(answer)]).toEqual([503, ['KEY_BOOK_UNUSABLE']]);
  expect(answer.errors?.[0]?.message).toMatch(/\(MASTER_KEY_UNKNOWN\); the erasure is recorded/);
  // The tables wait as for a log that is away; the event is not blamed.
  while (server.readModels.status().state === 'live') await sleep(5);
  expect(server.readModels.status()).toMatchObject({ state: 'stale', poison: null });
  file = masters('m2', 'm1');
  expect(dataOf(await erase('ben')).eraseUser).toEqual({ errors: [] });
  expect(await erasedKeys()).toBe(2);
  const head = await server.store.head();
  expect(await server.readModels.waitFor(head!.position, 10_000)).toBe(true);
  expect([await statusOf('ben'), server.readModels.status().poison]).toEqual([ERASED, null]);
});
