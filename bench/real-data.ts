import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openReadOnly } from '../projections';
import { message, printTable } from '../src/cli/output';
import { rolebook, startRolebook } from './processes';
import { compare, type Comparison } from './real-data/compare';
import { writeFiles, type Files } from './real-data/files';
import { readPairs, type Pairs } from './real-data/pairs';
import { syntheticPairs } from './real-data/synthetic';

/**
 * `npm run bench:real-data -- FILE`: real user-permission data, a `user permission` each line, loaded as an operator
 * would and compared with the data, statement by statement; without a file, made-up data of the size of a well-known
 * set. Ends with 1 where anything differs.
 */

const ACCOUNT = 'real';
const COPY = 'copy';
const ADMIN = 'boss';

async function run(pairs: Pairs, directory: string): Promise<boolean> {
  const { source, users, permissions, count } = pairs;
  const say = (text: string): void => message(text);
  say(`${source}: ${users.length} users, ${permissions.length} permissions, ${count} pairs.`);
  const files = writeFiles(pairs, directory);
  say(`${files.written.length} sets of permissions occur: as many roles.`);
  const data = path.join(directory, 'data');
  const settings = { ROLEBOOK_CATALOGUE: files.catalogue };
  const command = (...words: string[]): Promise<string> =>
    rolebook(words, { ...settings, ROLEBOOK_DATA_DIR: data });

  const begun = performance.now();
  const server = await startRolebook(data, { settings });
  try {
    await open(command, ACCOUNT, files);
    const seconds = (performance.now() - begun) / 1_000;
    say('Loaded; comparing ...');
    const readModels = openReadOnly(data);
    const comparisons = await compare(readModels.view(ACCOUNT), pairs, files);
    readModels.close();
    say('Exporting, importing into an empty account, exporting again ...');
    comparisons.push(...(await roundTrip(command, directory)));
    printTable(
      ['data', 'users', 'permissions', 'pairs', 'roles', 'loaded in s'],
      [[source, users.length, permissions.length, count, files.written.length, seconds.toFixed(1)]],
      false,
    );
    printTable(
      ['compared with the data', 'statements', 'wrong'],
      comparisons.map(({ what, compared, wrong }) => [what, compared.toLocaleString('en'), wrong]),
      false,
    );
    return comparisons.every(({ wrong }) => wrong === 0);
  } finally {
    await server.stop();
  }
}

type Run = (...words: string[]) => Promise<string>;

async function open(
  command: Run,
  account: string,
  { users, roles }: Pick<Files, 'users' | 'roles'>,
): Promise<void> {
  await command('account', 'open', account, '--admin', ADMIN);
  await command('import', 'users', users, '--account', account);
  await command('import', 'roles', roles, '--account', account);
}

/** Byte by byte, both files. */
async function roundTrip(command: Run, directory: string): Promise<Comparison[]> {
  const exported = async (account: string) => ({
    users: await command('export', 'users', '--account', account),
    roles: await command('export', 'roles', '--account', account),
  });
  const first = await exported(ACCOUNT);
  const file = (name: string): string => path.join(directory, `exported-${name}`);
  writeFileSync(file('users.csv'), first.users);
  writeFileSync(file('roles.ndjson'), first.roles);
  await open(command, COPY, { users: file('users.csv'), roles: file('roles.ndjson') });
  const second = await exported(COPY);
  return (['users', 'roles'] as const).map((what) => ({
    what: `exported ${what}, imported and exported again: bytes`,
    compared: Buffer.byteLength(first[what]),
    wrong: first[what] === second[what] && first[what] !== '' ? 0 : 1,
  }));
}

async function main(): Promise<void> {
  const file = process.argv[2];
  const directory = mkdtempSync(path.join(os.tmpdir(), 'rolebook-real-data-'));
  try {
    const same = await run(file === undefined ? syntheticPairs() : readPairs(file), directory);
    message(same ? 'All is as in the data.' : 'Something differs from the data.');
    process.exitCode = same ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

void main();
