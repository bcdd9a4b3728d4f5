import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { EventStoreError } from '../../src/event-store/port/event-store';
import { RequestError } from '../../src/graphql/errors';
import { ResetError, type Feed } from '../../src/feeds/feed';
import { NDJSON, type FeedItem } from '../../src/feeds/items';
import { Outlet } from '../../src/feeds/outlet';
import { pump } from '../../src/feeds/pump';
import { LogDiffersError } from '../../src/feeds/reading';

/** Feeds written over real connections: to a reader who does not read, and where a feed fails. */

const KILOBYTE = 'x'.repeat(1_024);
const STALL_MS = 300;

/** Serves one feed of given items; what was taken of it, and the answer as its reader gets it. */
async function served(
  items: () => AsyncGenerator<FeedItem>,
  read: (answer: IncomingMessage) => Promise<void>,
  stallMs = 60_000,
) {
  let taken = 0;
  const feed = {
    get position() {
      return `p${taken}`;
    },
    async *items() {
      for await (const item of items()) {
        taken += 1;
        yield item;
      }
    },
  } as unknown as Feed;
  const failures: unknown[] = [];
  const log = { error: (fields: { err: unknown }) => void failures.push(fields.err) } as never;
  let pumped: Promise<void> = Promise.resolve();
  let ended: () => void;
  const closed = new Promise<void>((resolve) => (ended = resolve));
  const server = createServer((_request, response) => {
    const outlet = new Outlet(stallMs);
    outlet.body.pipe(response);
    outlet.body.once('close', () => response.destroy());
    response.once('close', () => {
      outlet.body.destroy();
      ended();
    });
    pumped = pump(feed, outlet, NDJSON, log);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const answer = await new Promise<IncomingMessage>((resolve) =>
    request({ host: '127.0.0.1', port, agent: false }, resolve).end(),
  );
  await read(answer);
  await pumped;
  // Also to a reader who does not see it.
  await closed;
  answer.destroy();
  await new Promise((resolve) => server.close(resolve));
  return { taken, failures };
}

const event = (): FeedItem => ({ kind: 'event', ordinal: 1, position: 'p', envelope: { id: KILOBYTE } });
async function* endless(): AsyncGenerator<FeedItem> {
  for (;;) yield event();
}

test('a reader who takes nothing is waited for, and then cut off, with little held for it', async () => {
  const before = process.memoryUsage().rss;
  const { taken } = await served(endless, async (answer) => void answer.pause(), STALL_MS);
  // The connection holds so much by itself.
  expect(taken).toBeGreaterThan(16);
  expect(taken * KILOBYTE.length).toBeLessThan(16 * 1024 * 1024);
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
});

test('a slow reader is waited for, and gets all of it in order', async () => {
  const COUNT = 12_000;
  async function* many(): AsyncGenerator<FeedItem> {
    for (let n = 0; n < COUNT; n += 1)
      yield { kind: 'event', ordinal: 1, position: 'p', envelope: { id: String(n), text: KILOBYTE } };
    yield { kind: 'end', position: 'last', end: { more: false } };
  }
  let lines: string[] = [];
  await served(many, async (answer) => {
    let whole = '';
    let chunks = 0;
    answer.setEncoding('utf8').on('data', (chunk: string) => {
      whole += chunk;
      chunks += 1;
      if (chunks % 500 !== 0) return;
      answer.pause();
      setTimeout(() => answer.resume(), 5);
    });
    await new Promise((resolve) => answer.once('end', resolve));
    lines = whole.trimEnd().split('\n');
  });
  expect(lines.length).toBe(COUNT + 1);
  const ids = lines.slice(0, -1).map((line) => (JSON.parse(line) as { id: string }).id);
  expect(ids.every((id, index) => id === String(index))).toBe(true);
  expect(JSON.parse(lines.at(-1)!)).toEqual({ end: true, position: 'last', more: false });
});

test.each<[what: string, error: Error, said: object, failures: number]>([
  [
    'the log is out of reach',
    new EventStoreError('UNAVAILABLE', 'gone'),
    { end: true, position: 'p1', error: { code: 'LOG_UNAVAILABLE' } },
    0,
  ],
  [
    'the reader lost the right',
    new RequestError('FORBIDDEN', 'This needs the permission audit-log/view.'),
    { end: true, position: 'p1', error: { code: 'FORBIDDEN' } },
    0,
  ],
  ['the tables name another event', new ResetError('other'), { reset: true, code: 'POSITION_OF_A_FORK' }, 0],
  ['the log has other events', new LogDiffersError('other'), { reset: true, code: 'POSITION_OF_A_FORK' }, 0],
  [
    'there is a fault of this program',
    new Error('secret'),
    { end: true, position: 'p1', error: { code: 'INTERNAL_SERVER_ERROR' } },
    1,
  ],
])('where %s, the last line says so', async (_what, error, said, count) => {
  async function* failing(): AsyncGenerator<FeedItem> {
    yield event();
    throw error;
  }
  let whole = '';
  const { failures } = await served(failing, async (answer) => void (whole = await text(answer)));
  expect(JSON.parse(whole.trimEnd().split('\n').at(-1)!)).toMatchObject(said);
  expect(failures).toHaveLength(count);
  expect(whole).not.toContain('secret');
});
