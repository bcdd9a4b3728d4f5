import { DatabaseSync } from '@photostructure/sqlite';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { metricsOf } from '../http/prometheus';
import { Installation } from './installation';

/** A damaged segment of the key book: names are lost, which is told everywhere, and nothing stops. */

// The file of an embedded book is damaged, wherever the other tests run.
const installation = new Installation({});
afterAll(() => installation.remove());
const inFolder = (name: string): string => path.join(installation.directory, name);
const USERS = '{ users(first: 50) { totalCount edges { node { name } } } }';
interface Users {
  readonly users: {
    readonly totalCount: number;
    readonly edges: readonly { readonly node: { readonly name: string } }[];
  };
}

test('the thread that builds the tables tells of texts that it cannot decrypt', async () => {
  const before = await installation.start();
  expect((await metricsOf(before.url)).get('rolebook_unreadable_events_total')).toBe(0);
  const { totalCount } = (await before.graphql<Users>(USERS)).data.users;
  expect(await before.stop()).toBe(0);

  const book = new DatabaseSync(inFolder('keys.sqlite'));
  // The segment that was made last: an account's own keys are in its first one.
  book.exec('UPDATE segment SET blob = zeroblob(9) WHERE place = (SELECT max(place) FROM segment)');
  book.close();
  for (const name of readdirSync(installation.directory))
    if (name.startsWith('read-models')) rmSync(inFolder(name), { recursive: true });

  const after = await installation.start();
  const { users } = (await after.graphql<Users>(USERS)).data;
  const lost = users.edges.filter(({ node }) => node.name === 'Unreadable user');
  expect([users.totalCount, lost.length > 0, lost.length < totalCount]).toEqual([totalCount, true, true]);
  let metrics = await metricsOf(after.url);
  while (!metrics.has('rolebook_key_book_segments')) metrics = await metricsOf(after.url);
  expect(metrics.get('rolebook_key_book_damaged_segments')).toBe(1);
  expect(metrics.get('rolebook_unreadable_events_total')).toBeGreaterThanOrEqual(lost.length);
  const lines = after
    .log()
    .split('\n')
    .filter((line) => line.includes('cannot be decrypted'));
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({
      level: 50,
      event: expect.any(String),
      stream: expect.stringMatching(/^rolebook\.user-demo\./),
    }),
  ]);
  expect(await after.stop()).toBe(0);
}, 120_000);
