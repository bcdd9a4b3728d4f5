import { parse } from 'csv-parse/sync';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { newDirectory, removeDirectory } from '../directories';
import { Installation } from './installation';

/** `rolebook replay` as people call it: each form of its output, and files. */

let boss: string;
const folder = newDirectory();
const installation = new Installation({});
const replay = (...words: string[]) => installation.rolebook('replay', '--account', 'acme', ...words);

beforeAll(async () => {
  const opened = await installation.rolebook(
    'account',
    'open',
    'acme',
    '--admin',
    'boss',
    '--reason',
    'SUP-7',
  );
  expect(opened.code).toBe(0);
  const users = await installation.rolebook('export', 'users', '--account', 'acme');
  const [user]: { id: string }[] = parse(users.stdout, { columns: true });
  boss = user!.id;
});
afterAll(() => {
  installation.remove();
  removeDirectory(folder);
});

test('a table fits 80 columns, shows what changed by an arrow, and cuts nothing off', async () => {
  const { code, stdout, stderr } = await replay('--role', 'account-admin');
  expect([code, stderr]).toEqual([0, '']);
  const lines = stdout.trimEnd().split('\n');
  expect(new Set(lines.map((line) => [...line].length))).toEqual(new Set([80]));
  expect(stdout).toContain('0 → 1');
  expect(stdout).toContain('“SUP-7”');
  expect(stdout).not.toContain('…');
  // Nobody sees it: no escape sequences.
  expect(stdout).not.toContain('\x1b');
});

test('a user as CSV, and as JSON with the state on both sides', async () => {
  const ndjson = await replay('--user', boss, '--format', 'ndjson');
  const steps = ndjson.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: { position: string }; before: object; after: object });
  expect(steps.at(-1)).toMatchObject({
    event: { type: 'UserAssigned' },
    change: expect.stringContaining('to the role “account-admin”') as string,
    before: { roles: [] },
    after: { username: 'boss', status: 'ACTIVE', roles: ['account-admin'] },
  });
  const csv = await replay('--user', boss, '--format', 'csv');
  const rows: Record<string, string>[] = parse(csv.stdout, { columns: true });
  expect(rows.map(({ position }) => position)).toEqual(steps.map(({ event }) => event.position));
  expect(rows.at(-1)).toMatchObject({ type: 'UserAssigned', reason: 'SUP-7', void: 'false', roles: '1' });
});

test('a file is made once, for its owner alone, and only as a whole', async () => {
  const file = path.join(folder, 'acme.csv');
  const made = await replay('--format', 'csv', '--out', file);
  expect([made.code, made.stdout]).toEqual([0, '']);
  const content = readFileSync(file, 'utf8');
  expect(content).toMatch(/^position,event,/);
  expect(content).toContain('AccountOpened');
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  const again = await replay('--format', 'csv', '--out', file);
  expect([again.code, again.stderr]).toEqual([1, `${file} cannot be written: something else is there.\n`]);
  expect(readFileSync(file, 'utf8')).toBe(content);
  const none = path.join(folder, 'none.csv');
  const missing = await replay('--user', 'nobody', '--out', none);
  expect([missing.code, missing.stderr]).toEqual([
    1,
    expect.stringMatching(/^Reading the log: .*\nNo user nobody in the account acme\.\n$/),
  ]);
  expect(existsSync(none)).toBe(false);
});

test('from a moment on nothing happened: nothing is printed, and it is no failure', async () => {
  const { code, stdout } = await replay(
    '--role',
    'account-admin',
    '--since',
    '2999-01-01',
    '--format',
    'csv',
  );
  expect([code, stdout]).toEqual([0, '']);
});

test('a role and a user are two replays', async () => {
  const { code, stderr } = await replay('--role', 'account-admin', '--user', boss);
  expect([code, stderr]).toEqual([2, expect.stringContaining("cannot be used with option '--user <id>'")]);
});
