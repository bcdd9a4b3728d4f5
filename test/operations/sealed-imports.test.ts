import { userIdFor } from '../../src/sealing/user-id';
import { Transfer } from './transfer';

/** Imports into a log of encrypted names: the same as into any other, but that no id can be guessed from a username. */

const transfer = new Transfer(2);
beforeAll(() => transfer.open());
afterAll(() => transfer.close());
beforeEach(() => transfer.faults.splice(0));

const FILE = 'username,name,id,status\nann,Ann,,\nbob,Bob,,INACTIVE\ncat,Cat,cat,\n';
const inClear = { uuid: (former: string) => former };

/** Rows of an export, by username. */
async function rowsOf(account: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const [, ...rows] = (await transfer.exportedUsers(account)).trim().split('\n');
  return new Map(rows.map((row) => row.split(',')).map(([username = '', ...rest]) => [username, rest]));
}

async function logText(): Promise<string> {
  const events: string[] = [];
  for await (const { stream, data, metadata } of transfer.store.readAll())
    events.push(JSON.stringify([stream, data, metadata]));
  return events.join('\n');
}

const idOf = async (account: string, username: string): Promise<string> =>
  (await rowsOf(account)).get(username)?.[1] ?? '';

test('a file twice registers everyone once, under ids that nobody can compute from their usernames', async () => {
  await transfer.account('twice');
  expect(await transfer.users('twice', FILE)).toEqual({ written: 3, unchanged: 0, refused: 0 });
  const rows = await rowsOf('twice');
  const made = expect.stringMatching(/^u_[0-9a-f]{20}$/);
  expect([...rows]).toEqual([
    ['ann', ['Ann', made, 'ACTIVE', '', 'PERSON', '', '']],
    ['bob', ['Bob', made, 'INACTIVE', '', 'PERSON', '', '']],
    ['cat', ['Cat', 'cat', 'ACTIVE', '', 'PERSON', '', '']],
  ]);
  const text = await logText();
  expect(text).toContain(await idOf('twice', 'ann'));
  for (const username of ['ann', 'bob'])
    for (const generation of [1, 2]) expect(text).not.toContain(userIdFor(inClear, username, generation));
  const events = await transfer.events();
  expect(await transfer.users('twice', FILE)).toEqual({ written: 0, unchanged: 3, refused: 0 });
  expect(await transfer.events()).toBe(events);
  // The secret is the account's: the same person in two accounts is not known by it.
  await transfer.account('elsewhere');
  await transfer.users('elsewhere', FILE);
  expect(await idOf('elsewhere', 'ann')).not.toBe(await idOf('twice', 'ann'));
});

test('after a renaming, and after an erasure and a release, the same file registers somebody new, once', async () => {
  await transfer.account('moved');
  const file = 'username,name\nann,Ann\n';
  await transfer.users('moved', file);
  const renamed = await idOf('moved', 'ann');
  await transfer.run('moved', { type: 'updateUser', user: renamed, username: 'anna' });
  expect(await transfer.users('moved', file)).toMatchObject({ written: 1 });
  const erased = await idOf('moved', 'ann');
  expect(await transfer.run('moved', { type: 'eraseUser', user: erased })).toMatchObject({ accepted: true });
  expect(await transfer.users('moved', file)).toEqual({ written: 0, unchanged: 0, refused: 1 });
  expect(transfer.faults.splice(0)).toEqual([expect.stringContaining('USERNAME_SUPPRESSED')]);
  expect(await transfer.run('moved', { type: 'releaseUsername', username: 'ann' })).toMatchObject({
    accepted: true,
  });
  expect(await transfer.users('moved', file)).toEqual({ written: 1, unchanged: 0, refused: 0 });
  expect(await transfer.users('moved', file)).toEqual({ written: 0, unchanged: 1, refused: 0 });
  const third = await idOf('moved', 'ann');
  expect(new Set(['', renamed, erased, third]).size).toBe(4);
  expect(await idOf('moved', 'anna')).toBe(renamed);
});

test('a user listed twice in one batch is one user, and the first line holds', async () => {
  await transfer.account('spelt');
  const file = 'username,name\nAnn,Ann\nANN,Other\nann,Ann\nAnn,Ann\n';
  expect(await transfer.users('spelt', file)).toEqual({ written: 1, unchanged: 1, refused: 2 });
  expect(transfer.refusedLines).toEqual([3, 4]);
  expect([...(await rowsOf('spelt')).keys()]).toEqual(['Ann']);
});

test('the first admin has such an id too, and the account is opened once', async () => {
  const wish = { name: 'Acme', features: [], adminUsername: 'boss' };
  expect(await transfer.openAccount('acme', wish)).toMatchObject({ accepted: true });
  const events = await transfer.events();
  expect(await transfer.openAccount('acme', wish)).toMatchObject({ accepted: true, written: 0 });
  expect(await transfer.events()).toBe(events);
  expect(await idOf('acme', 'boss')).toMatch(/^u_[0-9a-f]{20}$/);
  expect(await logText()).not.toContain(userIdFor(inClear, 'boss', 1));
});

test('roles that were imported are found again by a second import', async () => {
  await transfer.account('roles');
  await transfer.users('roles', FILE);
  const file = '{"name":"Team","users":["ann"]}\n';
  expect(await transfer.roles('roles', file)).toMatchObject({ written: 1 });
  expect(await transfer.roles('roles', file)).toMatchObject({ written: 0, unchanged: 1 });
  expect(await transfer.customRoles('roles')).toEqual([['Team', 1]]);
});
