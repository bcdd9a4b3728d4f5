import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newDirectory, removeDirectory } from '../directories';
import { Installation, type CommandResult, type ServerProcess } from './installation';

/** A user is erased, then the backup from before is restored: the user is not back, and everybody else is. */

const PERSON = { username: 'marguerite.w', name: 'Marguerite Wollstonecraft' };
const WORDS = [PERSON.username, PERSON.name, 'Wollstonecraft', 'marguerite', 'wollstonecraft'];
const OTHER = 'Ada Lindqvist';

const REGISTER =
  'mutation ($input: RegisterUserInput!) { registerUser(input: $input) { user { id } errors { code } } }';
const ERASE =
  'mutation ($input: EraseUserInput!) { eraseUser(input: $input) { user { status } errors { code } } }';
const QUERY = `query ($id: ID!) {
  users(first: 50) { edges { node { name status } } }
  found: users(search: "wollstone") { totalCount }
  node(id: $id) { ... on User { name status } }
}`;
interface Named {
  readonly name: string;
  readonly status: string;
}
interface Answer {
  readonly users: { readonly edges: readonly { readonly node: Named }[] };
  readonly found: { readonly totalCount: number };
  readonly node: Named;
}

const root = newDirectory();
const installation = new Installation();
const restored: Installation[] = [];
let id: string;
beforeAll(async () => {
  const server = await installation.start();
  id = await erasedAfterBackup(server);
  await server.stop();
}, 60_000);
afterAll(() => {
  for (const each of [installation, ...restored]) each.remove();
  removeDirectory(root);
});
const inRoot = (name: string): string => path.join(root, name);

const done = async (words: readonly string[], of = installation): Promise<CommandResult> => {
  const result = await of.rolebook(...words);
  expect([words, result.code, result.stderr]).toEqual([words, 0, expect.any(String)]);
  return result;
};

/** Every byte of the files of a folder, as text. */
const bytesOf = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name)).toString('latin1'))
    .join('\n');
const wordsIn = (text: string): string[] => WORDS.filter((word) => text.includes(word));

/** Registers the person, backs up log and key book, erases the person, and keeps the list. */
async function erasedAfterBackup(server: ServerProcess): Promise<string> {
  const { data } = await server.graphql<{ registerUser: { user: { id: string } } }>(REGISTER, {
    input: PERSON,
  });
  const { id } = data.registerUser.user;
  const taken = await done(['backup', inRoot('backup'), '--json']);
  expect(taken.stderr).toContain('the key book that reads them is not in it');
  await done(['keys', 'copy', '--to', inRoot('keys')]);
  const erased = await server.graphql(ERASE, { input: { id, reason: 'ticket 99' } });
  expect(erased.data).toEqual({ eraseUser: { user: { status: 'ERASED' }, errors: [] } });
  const list = await done(['user', 'erasures']);
  expect(list.stderr).toContain('1 erasure, as of ');
  expect(JSON.parse(list.stdout)).toMatchObject({ erasures: [{ account: 'demo' }] });
  writeFileSync(inRoot('erasures.json'), list.stdout);
  return id;
}

async function restore(...options: string[]): Promise<{ at: Installation; told: string }> {
  const at = new Installation({});
  restored.push(at);
  const { stdout, stderr } = await done(
    ['restore', inRoot('backup'), '--to', at.directory, '--json', ...options],
    at,
  );
  return { at, told: stdout + stderr };
}

const KEY_BOOK = ['--key-book', inRoot('keys')];

test('with the list of erasures and a copy of the key book from before', async () => {
  const { at, told } = await restore('--erasures', inRoot('erasures.json'), ...KEY_BOOK);
  expect(told).toContain('"erased again": 1');
  expect(told).toContain('The keys of all erased users are destroyed in the key book.');
  expect(statSync(path.join(at.directory, 'master.keys')).mode & 0o777).toBe(0o600);
  const events = (await done(['events', '--account', 'demo'], at)).stdout;
  expect(events).toContain(OTHER);
  expect(wordsIn(events + bytesOf(at.directory))).toEqual([]);

  // Without the list the person is back: what was not found above could have been.
  const bare = await restore(...KEY_BOOK);
  expect(bare.told).toContain('If anybody was: empty the target, and restore with --erasures');
  const before = await done(['events', '--account', 'demo'], bare.at);
  expect(wordsIn(before.stdout)).toEqual(expect.arrayContaining([PERSON.name]));
}, 60_000);

test('with the list alone: a start destroys the keys in the key book that came later', async () => {
  const { at, told } = await restore('--erasures', inRoot('erasures.json'));
  expect(told).toContain(`rolebook keys copy --from COPY --to ${at.directory}`);
  await done(['keys', 'copy', '--from', inRoot('keys'), '--to', at.directory]);
  const server = await at.start();
  const { data } = await server.graphql<Answer>(QUERY, { id });
  const nodes = data.users.edges.map(({ node }) => node);
  expect(nodes).toEqual(expect.arrayContaining([{ name: OTHER, status: 'ACTIVE' }]));
  expect(nodes.filter(({ name }) => name.startsWith('Unreadable'))).toEqual([]);
  expect(data).toMatchObject({
    found: { totalCount: 0 },
    node: { name: 'Erased user', status: 'ERASED' },
  });
  await server.stop();
  expect(wordsIn(bytesOf(at.directory))).toEqual([]);
  const status = await done(['keys', 'status', '--json'], at);
  expect(JSON.parse(status.stdout)).toMatchObject([{ erased: 1 }]);
}, 60_000);

test('a key book is not copied into a backup, nor its master key', async () => {
  for (const options of [
    ['--to', inRoot('backup/keys')],
    ['--to', inRoot('keys'), '--to-master-keys', inRoot('backup/master.keys')],
  ]) {
    const { code, stderr } = await installation.rolebook('keys', 'copy', ...options);
    expect([options, code, stderr]).toEqual([options, 1, expect.stringMatching(/^BACKUP_FOLDER: /)]);
  }
  expect(readdirSync(inRoot('backup'), { recursive: true, encoding: 'utf8' })).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/keys\.sqlite|master/)]),
  );
}, 60_000);
