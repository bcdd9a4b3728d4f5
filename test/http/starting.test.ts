import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { answerWhileStarting, type StartStep } from '../../src/http/starting';

/** From its first moment a process says that it lives, and that it is not ready yet. */

const AT = { host: '127.0.0.1', port: 0 };
const asked = async (url: string): Promise<[number, unknown]> => {
  const response = await fetch(url);
  return [response.status, await response.json()];
};

test('a start says that the process lives, how far it is, and STARTING to whoever wants more', async () => {
  let current: StartStep | null = null;
  const starting = await answerWhileStarting(AT, () => current);
  const url = `http://127.0.0.1:${starting.port}`;
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
  await starting.end();
  await expect(fetch(url)).rejects.toThrow();
});

test('an end does not wait for a connection that asks nothing', async () => {
  const starting = await answerWhileStarting(AT, () => null);
  const idle = connect(starting.port, AT.host);
  await once(idle, 'connect');
  const closed = once(idle, 'close');
  idle.on('error', () => undefined);
  await starting.end();
  await closed;
});

test('a port that is taken fails the start', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await expect(answerWhileStarting({ ...AT, port }, () => null)).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  await new Promise((resolve) => other.close(resolve));
});
