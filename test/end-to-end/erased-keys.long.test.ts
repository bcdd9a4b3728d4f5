import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseMasterKeys, type MasterKey } from '../../src/keys/master-keys';
import { newDirectory, removeDirectory } from '../directories';
import { Installation, type ServerProcess } from './installation';
import { fieldsOf, filesIn, lootOf, textsOpened, type FoundField, type Segments } from './key-guesses';

/**
 * A user is erased and the key book rotated: with the new master keys alone no file that the key book, its WAL or its copy
 * ever was gives a key by which anything of that user can be read in any copy of the log.
 */

const PERSON = { username: 'marguerite.w', name: 'Marguerite Wollstonecraft' };
const LATER = 'Mary Godwin-Imlay';
const TEXTS = [LATER, PERSON.name, PERSON.username];

const installation = new Installation({});
const root = newDirectory();
const inRoot = (name: string): string => path.join(root, name);
/** Files of the key book and of its copy, as they were after each step. */
const kept: string[] = [];
let server: ServerProcess;
beforeAll(async () => {
  server = await installation.start();
}, 60_000);
afterAll(() => {
  installation.remove();
  removeDirectory(root);
});

function keep(step: string): void {
  for (const [of, folder] of [
    ['book', installation.directory],
    ['copy', inRoot('keys')],
  ] as const) {
    for (const name of ['keys.sqlite', 'keys.sqlite-wal', 'keys.sqlite-shm']) {
      const file = path.join(folder, name);
      const target = inRoot(`kept/${step}/${of}`);
      if (!existsSync(file)) continue;
      mkdirSync(target, { recursive: true });
      cpSync(file, path.join(target, name));
    }
  }
  kept.push(inRoot(`kept/${step}`));
}

async function mutate(field: string, input: object): Promise<string> {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input!`;
  const query = `mutation ($input: ${type}) { ${field}(input: $input) { user { id } errors { code } } }`;
  const { data } = await server.graphql<Record<string, { user: { id: string } | null; errors: unknown[] }>>(
    query,
    { input },
  );
  expect(data[field]).toEqual({ user: { id: expect.any(String) }, errors: [] });
  return data[field]!.user!.id;
}

async function run(...words: string[]): Promise<void> {
  const { code, stderr } = await installation.rolebook(...words);
  expect([words, code, stderr]).toEqual([words, 0, expect.any(String)]);
}

/** Puts a new master key first in a folder, seals all by it, and takes the old one out, which is given back. */
async function rotate(folder: string): Promise<{ readonly old: MasterKey; readonly new: MasterKey }> {
  const file = path.join(folder, 'master.keys');
  const first = (): MasterKey => parseMasterKeys(readFileSync(file, 'utf8')).sealing;
  const old = first();
  const other = new Installation({ ROLEBOOK_MASTER_KEY_FILE: file });
  try {
    expect((await other.rolebook('keys', 'new-master', '--add')).code).toBe(0);
    expect((await other.rolebook('keys', 'rotate', '--log', folder)).code).toBe(0);
  } finally {
    other.remove();
  }
  const [line] = readFileSync(file, 'utf8')
    .split('\n')
    .filter((each) => /^\w/.test(each));
  writeFileSync(file, `${line}\n`);
  return { old, new: first() };
}

const segmentsOf = (fields: readonly FoundField[]): Segments => ({
  account: 'demo',
  ids: [...new Set(fields.map(({ field }) => field.k.split('.')[0]!))],
});

test('with the new master keys no earlier file gives a key of an erased user, with the old ones each does', async () => {
  keep('start');
  const user = (await mutate('registerUser', PERSON)).replace('User:', '');
  keep('registered');
  await mutate('updateUser', { id: `User:${user}`, name: LATER, reason: 'a new name' });
  await run('log', 'copy', '--from', installation.directory, '--to', inRoot('log'));
  await run('backup', inRoot('backup'));
  await run('keys', 'copy', '--to', inRoot('keys'));
  keep('copied');
  await mutate('eraseUser', { id: `User:${user}`, reason: 'ticket 99' });
  keep('erased');
  await run('keys', 'copy', '--to', inRoot('keys'));
  keep('copied again');
  const ofBook = await rotate(installation.directory);
  keep('book rotated');
  const ofCopy = await rotate(inRoot('keys'));
  await server.stop();
  keep('copy rotated');

  const logs = [installation.directory, inRoot('log'), inRoot('backup/log')];
  const fields = (await Promise.all(logs.map((folder) => fieldsOf(folder, user)))).flat();
  const segments = segmentsOf(fields);
  expect(segments.ids).toHaveLength(1);
  // In each log: two texts of the registration, up to four of the change, and its reason.
  expect(fields.length).toBeGreaterThanOrEqual(logs.length * 5);
  const files = filesIn(...kept, ...logs, inRoot('keys'));
  const byOld = lootOf(files, [ofBook.old, ofCopy.old], segments);
  expect(textsOpened(fields, byOld).sort()).toEqual(expect.arrayContaining([...TEXTS].sort()));
  // Each of the old ones alone opens them too: in the book of before, and in the copy of before.
  for (const old of [ofBook.old, ofCopy.old])
    expect(textsOpened(fields, lootOf(files, [old], segments))).toEqual(expect.arrayContaining(TEXTS));

  const byNew = lootOf(files, [ofBook.new, ofCopy.new], segments);
  expect(byNew.tried).toBe(byOld.tried);
  // They open what is sealed now: every slot but those that were erased.
  expect(byNew.keys.size).toBeGreaterThan(10);
  expect(textsOpened(fields, byNew)).toEqual([]);
}, 180_000);
