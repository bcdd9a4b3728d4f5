import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Ready } from '../../src/app/ephemeral';
import { openLog } from '../../src/app/open-log';
import { loadConfig } from '../../src/config/config';
import { people } from '../../src/operations/demo/people';
import { newDirectory, removeDirectory } from '../directories';

/** `rolebook serve --ephemeral`, as the tests of a frontend start it: from a folder of theirs. Needs the build. */

const PROGRAM = path.join(__dirname, '..', '..', 'bin', 'rolebook.js');

const running = new Set<ChildProcess>();
let place: string;
beforeEach(() => {
  place = newDirectory();
  for (const folder of ['frontend', 'tmp']) mkdirSync(path.join(place, folder));
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  removeDirectory(place);
});

const inPlace = (folder: 'frontend' | 'tmp'): string[] => readdirSync(path.join(place, folder)).sort();

function start(words: readonly string[], settings: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [PROGRAM, 'serve', ...words], {
    cwd: path.join(place, 'frontend'),
    env: { PATH: process.env.PATH, TMPDIR: path.join(place, 'tmp'), ROLEBOOK_LOG_LEVEL: 'warn', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const printed: string[] = [];
  const lines = createInterface(child.stdout).on('line', (line) => printed.push(line));
  const ended = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      running.delete(child);
      resolve(code);
    }),
  );
  return {
    said: () => said,
    printed,
    ended,
    /** Resolves when so many lines are printed. */
    async ready(count: number): Promise<Ready[]> {
      while (printed.length < count)
        await Promise.race([
          new Promise((resolve) => lines.once('line', resolve)),
          ended.then((code) => Promise.reject(new Error(`It ended (${code}):\n${said}`))),
        ]);
      return printed.map((line) => JSON.parse(line) as Ready);
    },
    stop(signal: NodeJS.Signals): Promise<number | null> {
      child.kill(signal);
      return ended;
    },
  };
}

async function ask(server: Ready, username: string, query: string) {
  const response = await fetch(server.graphql, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.tokens[username]}` },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as { data: unknown; errors?: { extensions: { code: string } }[] };
}

const SCREENS = `{
  me { id name }
  roles(first: 40) { totalCount edges { node {
    id name userCount version createdAt updatedAt createdBy { key name host }
    users(first: 5) { edges { assignedAt node { id name lastLoginAt } } } } } }
  history(first: 100) { totalCount edges { node {
    id at recordedAt position requestId summary reason actor { key name host } } } }
}`;

/** Events that no answer shows; their ids are chance. */
const INNER = ['Claimed', 'Released', 'ClaimAbandoned', 'UserBarred', 'UserUnbarred'];

/**
 * Every event of a log but for encrypted texts, which are never encrypted alike, how far the read models were when it was
 * decided, and the ids of inner events.
 */
async function eventsIn(folder: string): Promise<string[]> {
  const config = loadConfig({ ROLEBOOK_DATA_DIR: path.join(place, 'tmp', folder) });
  const store = await openLog(config, { readOnly: true });
  const events: string[] = [];
  try {
    for await (const { position, id, ...event } of store.readAll())
      events.push(
        JSON.stringify({ ...event, id: INNER.includes(event.type) ? '' : id, position: String(position) })
          .replace(/"c":"[^"]*"/g, '"c":""')
          .replace(/"basis":"[^"]*"/, '"basis":""'),
      );
  } finally {
    await store.close();
  }
  return events;
}

test('servers side by side have the same ids, dates and positions, and leave nothing behind', async () => {
  const [pair, single] = [
    start(['--ephemeral', '--port', '0', '--instances', '2']),
    start(['--ephemeral'], { PORT: '0' }),
  ];
  const servers = [...(await pair.ready(2)), ...(await single.ready(1))];
  expect(new Set(servers.map(({ url }) => url)).size).toBe(3);
  for (const { url, graphql, account, tokens } of servers) {
    expect({ graphql, account, users: Object.keys(tokens).sort() }).toEqual({
      graphql: `${url}/graphql`,
      account: 'demo',
      users: people.map(({ username }) => username).sort(),
    });
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  }

  const answers = await Promise.all(servers.map((server) => ask(server, 'admin', SCREENS)));
  expect(answers[0]!.errors).toBeUndefined();
  expect(answers[0]).toMatchObject({
    data: { me: { id: 'User:admin' } },
    extensions: { position: expect.any(String) as string },
  });
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
  const logs = await Promise.all(inPlace('tmp').map(eventsIn));
  expect(logs).toHaveLength(3);
  expect(logs[0]!.length).toBeGreaterThan(500);
  for (const log of logs) {
    expect(log.length).toBe(logs[0]!.length);
    expect(log.filter((event, index) => event !== logs[0]![index])).toEqual([]);
  }

  // A change of one is in no other.
  const rename =
    'mutation { updateUser(input: { id: "User:li-wei", name: "Li" }) { user { name } errors { code } } }';
  expect(await ask(servers[0]!, 'admin', rename)).toMatchObject({ data: { updateUser: { errors: [] } } });
  expect(await ask(servers[1]!, 'admin', '{ user(id: "User:li-wei") { name } }')).toMatchObject({
    data: { user: { name: 'Li Wei' } },
  });
  // Tokens of another server are none.
  const [first, second] = servers as [Ready, Ready, Ready];
  expect(
    (await ask({ ...first, tokens: second.tokens }, 'admin', '{ me { id } }')).errors?.[0]?.extensions.code,
  ).toBe('UNAUTHENTICATED');

  expect([await pair.stop('SIGTERM'), await single.stop('SIGINT')]).toEqual([0, 0]);
  expect([pair.printed.length, single.printed.length]).toEqual([2, 1]);
  // Nothing but the token that was refused.
  const [refused, ...more] = pair.said().trim().split('\n');
  expect(JSON.parse(refused ?? '')).toMatchObject({ msg: 'refused attempt', why: 'bad token' });
  expect([more, single.said()]).toEqual([[], '']);
  expect(inPlace('tmp')).toEqual([]);
  expect(inPlace('frontend')).toEqual([]);
});

test('is refused with the settings of a server that keeps something, and makes nothing', async () => {
  const refused = start(['--ephemeral'], {
    ROLEBOOK_DATA_DIR: path.join(place, 'frontend', 'data'),
    NODE_ENV: 'production',
  });
  expect(await refused.ended).toBe(1);
  expect(refused.said()).toMatch(/ROLEBOOK_DATA_DIR is set.*NODE_ENV is production/s);
  expect(refused.printed).toEqual([]);
  expect([...inPlace('tmp'), ...inPlace('frontend')]).toEqual([]);
});

test('a port that is taken ends it, and its folder with it; the guide’s users have the rights that it says', async () => {
  const process = start(['--ephemeral', '--port', '0']);
  const [server] = (await process.ready(1)) as [Ready];
  const second = start(['--ephemeral', '--port', new URL(server.url).port]);
  expect(await second.ended).toBe(1);
  expect(second.said()).toContain('EADDRINUSE');
  expect(inPlace('tmp')).toHaveLength(1);

  const may = async (username: string, query: string): Promise<string> => {
    const { errors } = await ask(server, username, query);
    return errors?.[0]?.extensions.code ?? 'yes';
  };
  const [users, roles] = ['{ users(first: 1) { totalCount } }', '{ roles(first: 1) { totalCount } }'];
  expect([await may('admin', users), await may('admin', roles)]).toEqual(['yes', 'yes']);
  expect([await may('li.wei', users), await may('li.wei', roles)]).toEqual(['yes', 'FORBIDDEN']);
  expect(await ask(server, 'zoe.papadaki', '{ me { id roles { id } } }')).toMatchObject({
    data: { me: { id: 'User:zoe-papadaki', roles: [] } },
  });
  expect(await may('zoe.papadaki', users)).toBe('FORBIDDEN');
  expect(await process.stop('SIGTERM')).toBe(0);
});
