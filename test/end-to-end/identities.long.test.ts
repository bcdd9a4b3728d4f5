import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Installation } from './installation';

/** Identities over the real command line: on the log itself, and through a server that runs on it. */

const installation = new Installation({});
afterAll(() => installation.remove());

const ISSUER = 'https://login.example';
const identity = (command: 'link' | 'unlink', username: string, subject: string) =>
  installation.rolebook(
    ...['identity', command, username, '--account', 'acme'],
    ...['--issuer', ISSUER, '--subject', subject],
  );

async function listed(...words: string[]): Promise<string[]> {
  const { code, stdout } = await installation.rolebook(
    ...['identity', 'list', ...words, '--account', 'acme', '--json'],
  );
  expect(code).toBe(0);
  const rows = JSON.parse(stdout) as { readonly username: string; readonly subject: string }[];
  return rows.map(({ username, subject }) => `${username} ${subject}`);
}

const said = ({ code, stderr }: { readonly code: number | null; readonly stderr: string }) => [code, stderr];

async function useAll(user: string): Promise<void> {
  expect(said(await identity('link', user, `${user}-1`))).toEqual([
    0,
    expect.stringContaining(`is ${user} of`),
  ]);
  expect(said(await identity('link', user, `${user}-1`))).toEqual([0, expect.stringContaining('already')]);
  expect(said(await identity('link', 'boss', `${user}-1`))).toEqual([
    1,
    expect.stringContaining('IDENTITY_TAKEN'),
  ]);
  expect(await listed(user)).toEqual([`${user} ${user}-1`]);
  expect(said(await identity('unlink', user, 'none'))).toEqual([
    0,
    expect.stringContaining('nothing was changed'),
  ]);
  expect(said(await identity('unlink', user, `${user}-1`))).toEqual([0, expect.stringContaining('any more')]);
  expect(await listed()).toEqual(['boss b-1']);
}

test('an account is opened with an identity of its admin, and others are linked, listed and unlinked', async () => {
  const server = await installation.start();
  const open = ['account', 'open', 'acme', '--admin', 'boss', '--issuer', ISSUER];
  expect((await installation.rolebook(...open)).code).toBe(2);
  expect((await installation.rolebook(...open, '--subject', 'b-1')).code).toBe(0);
  expect(await listed()).toEqual(['boss b-1']);
  const table = await installation.rolebook('identity', 'list', 'boss', '--account', 'acme');
  expect(table.stdout).toMatch(/username .* issuer .* subject .* linked at/);
  expect(said(await identity('link', 'nobody', 's'))).toEqual([1, expect.stringContaining('No user nobody')]);
  expect(said(await identity('link', 'boss', ' s'))).toEqual([1, expect.stringContaining('INVALID_INPUT')]);
  const people = path.join(installation.directory, 'people.csv');
  writeFileSync(people, 'username,name\nann,Ann\nbob,Bob\n');
  expect((await installation.rolebook('import', 'users', people, '--account', 'acme')).code).toBe(0);
  await useAll('ann');
  await server.stop();
  await useAll('bob');
});
