import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import pino from 'pino';
import { openOperatorSocket, type OperatorSocket } from '../../src/app/operator-socket';
import { remoteOperatorBus } from '../../src/cli/remote-bus';
import type { OperatorBus, OperatorItem } from '../../src/operator/operator-bus';
import { newDirectory, removeDirectory } from '../directories';

/** The socket of operators: who reaches it, what it serves, where it is. */

let directory: string;
let socket: OperatorSocket | undefined;
let given: OperatorItem[];
const bus: OperatorBus = {
  async executeAll(items) {
    given.push(...items);
    return items.map(() => ({
      accepted: true,
      owner: { kind: 'user', id: 'ada' },
      position: 7n,
      written: 1,
    }));
  },
};
beforeEach(() => {
  directory = newDirectory();
  given = [];
});
afterEach(async () => {
  await socket?.close();
  socket = undefined;
  removeDirectory(directory);
});

const open = async (dataDirectory = directory): Promise<OperatorSocket> =>
  (socket = await openOperatorSocket(
    { dataDirectory, bodyLimitBytes: 1_024, trustedProxies: [] },
    { bus, logger: pino({ level: 'silent' }) },
  ));

const ITEM: OperatorItem = {
  command: { type: 'eraseUser', user: 'ada' },
  context: { account: 'acme', actor: { type: 'operator', id: 'olga' }, requestId: 'r' },
};

const statusOf = (socketPath: string, method: string, at: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const sent = request({ socketPath, method, path: at, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    sent.on('error', reject).end();
  });

test('Commands of the command line come through it, without a token', async () => {
  const { path: at } = await open();
  const answers = await remoteOperatorBus({ socket: at }).executeAll([ITEM, ITEM]);
  expect(answers).toMatchObject([{ accepted: true, position: 7n }, { accepted: true }]);
  expect(given).toEqual([ITEM, ITEM]);
});

test('Its owner alone reaches it', async () => {
  const { path: at } = await open();
  expect(at).toBe(path.join(directory, 'operator', 'socket'));
  expect(statSync(at).isSocket()).toBe(true);
  expect(statSync(at).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(at)).mode & 0o777).toBe(0o700);
});

test('A folder that others may enter is closed to them', async () => {
  mkdirSync(path.join(directory, 'operator'), { mode: 0o755 });
  const { path: at } = await open();
  expect(statSync(path.dirname(at)).mode & 0o777).toBe(0o700);
});

test('It serves the operator’s route and nothing else', async () => {
  const { path: at } = await open();
  for (const [method, address] of [
    ['POST', '/graphql'],
    ['GET', '/metrics'],
    ['GET', '/'],
  ] as const)
    expect(await statusOf(at, method, address)).toBeGreaterThanOrEqual(404);
  expect(await statusOf(at, 'GET', '/operator/commands')).toBe(405);
  expect(given).toEqual([]);
});

test('A data folder with a long path has it in a short one, and it is gone at the end', async () => {
  const long = path.join(directory, 'é'.repeat(60));
  mkdirSync(long);
  const { path: at, close } = await open(long);
  expect(Buffer.byteLength(at)).toBeLessThanOrEqual(103);
  expect(statSync(path.dirname(at)).mode & 0o777).toBe(0o700);
  await expect(remoteOperatorBus({ socket: at }).executeAll([ITEM])).resolves.toHaveLength(1);
  await close();
  socket = undefined;
  expect(existsSync(path.dirname(at))).toBe(false);
});

test('What a killed server left behind is in nobody’s way', async () => {
  mkdirSync(path.join(directory, 'operator'));
  writeFileSync(path.join(directory, 'operator', 'socket'), '');
  const { path: at } = await open();
  await expect(remoteOperatorBus({ socket: at }).executeAll([ITEM])).resolves.toHaveLength(1);
});

test('A server that is gone is said to be out of reach', async () => {
  const { path: at, close } = await open();
  await close();
  socket = undefined;
  await expect(remoteOperatorBus({ socket: at }).executeAll([ITEM])).rejects.toThrow(/cannot be reached/);
});

test('it closes whatever became of its folder', async () => {
  const { path: at, close } = await open();
  writeFileSync(path.join(path.dirname(at), 'stray'), '');
  await close();
  expect(existsSync(path.dirname(at))).toBe(false);
  const again = await open();
  rmSync(path.dirname(again.path), { recursive: true });
  await again.close();
  socket = undefined;
});
