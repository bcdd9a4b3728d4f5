import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { Random } from '../../long/random';
import { ADMIN, startTestServer, type AnyData, type TestServer } from '../harness';
import { page } from './reader';
import { LOG, socketUrl, Subscriber } from './subscriber';

/** Sockets under stress: consumers that are killed, readers that are stuck, and bytes that mean nothing. */

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    environment: { ROLEBOOK_FEED_HEARTBEAT_MS: '50', ROLEBOOK_FEED_STALL_MS: '300' },
  });
});
afterAll(() => server.close());

const register = (user: string): Promise<bigint | null> =>
  server.run({ type: 'registerUser', user, username: user });
const whole = async () => [...(await page(server, { limit: '10000' })).events];

test('a consumer that is killed 100 times, anywhere, has every event once and in order', async () => {
  const random = new Random(58);
  let writing = true;
  const writer = (async () => {
    for (let n = 0; n < 150; n += 1) await register(`k${n}`);
    writing = false;
  })();
  const stored: string[] = [];
  let position: string | null = null;
  let kills = 0;
  for (;;) {
    const socket = await Subscriber.open(server);
    const subscription = socket.subscribe(LOG, { after: position });
    const most = 1 + random.below(12);
    let taken = 0;
    // Killed with the position of the last message that was stored, however many are on their way.
    while (taken < most) {
      const message: AnyData | null = await subscription
        .until((each) => subscription.messages.indexOf(each) >= taken)
        .catch(() => null);
      if (message === null) break;
      taken += 1;
      const { event, position: at } = message.data.logEvents;
      if (event) stored.push(event.id);
      position = at;
    }
    const caughtUp = subscription.messages.at(-1)?.data.logEvents.event === null;
    socket.socket.terminate();
    await subscription.ended;
    kills += 1;
    if (!writing && kills >= 100 && caughtUp) break;
  }
  await writer;
  const events = await whole();
  expect(stored).toEqual(events.map(({ id }) => id));
  expect(kills).toBeGreaterThanOrEqual(100);
});

test('a reader who takes nothing is closed, and others go on meanwhile', async () => {
  const token = await server.token(ADMIN);
  const stuck = new WebSocket(socketUrl(server), 'graphql-transport-ws');
  await new Promise((resolve) => stuck.once('open', resolve));
  const closed = new Promise<void>((resolve) => stuck.once('close', () => resolve()));
  const said: AnyData[] = [];
  stuck.on('message', (text) => said.push(JSON.parse(String(text)) as AnyData));
  stuck.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
  const all = `{ position event { id type subject data requestid commandid stream partitionkey } }`;
  for (let id = 0; id < 50; id += 1)
    stuck.send(
      JSON.stringify({
        id: String(id),
        type: 'subscribe',
        payload: { query: `subscription { logEvents ${all} }` },
      }),
    );
  stuck.pause();
  const other = await Subscriber.open(server);
  const reader = other.subscribe();
  await reader.caughtUp();
  for (let n = 0; n < 400; n += 1) await register(`s${n}`);
  const last = (await whole()).at(-1)!;
  await reader.until(({ data }) => data.logEvents.event?.id === last.id);
  // The places of the stuck one are free again once it was cut off.
  stuck.resume();
  await closed;
  expect(said.filter(({ type }) => type === 'next').length).toBeLessThan(50 * (await whole()).length);
  for (const { type, payload } of said)
    if (type === 'error')
      expect(payload[0].extensions).toEqual({ code: 'TOO_SLOW', position: expect.any(String) });
  await other.client.dispose();
});

/** A frame of a client (RFC 6455, 5.2): bits and opcode as given, right or wrong. */
function frame(first: number, payload: Buffer, length = payload.length): Buffer {
  const mask = randomBytes(4);
  const head =
    length < 126
      ? Buffer.from([first, 0x80 | length])
      : Buffer.from([first, 0x80 | 126, (length >> 8) & 255, length & 255]);
  return Buffer.concat([head, mask, payload.map((byte, at) => byte ^ mask[at % 4]!)]);
}

test('frames of any kind end their socket at most', async () => {
  const random = new Random(59);
  const token = await server.token(ADMIN);
  const init = JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  const messages = [
    init,
    JSON.stringify({ id: 'a', type: 'subscribe', payload: { query: LOG } }),
    JSON.stringify({ id: 'a', type: 'complete' }),
    JSON.stringify({ id: '__proto__', type: 'subscribe', payload: { query: LOG, variables: { after: 7 } } }),
    JSON.stringify({ type: 'ping', payload: { deep: [[[[]]]] } }),
    JSON.stringify({ type: 'pong' }),
    '[]',
    'null',
    '"x"',
  ].map((text) => Buffer.from(text));
  for (let round = 0; round < 400; round += 1) {
    const socket = new WebSocket(socketUrl(server), 'graphql-transport-ws');
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => undefined);
    const { _socket: raw } = socket as unknown as { _socket: import('node:net').Socket };
    if (random.below(2) === 0) socket.send(init);
    for (let n = random.below(8); n >= 0; n -= 1) {
      const payload = Buffer.from(random.pick(messages));
      if (random.below(3) === 0) payload[random.below(payload.length)] = random.below(256);
      const kind = random.below(4);
      if (kind === 0) raw.write(frame(0x81, payload));
      if (kind === 1) raw.write(frame(random.below(256), payload));
      if (kind === 2) raw.write(frame(0x81, payload, random.below(60_000)));
      if (kind === 3) raw.write(randomBytes(1 + random.below(40)));
    }
    if (random.below(2) === 0) raw.destroy();
    else setTimeout(() => socket.terminate(), 20);
    await closed;
  }
  await sleep(50);
  expect(server.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  const reader = await Subscriber.open(server);
  await reader.subscribe().caughtUp();
  await reader.client.dispose();
});
