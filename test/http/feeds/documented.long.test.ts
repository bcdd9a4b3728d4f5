import { setTimeout as sleep } from 'node:timers/promises';
import { load, sources } from '../../clients/documented';
import { ADMIN, startTestServer, type TestServer } from '../harness';
import { page, type Line } from './reader';

/** The consumers that docs/events.md shows, one for each way in, on a server. */

interface Consumer {
  readonly url: string;
  readonly token: string;
  load(): Promise<string | null>;
  store(events: readonly Line[], position: string): Promise<void>;
}

const { readToTheEnd } = load<{ readToTheEnd(consumer: Consumer): Promise<void> }>(
  'pages',
  undefined,
  'events.md',
);
const { follow } = load<{ follow(consumer: Consumer, signal: AbortSignal): Promise<void> }>(
  'stream',
  undefined,
  'events.md',
);
const { listen } = load<{ listen(consumer: Consumer, signal: AbortSignal): Promise<void> }>(
  'sse',
  undefined,
  'events.md',
);
const { subscribe } = load<{ subscribe(consumer: Consumer, signal: AbortSignal): Promise<void> }>(
  'subscription',
  undefined,
  'events.md',
);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ environment: { ROLEBOOK_FEED_HEARTBEAT_MS: '100' } });
});
afterAll(() => server.close());

/** Holds events and position as a database would. */
class Table {
  readonly ids: string[] = [];
  position: string | null = null;
  #grown: () => void = () => undefined;

  async consumer(token?: string): Promise<Consumer> {
    return {
      url: server.url,
      token: token ?? (await server.token(ADMIN)),
      load: async () => this.position,
      store: async (events, position) => {
        this.ids.push(...events.map(({ id }) => id as string));
        this.position = position;
        this.#grown();
      },
    };
  }

  async until(id: string): Promise<void> {
    while (this.ids.at(-1) !== id) await new Promise<void>((resolve) => (this.#grown = resolve));
  }
}

const recorded = async (): Promise<string[]> =>
  (await page(server, { limit: '10000' })).events.map(({ id }) => id as string);
const register = (user: string): Promise<bigint | null> =>
  server.run({ type: 'registerUser', user, username: user });

test('none has more than thirty lines of its own', () => {
  const shown = sources('events.md');
  expect([...shown.keys()]).toEqual(['pages', 'stream', 'sse', 'subscription']);
  for (const [name, source] of shown)
    expect([name, source.trimEnd().split('\n').length <= 36]).toEqual([name, true]);
});

test('pages: to the end, and from there on the next time', async () => {
  const table = new Table();
  await readToTheEnd(await table.consumer());
  expect(table.ids).toEqual(await recorded());
  await register('after-pages');
  await readToTheEnd(await table.consumer());
  expect(table.ids).toEqual(await recorded());
  await expect(readToTheEnd(await table.consumer('bad'))).rejects.toThrow('401');
});

test.each([
  ['a long stream', follow],
  ['server-sent events', listen],
  ['a subscription', subscribe],
])('%s: from the past into live, stopped and begun again', async (_what, consume) => {
  const table = new Table();
  for (let round = 0; round < 3; round += 1) {
    const ending = new AbortController();
    const running = consume(await table.consumer(), ending.signal);
    await register(`${consume.name}-${round}`);
    await table.until((await recorded()).at(-1)!);
    ending.abort();
    await running;
    await register(`${consume.name}-${round}-meanwhile`);
  }
  await readToTheEnd(await table.consumer());
  expect(table.ids).toEqual(await recorded());
  await expect(consume(await table.consumer('bad'), new AbortController().signal)).rejects.toThrow();
  await sleep(0);
});
