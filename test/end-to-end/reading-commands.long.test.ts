import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newDirectory, removeDirectory } from '../directories';
import { Installation } from './installation';

/** Commands that only look: on what is not there they say so, end with 1, print no data and make nothing. */

const READING = [
  'token admin',
  'export users',
  'export roles',
  'replay --role account-admin',
  'events --account demo',
  'digest',
  'rebuild',
  'log verify',
  'backup not-made',
  'catalogue diff',
  'catalogue preview',
];
const OURS = path.join(__dirname, '..', '..', 'schema', 'catalogue.json');
const words = (command: string): string[] => command.split(' ');

describe('on a data folder', () => {
  const embedded = new Installation({});
  afterEach(() => embedded.remove());

  test('that is not there', async () => {
    rmSync(embedded.directory, { recursive: true });
    for (const command of READING) {
      const { code, stdout, stderr } = await embedded.rolebook(...words(command));
      expect([command, code, stdout]).toEqual([command, 1, '']);
      expect(stderr).toMatch(/^there is no (log in|data folder) \S+\n$/i);
      expect([existsSync(embedded.directory), existsSync('not-made')]).toEqual([false, false]);
    }
  });

  test('that holds something else', async () => {
    const elsewhere = new Installation({});
    for (const command of ['token admin', 'digest']) {
      const { code, stdout, stderr } = await elsewhere.rolebook(...words(command));
      expect([command, code, stdout]).toEqual([command, 1, '']);
      expect(stderr).toMatch(/there is no log in/);
    }
    expect(readdirSync(elsewhere.directory)).toEqual([]);
    elsewhere.remove();
  });
});

describe('where there is a log', () => {
  const folder = newDirectory();
  const file = path.join(folder, 'catalogue.json');
  const writeCatalogue = (version: number): void =>
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(OURS, 'utf8')) as object), version }));
  const installation = new Installation({ ROLEBOOK_CATALOGUE: file });
  beforeAll(async () => {
    writeCatalogue(1);
    expect((await installation.rolebook('account', 'open', 'acme', '--admin', 'boss')).code).toBe(0);
  });
  afterAll(() => {
    installation.remove();
    removeDirectory(folder);
  });

  test.each([
    ['events --account acne', 'There is no account acne.'],
    ['events --account acne --follow', 'There is no account acne.'],
    ['replay --account acne --role account-admin', 'There is no account acne.'],
    ['replay --account acme --role no-such', 'No role no-such in the account acme.'],
    [
      'replay --account acme --role account-admin --until 2001-01-01',
      'No role account-admin in the account acme until 2001-01-01T00:00:00.000Z.',
    ],
    ['export users --account acne', 'There is no account acne.'],
    ['token boss --account acne', 'There is no account acne.'],
    ['token nobody --account acme', 'No user nobody in the account acme.'],
  ])('%s', async (command, why) => {
    const { code, stdout, stderr } = await installation.rolebook(...words(command));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`${why}\n`);
  });

  test('and what is asked for: it is printed', async () => {
    const events = await installation.rolebook('events', '--account', 'acme');
    expect([events.code, JSON.parse(events.stdout.split('\n')[0] ?? '').type]).toEqual([0, 'AccountOpened']);
    expect(events.stdout).not.toContain('DefaultRoleGrantAdded');
    const all = await installation.rolebook('events', '--account', 'acme', '--catalogue');
    for (const part of ['"DefaultRoleGrantAdded"', '"CataloguePublished"', events.stdout.split('\n')[0]])
      expect(all.stdout).toContain(part);
    const replay = await installation.rolebook(
      'replay',
      '--account',
      'acme',
      '--role',
      'account-admin',
      '--format',
      'ndjson',
    );
    expect([replay.code, replay.stdout]).toEqual([0, expect.stringContaining('"UserAssigned"')]);
    const token = await installation.rolebook('token', 'boss', '--account', 'acme');
    expect([token.code, token.stdout]).toEqual([0, expect.stringMatching(/^ey\S+\n$/)]);
  });

  test('looking leaves the log as it is, and makes no key', async () => {
    const before = await installation.rolebook('log', 'verify', '--json');
    writeCatalogue(2);
    rmSync(path.join(installation.directory, 'signing.key'));
    const digest = await installation.rolebook('digest');
    expect([digest.code, digest.stdout]).toEqual([0, expect.stringMatching(/^\d+:[0-9a-f]{64}\n$/)]);
    const token = await installation.rolebook('token', 'boss', '--account', 'acme');
    expect([token.code, token.stdout]).toEqual([1, '']);
    expect(token.stderr).toContain('There is no signing key');
    expect(existsSync(path.join(installation.directory, 'signing.key'))).toBe(false);
    expect((await installation.rolebook('log', 'verify', '--json')).stdout).toBe(before.stdout);
  });
});
