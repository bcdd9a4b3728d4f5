import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { codecOf } from '../../known-positions';
import { Installation, type ServerProcess, type Settings } from '../installation';

/** `rolebook events`: of a server over HTTP, and of the log of the data folder. */

interface Line {
  readonly specversion?: string;
  readonly id: string;
  readonly type: string;
  readonly position: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);

let installation: Installation;
let server: ServerProcess;
/** A reader without the data folder. */
let reader: Installation;
let all: Line[];
const running = new Set<ChildProcess>();

beforeAll(async () => {
  installation = new Installation();
  server = await installation.start({ ROLEBOOK_FEED_HEARTBEAT_MS: '100' });
  reader = new Installation({ ROLEBOOK_TOKEN: server.token });
  all = linesOf((await events()).stdout);
});
afterEach(() => running.forEach((child) => child.kill('SIGKILL')));
afterAll(async () => {
  await server.stop();
  reader.remove();
  installation.remove();
});

const events = (...words: string[]) => reader.rolebook('events', '--url', server.url, ...words);

const register = async (username: string): Promise<void> => {
  const mutation = `mutation ($username: String!) { registerUser(input: { username: $username }) { errors { code } } }`;
  const { data } = await server.graphql<{ registerUser: { errors: object[] } }>(mutation, { username });
  expect(data.registerUser.errors).toEqual([]);
};

/** A command that follows; what it has printed, and its end by a signal. */
function following(words: readonly string[], settings: Settings) {
  const child = spawn(process.execPath, [path.join('bin', 'rolebook.js'), 'events', '--follow', ...words], {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const said = { stdout: '', stderr: '' };
  let wake: () => void = () => undefined;
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
      wake();
    });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  void ended.then(() => (running.delete(child), wake()));
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) {
      if (!running.has(child)) throw new Error(`It ended: ${said.stderr}`);
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return {
    said,
    lines: () => linesOf(said.stdout.slice(0, said.stdout.lastIndexOf('\n') + 1)),
    until,
    async stop(): Promise<number | null> {
      child.kill('SIGINT');
      return ended;
    },
  };
}

const isOf = (username: string) => (line: Line) =>
  line.type.includes('UserRegistered') && line.data.username === username;

test('--after: a position and the id of an event; nothing behind the last one, and beyond the end an error', async () => {
  expect(all.every(({ specversion }) => specversion === '1.0')).toBe(true);
  expect(all.length).toBeGreaterThan(500);
  const middle = all[300]!;
  for (const after of [middle.position, middle.id]) {
    const { code, stdout } = await events('--after', after);
    expect([code, linesOf(stdout)]).toEqual([0, all.slice(301)]);
  }
  expect(await events('--after', all.at(-1)!.position)).toMatchObject({ code: 0, stdout: '' });

  const store = await installation.openLog();
  const codec = await codecOf(store).finally(() => store.close());
  const beyond = codec.encode({ ordinal: 1_000_000, time: Date.now(), position: 1n }, 'demo');
  for (const [after, said] of [
    [beyond, /^POSITION_NOT_REACHED: /m],
    ['nonsense', /^BAD_USER_INPUT: /m],
    ['00000000.0000000000000000000000000', /^POSITION_OF_ANOTHER_STORE: /m],
  ] as const) {
    const refused = { code: 1, stdout: '', stderr: expect.stringMatching(said) as string };
    expect(await events('--after', after)).toMatchObject(refused);
    expect(await events('--follow', '--after', after)).toMatchObject(refused);
    const ofLog = await installation.rolebook('events', '--account', 'demo', '--after', after);
    expect(ofLog).toMatchObject({ code: 1, stdout: '' });
  }
});

test('--types: only these, also of a server; one that there is not is refused', async () => {
  const types = ['RoleCreated', 'UserAssigned'];
  const { code, stdout } = await events('--types', types.join(', '));
  const wanted = all.filter(({ type }) => types.includes(type.split('.')[1]!));
  expect(wanted.length).toBeGreaterThan(10);
  expect([code, linesOf(stdout)]).toEqual([0, wanted]);
  const bad = await events('--types', 'RoleExploded');
  expect([bad.code, bad.stdout, bad.stderr]).toEqual([
    2,
    '',
    expect.stringContaining('Give types of events'),
  ]);
});

test('the token is that of ROLEBOOK_TOKEN, or of ROLEBOOK_TOKEN_FILE; without one, or with a bad one, it says so', async () => {
  const file = path.join(reader.directory, 'token');
  writeFileSync(file, `${server.token}\n`);
  const last = ['--after', all.at(-2)!.position];
  const told = async (settings: Settings) => {
    const each = new Installation(settings);
    try {
      return await each.rolebook('events', '--url', server.url, ...last);
    } finally {
      each.remove();
    }
  };
  const fromFile = await told({ ROLEBOOK_TOKEN_FILE: file });
  expect([fromFile.code, linesOf(fromFile.stdout)]).toEqual([0, all.slice(-1)]);
  expect(await told({})).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('ROLEBOOK_TOKEN') as string,
  });
  expect(await told({ ROLEBOOK_TOKEN: 'bad' })).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('UNAUTHENTICATED: ') as string,
  });
});

test('--url is an address of a server that can be reached', async () => {
  for (const [url, said] of [
    ['ftp://127.0.0.1', '--url is an address'],
    ['http://127.0.0.1:1', 'cannot be reached'],
  ] as const) {
    const { code, stdout, stderr } = await reader.rolebook('events', '--url', url);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining(said)]);
  }
});

test('--follow: from the past into live, over a restart of the server, each once; Ctrl-C ends it with 0', async () => {
  const { port: PORT } = new URL(server.url);
  const after = all.at(-3)!.position;
  const follower = following(['--url', server.url, '--after', after], reader.settings);
  await register('followed');
  await follower.until(() => follower.lines().some(isOf('followed')));
  await server.stop();
  server = await installation.start({ PORT, ROLEBOOK_FEED_HEARTBEAT_MS: '100' });
  await register('followed-again');
  await follower.until(() => follower.lines().some(isOf('followed-again')));
  expect(await follower.stop()).toBe(0);
  const whole = linesOf((await events()).stdout);
  const index = whole.findIndex(({ position }) => position === after);
  expect(follower.lines()).toEqual(whole.slice(index + 1));
  expect(follower.said.stderr).toContain('Following; end with Ctrl-C.');
});

test('--follow --types: only these, and no heartbeat is printed', async () => {
  const follower = following(['--url', server.url, '--types', 'UserRegistered'], reader.settings);
  await register('of-type');
  await follower.until(() => follower.lines().some(isOf('of-type')));
  await register('of-type-later');
  await follower.until(() => follower.lines().some(isOf('of-type-later')));
  await follower.stop();
  expect(new Set(follower.lines().map(({ type }) => type.split('.')[1]))).toEqual(
    new Set(['UserRegistered']),
  );
});

test('without --url it is the log itself, followed too, in the form that it has there', async () => {
  const types = ['--account', 'demo', '--types', 'UserRegistered'];
  const follower = following(types, installation.settings);
  await register('in-the-log');
  await follower.until(() => follower.lines().some(({ data }) => data.username === 'in-the-log'));
  expect(await follower.stop()).toBe(0);
  const printed = await installation.rolebook('events', ...types);
  expect(printed.code).toBe(0);
  expect(follower.lines()).toEqual(linesOf(printed.stdout));
  expect(follower.lines().every(({ specversion, type }) => !specversion && type === 'UserRegistered')).toBe(
    true,
  );
  const last = follower.lines().at(-1)!.position;
  expect(await installation.rolebook('events', ...types, '--after', last)).toMatchObject({
    code: 0,
    stdout: '',
  });
});
