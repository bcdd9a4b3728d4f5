import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGzip, type Gzip } from 'node:zlib';
import { ADMIN, startTestServer, type TestServer } from '../harness';
import { OpenFeed, page, type Line, type Served } from './reader';

/** Proxies between a feed and its reader: one that buffers unless it is told not to, and one that always does. */

const HELD_BYTES = 4_096;
let server: TestServer;
afterEach(() => server.close());
const heartbeats = (ms: string) => ({ environment: { ROLEBOOK_FEED_HEARTBEAT_MS: ms } });

/**
 * A proxy as nginx is: it holds an answer back until so much of it is there or it ends, and compresses it. `minds`: not where
 * the answer says `X-Accel-Buffering: no`, or `no-transform`. It cuts an answer off after so many bytes, if they are given.
 */
async function proxied(
  { minds, cutAfter = Infinity }: { readonly minds: boolean; readonly cutAfter?: number },
  use: (served: Served, proxy: Server) => Promise<void>,
): Promise<void> {
  const target = new URL(server.url);
  const proxy = createServer((asked, answer) => {
    const { hostname, port } = target;
    const headers = { ...asked.headers, host: target.host };
    request({ hostname, port, path: asked.url, method: asked.method, headers, agent: false }, (got) => {
      const holds = !(minds && got.headers['x-accel-buffering'] === 'no');
      const changes = !(minds && /no-transform/.test(got.headers['cache-control'] ?? ''));
      answer.writeHead(got.statusCode!, {
        ...got.headers,
        ...(changes ? { 'content-encoding': 'gzip' } : {}),
      });
      answer.flushHeaders();
      const out = changes ? createGzip() : answer;
      if (out !== answer) out.pipe(answer);
      let held: Buffer[] = [];
      let passed = 0;
      const send = (): void => {
        for (const chunk of held) out.write(chunk);
        if (out !== answer) (out as Gzip).flush();
        held = [];
      };
      got.on('data', (chunk: Buffer) => {
        held.push(chunk);
        passed += chunk.length;
        const isFull = held.reduce((sum, { length }) => sum + length, 0) >= HELD_BYTES;
        if (!holds || isFull) send();
        if (passed > cutAfter) got.destroy();
      });
      got.on('end', () => (send(), out.end()));
      got.on('error', () => undefined);
      got.once('close', () => got.complete || answer.destroy());
      answer.once('close', () => got.destroy());
    }).end();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  try {
    await use({ url: `http://127.0.0.1:${port}`, token: server.token }, proxy);
  } finally {
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  }
}

const register = (user: string): Promise<unknown> =>
  server.run({ type: 'registerUser', user, username: user });
const idsOf = (events: readonly Line[]): unknown[] => events.map(({ id }) => id);
const whole = async (): Promise<unknown[]> => idsOf((await page(server, { limit: '10000' })).events);

describe.each([
  ['ndjson', false],
  ['sse', true],
])('%s', (kind, isSse) => {
  test('a proxy that is told not to holds nothing back: an event comes alone', async () => {
    // No heartbeat fills what it might hold.
    server = await startTestServer(heartbeats('60000'));
    await proxied({ minds: true }, async (served) => {
      const feed = await OpenFeed.open(served, {}, { isSse });
      await feed.until(({ data }) => data.data?.user === ADMIN);
      await register(`alone-${kind}`);
      await feed.until(({ data }) => data.data?.user === `alone-${kind}`);
      expect(feed.response.headers.get('content-encoding')).toBeNull();
      expect(idsOf(feed.events)).toEqual(await whole());
      await feed.close();
    });
  });

  test('one that holds back all the same gives everything later, in order, and in another form', async () => {
    server = await startTestServer(heartbeats('50'));
    await proxied({ minds: false }, async (served) => {
      const feed = await OpenFeed.open(served, {}, { isSse });
      await register(`held-${kind}`);
      // Heartbeats fill what it holds.
      await feed.until(({ data }) => data.data?.user === `held-${kind}`);
      expect(feed.response.headers.get('content-encoding')).toBe('gzip');
      expect(idsOf(feed.events)).toEqual(await whole());
      await feed.close();
    });
  });

  test('one that cuts answers off in the middle of a line costs nothing: readers go on behind what they have', async () => {
    server = await startTestServer(heartbeats('50'));
    const had: Line[] = [];
    await proxied({ minds: true, cutAfter: 10_000 }, async (served) => {
      const all = await whole();
      for (let rounds = 0; had.length < all.length; rounds += 1) {
        const after = had.at(-1)?.position as string | undefined;
        const feed = await OpenFeed.open(served, after === undefined ? {} : { after }, { isSse });
        await Promise.race([feed.ended, feed.until(({ data }) => data.id === all.at(-1)).catch(() => null)]);
        had.push(...feed.events);
        await feed.close();
        expect(rounds).toBeLessThan(all.length);
      }
      expect(idsOf(had)).toEqual(all);
    });
  });
});
