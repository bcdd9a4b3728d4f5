import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createDecisionReads, openReadModels } from '../../projections';
import { readCatalogueFile } from '../../src/app/compose';
import { projectedLog, sealingTools } from '../../src/app/sealing';
import { StreamLoader } from '../../src/commands/streams/stream-loader';
import { validating } from '../../src/event-store/decorators/validating-store';
import { openKeyBook } from '../../src/keys/book/key-book';
import { DEMO_ACCOUNT, DEMO_OPERATOR, seedDemo } from '../../src/operations/demo/seed';
import { operatorMetadata } from '../../src/operations/publication/metadata';
import { publishCatalogue } from '../../src/operations/publication/publish';
import { newDirectory, removeDirectory } from '../directories';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { masters } from '../keys/contract/controls';
import { MemorySegments } from '../keys/memory/memory-segments';
import { dataOf, startTestServer, type AnyData, type TestServer } from './harness';

/** Questions of auditors as docs/auditing.md has them: each is asked of the demo, and answered as the page says. */

const page = readFileSync(path.join(__dirname, '../../docs/auditing.md'), 'utf8');
const BLOCKS = /```graphql\n([^]*?)```\n\n(?:```json\n([^]*?)```)?/g;
const questions = [...page.matchAll(BLOCKS)].map(([, query = '', answer]) => ({
  name: /^query (\w+)/.exec(query)?.[1] ?? '',
  query,
  answer,
}));
const START = new Date('2026-03-01T00:00:00Z');

let server: TestServer;

/** A server on a log that was begun with the demo, on the days that the page names. */
beforeAll(async () => {
  const store = validating(new MemoryEventStore());
  const keyBook = await openKeyBook(new MemorySegments(new Map()), () => masters('m1'));
  await publishCatalogue({
    store,
    file: readCatalogueFile(path.join(__dirname, '../../schema/catalogue.json')),
    metadata: operatorMetadata({ actorId: DEMO_OPERATOR, requestId: 'demo' }),
    clock: () => START,
  });
  const directory = newDirectory();
  const readModels = await openReadModels({
    directory,
    store: projectedLog(store, keyBook, { onUnreadable: () => undefined }),
  });
  await readModels.caughtUp();
  const tools = {
    store,
    // Rights are those that the demo begins with, however far behind a busy machine is.
    reads: { ...createDecisionReads(readModels), lagMs: () => 0 },
    loader: new StreamLoader(store),
    ...(await sealingTools(store, keyBook)),
    pause: async () => undefined,
  };
  await seedDemo({ tools, readModels, start: START, onProgress: () => undefined });
  await readModels.close();
  removeDirectory(directory);
  server = await startTestServer({ store, keyBook });
}, 60_000);
afterAll(() => server.close());

const ask = async (query: string, variables: object = {}): Promise<AnyData> =>
  dataOf(await server.graphql(query, variables, { as: 'admin', account: DEMO_ACCOUNT }));

test('every question of the page has its answer there', () => {
  expect(questions.length).toBeGreaterThan(8);
  const [, ...sections] = page.split(/^## /m);
  const without = sections
    .filter((section) => !section.includes('```graphql'))
    .map((each) => each.split('\n')[0]);
  expect(without).toEqual(['What the record promises, and what not']);
  expect(questions.filter(({ answer }) => answer === undefined).map(({ name }) => name)).toEqual([]);
});

test.each(questions)('$name is answered as the page says', async ({ query, answer = '{}' }) => {
  const { roles } = await ask('{ roles(search: "Nordics") { nodes { id } } }');
  const variables = query.includes('$nordics') ? { nordics: roles.nodes[0].id as string } : {};
  expect(await ask(query, variables)).toEqual(JSON.parse(answer));
});
