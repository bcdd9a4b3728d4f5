import http, { type RequestListener } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { watchConnections, type Draining } from '../../src/http/listening/connection-drain';

/** Draining of a server: requests under way get their answers, and open connections hold nothing up. */

let server: http.Server;
let draining: Draining;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

async function start(listener: RequestListener): Promise<number> {
  server = http.createServer(listener);
  draining = watchConnections(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

afterEach(() => {
  draining.cut();
  server.close();
  agent.destroy();
});

const get = (port: number): Promise<{ status?: number; connection?: string }> =>
  new Promise((resolve, reject) => {
    const request = http.get({ port, host: '127.0.0.1', agent }, (response) => {
      response.resume();
      response.once('end', () =>
        resolve({ status: response.statusCode, connection: response.headers.connection }),
      );
    });
    request.once('error', reject);
  });

test('a request under way is answered, and its connection ends with the answer', async () => {
  let answer: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => {
    void start((_request, response) => {
      answer = () => response.end('yes');
      resolve();
    }).then((port) => (answered = get(port)));
  });
  let answered: Promise<object> | undefined;
  await arrived;
  let ended = false;
  const drained = draining.drain().then(() => (ended = true));
  expect(ended).toBe(false);
  answer();
  expect(await answered).toEqual({ status: 200, connection: 'close' });
  await drained;
});

test('a kept connection may bring one more request, and none after that', async () => {
  const port = await start((_request, response) => response.end('yes'));
  expect(await get(port)).toEqual({ status: 200, connection: 'keep-alive' });
  const drained = draining.drain();
  expect(await get(port)).toEqual({ status: 200, connection: 'close' });
  await drained;
  await expect(get(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('no new connection is taken once it has begun', async () => {
  const port = await start((_request, response) => response.end('yes'));
  const silent = net.connect(port, '127.0.0.1');
  await new Promise((resolve) => silent.once('connect', resolve));
  const drained = draining.drain();
  await expect(get(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  // Nor does a connection that says nothing hold it up for ever.
  silent.on('error', () => undefined);
  await drained;
});

test('a request that never ends is cut off when that is asked for', async () => {
  const arrived = new Promise<void>((resolve) => {
    void start(() => resolve()).then((port) => (cut = get(port).catch((error: Error) => error)));
  });
  let cut: Promise<unknown> | undefined;
  await arrived;
  const drained = draining.drain();
  draining.cut();
  await drained;
  expect(await cut).toMatchObject({ code: 'ECONNRESET' });
});
