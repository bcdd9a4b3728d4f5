import { setTimeout as sleep } from 'node:timers/promises';
import { validating } from '../../src/event-store/decorators/validating-store';
import { openKeyBook } from '../../src/keys/book/key-book';
import type { KeyBook } from '../../src/keys/port/key-book';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { masters } from '../keys/contract/controls';
import { MemorySegments, type Shelf } from '../keys/memory/memory-segments';
import { ACCOUNT, dataOf, startTestServer, type TestServer } from './harness';
import { metricsOf } from './prometheus';

/** Metrics of the key book of a log of format 2, and of texts that cannot be decrypted any more. */

const HOUR_MS = 3_600_000;
const OTHER = 'umbrella';
const shelf: Shelf = new Map();
const damage = (account: string): void => {
  for (const [id, segment] of shelf)
    if (segment.account === account)
      shelf.set(id, { ...segment, blob: Buffer.from(segment.blob).fill(0, 40) });
};

let keyBook: KeyBook;
let server: TestServer;
/** Erased an hour ago: a key before a rotation, and one after it. A segment of another account is damaged. */
beforeAll(async () => {
  let file = masters('m1');
  const hourAgo = (): number => Date.now() - HOUR_MS;
  keyBook = await openKeyBook(new MemorySegments(shelf), () => file, { now: hourAgo });
  for (const account of [ACCOUNT, OTHER]) await keyBook.openAccount(account);
  const [first, second] = [await keyBook.newKey(ACCOUNT), await keyBook.newKey(ACCOUNT)];
  await keyBook.erase(ACCOUNT, [first.id]);
  file = masters('m2', 'm1');
  await keyBook.rotate();
  await keyBook.erase(ACCOUNT, [second.id]);
  file = masters('m3', 'm2');
  damage(OTHER);
  const store = validating(new MemoryEventStore({ formatOfNew: 2 }));
  server = await startTestServer({ store, keyBook });
});
afterAll(async () => {
  await server.close();
  await keyBook.close();
});

const keyMetrics = async (url: string): Promise<Record<string, number>> =>
  Object.fromEntries([...(await metricsOf(url))].filter(([name]) => name.startsWith('rolebook_key_book_')));

test('shows the book as it was at the start, and how long an erasure awaits a rotation', async () => {
  let found = await keyMetrics(server.url);
  for (; !('rolebook_key_book_segments' in found); found = await keyMetrics(server.url)) await sleep(5);
  const { rolebook_key_book_rotation_wait_seconds: wait, rolebook_key_book_status_age_seconds: age } = found;
  expect(found).toEqual({
    rolebook_key_book_segments: 2,
    rolebook_key_book_keys: 14,
    rolebook_key_book_erased_keys: 2,
    rolebook_key_book_keys_awaiting_rotation: 1,
    rolebook_key_book_rotation_wait_seconds: expect.any(Number),
    rolebook_key_book_segments_to_rotate: 1,
    rolebook_key_book_damaged_segments: 1,
    rolebook_key_book_status_age_seconds: expect.any(Number),
  });
  expect(wait).toBeGreaterThanOrEqual(HOUR_MS / 1_000);
  expect(age).toBeGreaterThanOrEqual(0);
});

test('counts events with a text that nobody erased and nobody can decrypt, and no erased ones', async () => {
  await server.run({ type: 'registerUser', user: 'ben', username: 'ben@example.com', name: 'Ben' });
  await server.run({ type: 'registerUser', user: 'zso', username: 'zso@example.com', name: 'Zsófia' });
  dataOf(await server.graphql('mutation { eraseUser(input: { id: "User:zso" }) { projected } }'));
  const unreadable = async (): Promise<number | undefined> =>
    (await metricsOf(server.url)).get('rolebook_unreadable_events_total');
  await server.readModels.rebuild();
  expect(await unreadable()).toBe(0);

  damage(ACCOUNT);
  keyBook.forget([...shelf.keys()].map((segment) => `${segment}.0`));
  await server.readModels.rebuild();
  // The registrations of the admin and of Ben; Zsófia's cannot be told from theirs where her segment is damaged too.
  expect(await unreadable()).toBe(3);
});
