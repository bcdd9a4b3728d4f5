import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Installation } from './installation';

/** Output for an operator at the command line, and the record of what they did. */

let installation: Installation;
beforeAll(() => (installation = new Installation()));
afterAll(() => installation.remove());

test('who did it and why is on the record, alone and through a server; an open account stays its admin’s', async () => {
  const told = ['--as', 'ann.smith', '--reason', 'SUP-1'];
  const server = await installation.start();
  const opened = await installation.rolebook('account', 'open', 'acme', '--admin', 'boss', ...told);
  expect([opened.code, opened.stderr]).toEqual([0, expect.stringContaining('boss is its account admin.')]);

  const file = path.join(installation.directory, 'users.csv');
  writeFileSync(file, 'username,name,status,email\nbob,Bob,INACTIVE,b@x\n');
  const imported = await installation.rolebook(
    'import',
    'users',
    file,
    '--account',
    'acme',
    '--json',
    ...told,
  );
  expect([imported.code, JSON.parse(imported.stdout)]).toEqual([
    0,
    [{ written: 1, unchanged: 0, refused: 0 }],
  ]);
  expect(imported.stderr).toContain('Not read: the column "email".');
  const again = await installation.rolebook('account', 'open', 'acme', '--admin', 'other');
  expect([again.code, again.stderr]).toEqual([
    1,
    expect.stringMatching(/^ACCOUNT_OPEN: .*its account admin is boss\./m),
  ]);
  await server.stop();
  expect((await installation.rolebook('account', 'open', 'acme', '--admin', 'boss')).code).toBe(0);

  const { stdout } = await installation.rolebook('events', '--account', 'acme');
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; metadata: object });
  expect(events.map(({ type }) => type)).toContain('UserDeactivated');
  const beside = ['Claimed', 'Released', 'UserBarred', 'UserUnbarred'];
  for (const { type, metadata } of events)
    expect({ type, ...metadata }).toMatchObject({
      actorType: 'operator',
      actorId: 'ann.smith',
      ...(beside.includes(type) ? {} : { reason: 'SUP-1' }),
    });
}, 180_000);

test('bad names and reasons are usage errors, and a difference of catalogues says what would come of it', async () => {
  for (const bad of [
    ['--as', 'two words'],
    ['--as', 'demo'],
    ['--reason', ''],
    ['--reason', ' \u200b'],
    ['--reason', 'x'.repeat(201)],
  ]) {
    const { code } = await installation.rolebook('account', 'open', 'other', '--admin', 'boss', ...bad);
    expect(code).toBe(2);
  }
  const catalogue = JSON.parse(readFileSync('schema/catalogue.json', 'utf8')) as {
    version: number;
    features: { name: string }[];
  };
  const file = path.join(installation.directory, 'catalogue.json');
  const diff = async (change: object) => {
    writeFileSync(file, JSON.stringify({ ...catalogue, ...change }));
    return installation.rolebook('catalogue', 'diff', file, '--json');
  };
  const published = catalogue.version + 1;
  writeFileSync(file, JSON.stringify({ ...catalogue, version: published }));
  expect((await installation.rolebook('catalogue', 'publish', file)).code).toBe(0);
  const features = catalogue.features.map((feature, index) =>
    index ? feature : { ...feature, name: 'Other' },
  );
  const lower = await diff({ features });
  expect([lower.code, lower.stdout.trim()]).toEqual([0, '[]']);
  expect(lower.stderr).toContain('is lower and would be left alone. Nothing would change.');
  const reused = await diff({ version: published, features });
  expect([reused.code, reused.stderr]).toEqual([1, expect.stringContaining('would not start')]);
  expect(reused.stdout).toContain('"name"');
  expect((await diff({ version: published + 1, features })).code).toBe(0);
}, 180_000);

test('what is not there, and what is no file, is told in a sentence; nothing is written', async () => {
  const folder = installation.directory;
  const missing = path.join(folder, 'missing.csv');
  await installation.rolebook('account', 'open', 'files', '--admin', 'boss');
  for (const [words, why] of [
    [
      ['import', 'roles', folder, '--account', 'files'],
      `The file ${folder} is a folder, and a file is wanted.`,
    ],
    [['import', 'users', missing, '--account', 'files'], `The file ${missing} is not there.`],
    [['catalogue', 'diff', folder], `The catalogue file ${folder} is a folder, and a file is wanted.`],
    [['catalogue', 'publish', missing], `The catalogue file ${missing} is not there.`],
    [['account', 'appoint', 'nope', 'boss', '--reason', 'x'], 'There is no account nope.'],
    [['account', 'appoint', 'files', 'nobody', '--reason', 'x'], 'No user nobody in the account files.'],
    [['import', 'users', path.join(folder, 'users.csv'), '--account', 'nope'], 'There is no account nope.'],
  ] as const) {
    const { code, stdout, stderr } = await installation.rolebook(...words);
    // Before it a warning may stand, of the catalogue that another test published.
    expect([words, code, stdout, stderr.trimEnd().split('\n').at(-1)]).toEqual([words, 1, '', why]);
  }
}, 180_000);
