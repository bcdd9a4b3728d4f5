import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newDirectory, removeDirectory } from '../directories';
import { about, printed, unpack } from './folder-of-0-1-0';
import { Installation, type CommandResult, type ServerProcess, type Settings } from './installation';
import { serverLogs, type ServerLog } from './server-logs';

/**
 * A log in a server as its operator keeps it: a user is erased and the key book rotated beside two replicas, log and key
 * book are backed up and restored under another prefix, and the log of release 0.1.0 moves up there encrypted, and down.
 */

const PERSON = { id: 'User:marguerite', username: 'marguerite.w', name: 'Marguerite Wollstonecraft' };
const OTHER = 'Ada Lindqvist';

interface Named {
  readonly name: string;
  readonly status: string;
}
interface Outcome {
  readonly errors: readonly object[];
  readonly position: string;
}

async function mutate(server: ServerProcess, field: string, input: object): Promise<string> {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input!`;
  const query = `mutation ($input: ${type}) { ${field}(input: $input) { errors { code } position } }`;
  const { data, errors } = await server.graphql<Record<string, Outcome>>(query, { input });
  expect([field, errors, data?.[field]?.errors]).toEqual([field, undefined, []]);
  return data[field]!.position;
}

const NAMES = `query ($id: ID!) {
  user(id: $id) { name status }
  users(first: 60) { edges { node { name status } } }
}`;

/** The person, and the names of all users, as a replica shows them at a position. */
async function namesAt(
  server: ServerProcess,
  position?: string,
): Promise<{ readonly person: Named | null; readonly names: readonly string[] }> {
  const headers: Settings = position === undefined ? {} : { 'rolebook-min-position': position };
  const { data, errors } = await server.graphql<{
    user: Named | null;
    users: { edges: readonly { node: Named }[] };
  }>(NAMES, { id: PERSON.id }, headers);
  expect(errors).toBeUndefined();
  return { person: data.user, names: data.users.edges.map(({ node }) => node.name) };
}

const json = ({ stdout }: CommandResult): Record<string, unknown> =>
  (JSON.parse(stdout) as Record<string, unknown>[])[0]!;

async function done(of: Installation, ...words: string[]): Promise<CommandResult> {
  const result = await of.rolebook(...words);
  // The reason of a failure is shown.
  expect([words, result.code, result.code === 0 ? '' : result.stderr]).toEqual([words, 0, '']);
  return result;
}

describe.each(serverLogs)('A log in %s', (_name, open) => {
  const root = newDirectory();
  const inRoot = (name: string): string => path.join(root, name);
  const installations: Installation[] = [];
  let log: ServerLog;

  const install = (settings: Settings): Installation => {
    const made = new Installation({ ROLEBOOK_MASTER_KEY_FILE: inRoot('master.keys'), ...settings });
    installations.push(made);
    return made;
  };

  beforeAll(async () => {
    log = await open();
    writeFileSync(inRoot('master.keys'), `m1 ${'5a'.repeat(32)}\n`, { mode: 0o600 });
  });
  afterAll(() => {
    for (const each of installations) each.remove();
    removeDirectory(root);
    log.stop();
  });

  test('loses an erased user on all replicas, and by a rotation in every copy', async () => {
    const first = install(log.settings);
    const second = install({
      ...log.settings,
      ROLEBOOK_SIGNING_KEY_FILE: path.join(first.directory, 'signing.key'),
    });
    const one = await first.start();
    const other = await second.start();
    const registered = await mutate(one, 'registerUser', PERSON);
    expect((await namesAt(other, registered)).person).toEqual({ name: PERSON.name, status: 'ACTIVE' });
    await done(first, 'backup', inRoot('backup'));
    await done(first, 'keys', 'copy', '--to', inRoot('keys'));

    const erased = await mutate(other, 'eraseUser', { id: PERSON.id });
    for (const server of [one, other]) {
      const { person, names } = await namesAt(server, erased);
      expect(person).toEqual({ name: 'Erased user', status: 'ERASED' });
      expect([names.includes(OTHER), names.includes(PERSON.name)]).toEqual([true, false]);
    }
    expect(json(await done(first, 'keys', 'status', '--json'))).toMatchObject({ erased: 1, notShredded: 1 });

    await done(first, 'keys', 'new-master', '--add');
    expect((await done(first, 'keys', 'rotate')).stderr).toContain('Nothing is left to rotate.');
    const [line] = readFileSync(inRoot('master.keys'), 'utf8')
      .split('\n')
      .filter((each) => /^\w/.test(each));
    writeFileSync(inRoot('master.keys'), `${line}\n`);
    expect(json(await done(first, 'keys', 'status', '--json'))).toMatchObject({
      erased: 1,
      notShredded: 0,
      toRotate: 0,
      damaged: [],
    });

    // Replicas that run on go on by the new key alone, and one that begins now reads every name but one.
    const later = await mutate(one, 'registerUser', { id: 'User:later', username: 'later', name: 'Later' });
    expect((await namesAt(other, later)).names).toEqual(expect.arrayContaining(['Later', OTHER]));
    const third = install({
      ...log.settings,
      ROLEBOOK_SIGNING_KEY_FILE: path.join(first.directory, 'signing.key'),
    });
    const anew = await third.start();
    const shown = await namesAt(anew, later);
    expect(shown.names.filter((name) => name.startsWith('Unreadable'))).toEqual([]);
    expect(shown).toEqual(await namesAt(other, later));
    const digests = new Set<string>();
    for (const each of [first, second, third]) digests.add((await done(each, 'digest')).stdout);
    expect([...digests]).toEqual([expect.stringMatching(/^\d+:[0-9a-f]{64}\n$/)]);
    await Promise.all([one, other, anew].map((server) => server.stop()));
    writeFileSync(inRoot('erasures.json'), (await done(first, 'user', 'erasures')).stdout);
    expect((await done(first, 'events', '--account', 'demo')).stdout).not.toContain(PERSON.name);
  });

  test('is restored under another prefix of the server, without who was erased after the backup', async () => {
    const { digest, events } = json(await done(install({}), 'backup', 'verify', inRoot('backup'), '--json'));
    const prefix = `${log.settings.ROLEBOOK_STREAM_PREFIX}r`;
    const restored = install({ ...log.settings, ROLEBOOK_STREAM_PREFIX: prefix });
    const told = await done(
      restored,
      ...['restore', inRoot('backup'), '--to', log.url, '--json'],
      ...['--key-book', inRoot('keys'), '--from-master-keys', inRoot('keys/master.keys')],
      ...['--erasures', inRoot('erasures.json')],
    );
    expect(json(told)).toMatchObject({ digest, events, 'erased again': 1 });
    const server = await restored.start();
    const { person, names } = await namesAt(server);
    expect(person).toEqual({ name: 'Erased user', status: 'ERASED' });
    expect([names.includes(OTHER), names.includes(PERSON.name), names.includes('Later')]).toEqual([
      true,
      false,
      false,
    ]);
    await server.stop();
    expect(json(await done(restored, 'keys', 'status', '--json'))).toMatchObject({ erased: 1, damaged: [] });
    expect(json(await done(restored, 'log', 'verify', '--tables', '--json'))).toMatchObject({ faults: 0 });
  });

  test('takes the log of release 0.1.0 up encrypted, and gives it back down', async () => {
    const source = install({});
    unpack(source.directory);
    const prefix = `${log.settings.ROLEBOOK_STREAM_PREFIX}e`;
    const above = install({ ...log.settings, ROLEBOOK_STREAM_PREFIX: prefix });
    const up = ['log', 'copy', '--encrypt', '--from', source.directory, '--to', log.url];
    const total = about.verified.events;
    expect((await done(above, ...up)).stderr).toContain(`${total} events copied, 0 were there`);
    expect((await done(above, ...up)).stderr).toContain(`0 events copied, ${total} were there`);
    const verified = json(await done(above, 'log', 'verify', '--json'));
    expect(verified).toMatchObject({ events: total, faults: 0, format: 2 });

    const below = install({ ROLEBOOK_STREAM_PREFIX: prefix });
    await done(below, 'log', 'copy', '--from', log.url, '--to', below.directory);
    await done(
      below,
      ...['keys', 'copy', '--from', log.url, '--from-master-keys', inRoot('master.keys')],
      ...['--to', below.directory, '--to-master-keys', inRoot('master.keys')],
    );
    expect(json(await done(below, 'log', 'verify', '--json'))).toEqual(verified);
    const [events, ofServer] = [
      await done(below, 'events', '--account', 'demo'),
      await done(above, 'events', '--account', 'demo'),
    ];
    expect(events.stdout).toBe(ofServer.stdout);
    const usernames = printed.demo.toString().match(/(?<="username":")[^"]{6,}/g) ?? [];
    expect(usernames.length).toBeGreaterThan(20);
    expect(usernames.filter((name) => !events.stdout.includes(name))).toEqual([]);
  });
});
