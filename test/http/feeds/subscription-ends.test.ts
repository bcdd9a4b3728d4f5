import { request } from 'node:http';
import { connect } from 'node:net';
import { codecOf } from '../../known-positions';
import { ACCOUNT, ADMIN, startTestServer, type TestServer } from '../harness';
import { keyOf } from '../matrix/callers';
import { metricsOf } from '../prometheus';
import { createRole, page } from './reader';
import { LOG, socketUrl, Subscriber, type Ended, type Subscription } from './subscriber';
import WebSocket from 'ws';

/** Ends of subscriptions, each with the position to go on from; and sockets that are no subscriptions. */

let server: TestServer;
const open: Subscriber[] = [];

beforeAll(async () => {
  server = await startTestServer({
    environment: { ROLEBOOK_FEED_HEARTBEAT_MS: '50', ROLEBOOK_FEED_READERS: '8' },
  });
});
afterEach(async () => {
  for (const { client } of open.splice(0)) await client.dispose();
});
afterAll(() => server.close());

async function subscriber(options?: Parameters<typeof Subscriber.open>[1], of = server): Promise<Subscriber> {
  const opened = await Subscriber.open(of, options);
  open.push(opened);
  return opened;
}

/** Behind what there is: the past is read by other tests. */
async function fromNow(): Promise<{ after: unknown }> {
  const { ordinal } = server.readModels.status();
  const place = server.readModels.findPlace(ordinal)!;
  return { after: (await codecOf(server.store)).encode(place, ACCOUNT) };
}

const register = (user: string): Promise<bigint | null> =>
  server.run({ type: 'registerUser', user, username: user });

async function reader(user: string, ...permissions: string[]): Promise<{ token: string; role: string }> {
  await register(user);
  const grants = permissions.map((permission) => ({ permission }));
  const role = await createRole(server, { name: `Of ${user}`, grants, userIds: [user] });
  return { token: await server.token(user), role };
}

/** The error of an end: it has the position of the last message. */
async function endOf(subscription: Subscription): Promise<string> {
  const { extensions } = (await subscription.ended) as Ended;
  // A message that is on its way when the right goes is refused itself, and has no position.
  const last = subscription.messages.at(-1)!.data.logEvents as { readonly position: string } | null;
  if (last !== null) expect(last.position).toBe(extensions.position);
  return extensions.code;
}

test('the right is lost: FORBIDDEN, and the event that took it is not told', async () => {
  const { token, role } = await reader('lost', 'audit-log/view');
  const subscription = (await subscriber({ token })).subscribe(LOG, await fromNow());
  await subscription.caughtUp();
  await server.run({ type: 'unassignUsers', role, userIds: ['lost'] });
  expect(await endOf(subscription)).toBe('FORBIDDEN');
  expect(subscription.events.some(({ type }) => type.includes('UserUnassigned'))).toBe(false);
});

test('the key is revoked: UNAUTHENTICATED, and the socket is closed when its last subscription is over', async () => {
  const { text: token, revoke } = await keyOf(server, 'robot');
  const grants = [{ permission: 'audit-log/view' }];
  await server.run({ type: 'createRole', name: 'Robots', grants, userIds: ['robot'] });
  const socket = await subscriber({ token });
  const now = await fromNow();
  const both = [socket.subscribe(LOG, now), socket.subscribe(LOG, now)];
  await Promise.all(both.map((each) => each.caughtUp()));
  await revoke();
  for (const each of both) expect(await endOf(each)).toBe('UNAUTHENTICATED');
  expect(await socket.closed).toMatchObject({ code: 4401, reason: 'UNAUTHENTICATED' });
});

test('names stop when the right to see them goes; another right goes without an end', async () => {
  const { token } = await reader('names', 'audit-log/view');
  const seers = await createRole(server, {
    name: 'Seers',
    grants: [{ permission: 'users/view' }],
    userIds: ['names'],
  });
  const socket = await subscriber({ token });
  const subscription = socket.subscribe(LOG, {
    ...(await fromNow()),
    filter: { types: ['UserRegistered'] },
  });
  const told = async (user: string): Promise<unknown> => {
    await register(user);
    const { data } = await subscription.until((message) => message.data.logEvents.event?.data.user === user);
    return data.logEvents.event.data.username;
  };
  expect(await told('seen')).toBe('seen');
  await server.run({ type: 'unassignUsers', role: seers, userIds: ['names'] });
  expect(await told('unseen')).toBeNull();
});

/** Subscriptions and sockets that are open, by the metrics. */
async function readers(): Promise<unknown[]> {
  const metrics = await metricsOf(server.url);
  return ['subscription', 'socket'].map((by) => metrics.get(`rolebook_feed_readers{by="${by}"}`));
}

test('a reader who leaves gives the place back at once', async () => {
  const socket = await subscriber();
  const now = await fromNow();
  // Half of the places are those of one caller.
  for (let round = 0; round < 3; round += 1) {
    const held = [1, 2, 3, 4].map(() => socket.subscribe(LOG, now));
    await Promise.all(held.map((each) => each.caughtUp()));
    const more = socket.subscribe();
    expect(((await more.ended) as Ended).extensions.code).toBe('OVERLOADED');
    expect(await readers()).toEqual([4, 1]);
    held.forEach(({ leave }) => leave());
    // It is told in the order in which messages are sent.
    const { socket: raw } = socket;
    raw.ping();
    await new Promise((resolve) => raw.once('pong', resolve));
  }
  expect(await readers()).toEqual([0, 1]);
});

test('opening one costs what opening a feed does, and counts as a request', async () => {
  const limited = await startTestServer({
    environment: { ROLEBOOK_MAX_QUERY_COST: '500', ROLEBOOK_COST_LIMIT: '2500' },
  });
  try {
    const socket = await subscriber(undefined, limited);
    const [one, two, three] = [socket.subscribe(), socket.subscribe(), socket.subscribe()];
    const { extensions } = (await three.ended) as Ended;
    expect(extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
    await Promise.all([one, two].map((each) => each.until(() => true)));
  } finally {
    await limited.close();
  }
});

/** Code with which the server closes a socket that sends something. */
async function closedBy(...sent: (string | Buffer)[]): Promise<number> {
  const socket = new WebSocket(socketUrl(server), 'graphql-transport-ws');
  await new Promise((resolve) => socket.once('open', resolve));
  for (const each of sent) socket.send(each);
  return new Promise((resolve) => socket.once('close', (code) => resolve(code)));
}

test('what is no message of the protocol ends the socket, and nothing else', async () => {
  const subscribe = JSON.stringify({ id: '1', type: 'subscribe', payload: { query: LOG } });
  expect(await closedBy('nonsense')).toBe(4400);
  expect(await closedBy(Buffer.from([0, 255, 128]))).toBe(4400);
  expect(await closedBy('{"type":"toString"}')).toBe(4400);
  expect(await closedBy(subscribe)).toBe(4401);
  expect(await closedBy('x'.repeat(17_000))).toBe(1009);
  const init = JSON.stringify({
    type: 'connection_init',
    payload: { authorization: `Bearer ${await server.token(ADMIN)}` },
  });
  expect(await closedBy(init, init)).toBe(4429);
  expect(await closedBy(init, JSON.stringify({ id: '1', type: 'subscribe', payload: {} }))).toBe(4400);
});

test('a socket of another protocol, or at another address, is none', async () => {
  const failed = (address: string, protocol?: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = new WebSocket(address, protocol);
      socket.once('error', ({ message }) => resolve(message));
      socket.once('close', (code) => resolve(String(code)));
    });
  expect(await failed(socketUrl(server), 'graphql-ws')).toMatch(/subprotocol/);
  expect(await failed(socketUrl(server).replace('/graphql', '/events'), 'graphql-transport-ws')).toBe(
    'Unexpected server response: 401',
  );
  expect((await fetch(`${server.url}/graphql`)).status).toBe(405);
  const headers = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '12' };
  const status = await new Promise((resolve) =>
    request(`${server.url}/graphql`, { headers }, (response) => resolve(response.resume().statusCode)).end(),
  );
  expect(status).toBe(405);
});

test.each(['h2c', 'websocket'])(
  'a request that asks for %s is answered in HTTP/1.1, on a connection that goes on',
  async (protocol) => {
    const body = JSON.stringify({ query: '{ me { id } }' });
    const post = [
      'POST /graphql HTTP/1.1',
      'Host: localhost',
      'Connection: Upgrade, HTTP2-Settings',
      `Upgrade: ${protocol}`,
      'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      `Authorization: Bearer ${await server.token(ADMIN)}`,
    ].join('\r\n');
    const { port, hostname } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    let answers = '';
    for (const times of [1, 2]) {
      socket.write(`${post}\r\n\r\n`);
      socket.write(body);
      await new Promise<void>((resolve) => {
        const read = (chunk: Buffer): void => {
          answers += String(chunk);
          if (answers.split('"User:ada"').length <= times) return;
          socket.off('data', read);
          resolve();
        };
        socket.on('data', read);
      });
    }
    socket.destroy();
    expect(answers.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  },
);

// The last one: the other server takes the log along.
test('the server stops: SHUTDOWN with a position that another server goes on from, then the socket is closed', async () => {
  const other = await startTestServer({
    environment: { ROLEBOOK_FEED_HEARTBEAT_MS: '50' },
    store: server.store,
  });
  try {
    const socket = await subscriber(undefined, other);
    const subscription = socket.subscribe(LOG, await fromNow());
    await subscription.caughtUp();
    const stopped = other.stop();
    expect(await endOf(subscription)).toBe('SHUTDOWN');
    expect(await socket.closed).toMatchObject({ code: 1001, reason: 'SHUTDOWN' });
    await stopped;
    const { extensions } = (await subscription.ended) as Ended;
    await register('after-stop');
    const next = (await subscriber()).subscribe(LOG, { after: extensions.position });
    const { data } = await next.until((message) => message.data.logEvents.event !== null);
    const { events } = await page(server, { after: extensions.position });
    expect(data.logEvents.event.id).toBe(events[0]!.id);
  } finally {
    await other.close();
  }
});
