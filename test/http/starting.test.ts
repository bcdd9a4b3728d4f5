import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Listener } from '../../src/http/listening/listener';
import { listenWhileStarting, type StartStep } from '../../src/http/listening/startup-server';
import { startTestServer } from './harness';

/** From its first moment a process says that it lives, and that it is not ready yet; the server takes over from there. */

const AT = { host: '127.0.0.1', port: 0 };
const asked = async (url: string): Promise<[number, unknown]> => {
  const response = await fetch(url);
  return [response.status, await response.json()];
};

async function end(listener: Listener): Promise<void> {
  const drained = listener.drain();
  listener.connections.cut();
  await drained;
}

test('a start says that the process lives, how far it is, and STARTING to whoever wants more', async () => {
  let current: StartStep | null = null;
  const listener = await listenWhileStarting(AT, () => current);
  const url = listener.url ?? '';
  expect(url).toBe(`http://127.0.0.1:${listener.port}`);
  expect(await asked(`${url}/health/live`)).toEqual([200, { state: 'starting' }]);
  expect(await asked(`${url}/health/ready`)).toEqual([503, { ready: false, state: 'starting' }]);
  current = { step: 'Projecting events', done: 1, total: 3 };
  expect(await asked(`${url}/health/ready?x=1`)).toEqual([
    503,
    { ready: false, state: 'starting', ...current },
  ]);
  const refused = [
    503,
    { errors: [{ message: 'The server is starting.', extensions: { code: 'STARTING' } }] },
  ];
  expect(await asked(`${url}/graphql`)).toEqual(refused);
  expect(await asked(`${url}/metrics`)).toEqual(refused);
  expect(await asked(`${url}/scim/v2/Users`)).toEqual([
    503,
    {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '503',
      detail: 'STARTING: The server is starting.',
    },
  ]);
  await end(listener);
  await expect(fetch(url)).rejects.toThrow();
});

test('a port that is taken fails the start', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await expect(listenWhileStarting({ ...AT, port }, () => null)).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  await new Promise((resolve) => other.close(resolve));
});

test('a name is listened on at all its addresses', async () => {
  const listener = await listenWhileStarting({ host: 'localhost', port: 0 }, () => null);
  // The name means both where the machine has IPv6.
  expect((await asked(`http://localhost:${listener.port}/health/live`))[0]).toBe(200);
  expect((await asked(`${listener.url}/health/live`))[0]).toBe(200);
  await end(listener);
});

/** A promise, and what fulfils it. */
function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((fulfil) => (resolve = fulfil));
  return { promise, resolve };
}

describe('The hand-over', () => {
  const CLIENTS = 32;

  /** Asks again and again on one connection that is kept; resolves to what it was told until it was told `last`. */
  async function askOn(
    agent: http.Agent,
    port: number,
    last: number,
    onAnswer: () => void = () => undefined,
  ): Promise<(number | undefined)[]> {
    const told: (number | undefined)[] = [];
    while (told.at(-1) !== last) {
      const request = http.request({ ...AT, port, path: '/health/ready', agent });
      request.end();
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      await once(response.resume(), 'end');
      // The first connection serves to the end.
      if (told.length > 0) expect(request.reusedSocket).toBe(true);
      told.push(response.statusCode);
      onAnswer();
      // Lets the server start beside the clients: they are in one thread.
      await sleep(1);
    }
    return told;
  }

  test(`of ${CLIENTS} clients that keep their connections and never stop asking, each request is answered`, async () => {
    const listener = await listenWhileStarting(AT, () => null);
    const { port } = listener;
    const agents = Array.from({ length: CLIENTS }, () => new http.Agent({ keepAlive: true, maxSockets: 1 }));
    const heard = agents.map(() => deferred());
    const asking = Promise.all(agents.map((agent, n) => askOn(agent, port, 200, heard[n]!.resolve)));
    await Promise.all(heard.map(({ promise }) => promise));
    const server = await startTestServer({ wrap: () => ({ listener }) });
    try {
      expect(server.url).toBe(`http://127.0.0.1:${port}`);
      for (const told of await asking) {
        const first = told.indexOf(200);
        expect(told.slice(0, first).every((status) => status === 503)).toBe(true);
        expect(first).toBeGreaterThan(0);
      }
      // Kept from before the server was there, they are followed to its end.
      const answer = askOn(agents[0] as http.Agent, port, 200);
      expect(await answer).toEqual([200]);
    } finally {
      await server.close();
      agents.forEach((agent) => agent.destroy());
    }
  });

  test('a request whose body was still arriving is answered by whom it began with', async () => {
    const listener = await listenWhileStarting(AT, () => null);
    const request = http.request({ ...AT, port: listener.port, path: '/graphql', method: 'POST' });
    request.write('{"query":');
    const [early] = (await once(request, 'response')) as [IncomingMessage];
    expect(early.statusCode).toBe(503);
    early.resume();
    listener.answerWith((_request, response) => response.end('taken over'));
    request.end('""}');
    await once(early, 'end');
    expect(await (await fetch(listener.url ?? '')).text()).toBe('taken over');
    await end(listener);
  });
});
