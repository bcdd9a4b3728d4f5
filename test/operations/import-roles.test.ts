import { Transfer } from './transfer';

/** Importing roles: the same file twice changes nothing, and what changed in between stays as people left it. */

const transfer = new Transfer();
beforeAll(() => transfer.open());
afterAll(() => transfer.close());
beforeEach(() => transfer.faults.splice(0));

const line = (role: object): string => `${JSON.stringify(role)}\n`;

test('a role that was renamed since its import is left alone, and one that was deleted can be imported again', async () => {
  await transfer.account('a');
  await transfer.users('a', 'username,name\nann,Ann\n');
  const imported = line({ name: 'Imported', users: ['ann'] });
  expect(await transfer.roles('a', imported)).toEqual({ written: 1, unchanged: 0, refused: 0 });
  expect(await transfer.roles('a', imported)).toEqual({ written: 0, unchanged: 1, refused: 0 });
  const ann = [...transfer.models.view('a').userIds(['ann']).values()];
  const role = await roleNamed('a', 'Imported');
  await transfer.run('a', { type: 'updateRole', role, name: 'Renamed', unassignUserIds: ann });
  expect(await transfer.roles('a', imported)).toEqual({ written: 1, unchanged: 0, refused: 0 });
  expect(await transfer.customRoles('a')).toEqual([
    ['Imported', 1],
    ['Renamed', 0],
  ]);
  expect(await transfer.roles('a', imported)).toEqual({ written: 0, unchanged: 1, refused: 0 });
  await transfer.run('a', { type: 'deleteRole', role: await roleNamed('a', 'Imported') });
  expect(await transfer.roles('a', imported)).toEqual({ written: 1, unchanged: 0, refused: 0 });
});

test('each bad line has an answer of its own, and the good lines go in', async () => {
  await transfer.account('b');
  await transfer.users('b', 'username,name,id\nann,Ann,ann\nbob,Bob,bob\ncat,Cat,cat\n');
  await transfer.run('b', { type: 'createRole', name: 'Made by hand' });
  await transfer.run('b', { type: 'deactivateUser', user: 'cat' });
  const file = [
    '{"name":"Good","grants":[{"permission":"roles/view"}],"users":["ann","ann","bob","ANN"]}',
    '{"name":"made BY hand","users":["ann"]}',
    '{"name":"Unknown permission","grants":[{"permission":"roles/view"},{"permission":"no/such"}]}',
    '{"name":"Unknown scope","grants":[{"permission":"roles/view","scopes":["no:such"]}]}',
    '{"name":"Unknown users","users":["ann","nobody","no one"]}',
    '{"name":"Inactive user","users":["cat"]}',
    '{"name":"cut off","users":["ann"',
    '["a list"]',
    '{"name":"Another field","colour":"red"}',
    '{"users":["ann"]}',
    '{"name":7}',
    `{"name":"${'n'.repeat(101)}"}`,
    `{"name":"Long","description":"${'d'.repeat(10_000_000)}"}`,
    '{"key":"no-such-default","users":["ann"]}',
    '{"key":"account-admin","users":["bob"]}',
    '{"name":"account ADMIN"}',
    'x'.repeat(65 * 1024 * 1024),
    '{"name":"Not UTF-8 \xff"}',
    '{"name":"Also good"}',
    '{"key":"nope","users":[]}',
  ].join('\n');
  const text = Buffer.from(file, 'latin1');
  expect(await transfer.roles('b', text)).toEqual({ written: 3, unchanged: 0, refused: 17 });
  const said = new Map(transfer.faults.map((fault) => [Number(fault.split(' ')[0]), fault]));
  expect(
    Object.fromEntries([...said].map(([number, fault]) => [number, fault.replace(/^\d+ /, '')])),
  ).toEqual({
    2: expect.stringContaining('NAME_TAKEN'),
    3: 'UNKNOWN_PERMISSION: no/such',
    4: expect.stringContaining('UNKNOWN_SCOPE'),
    5: 'UNKNOWN_USER: nobody, no one',
    6: expect.stringContaining('USER_INACTIVE'),
    7: 'is not JSON',
    8: 'An object is wanted.',
    9: 'colour: There is no such field.',
    10: 'name: This field is missing.',
    11: 'name: A text is wanted.',
    12: expect.stringContaining('NAME_TOO_LONG'),
    13: expect.stringContaining('DESCRIPTION_TOO_LONG'),
    14: 'NOT_FOUND: there is no default role no-such-default',
    16: expect.stringContaining('NAME_TAKEN'),
    17: 'longer than 67108864 bytes',
    18: 'has a byte that is not UTF-8',
    20: 'NOT_FOUND: there is no default role nope',
  });
});

test('a line that is sent again with more adds it; with another description it is refused', async () => {
  await transfer.account('c');
  await transfer.users('c', 'username,name\nann,Ann\nbob,Bob\n');
  const role = (users: string[], description: string | null = null, scopes?: string[]) =>
    line({ name: 'Team', description, grants: [{ permission: 'logs/view', scopes }], users });
  expect(await transfer.roles('c', role(['ann']))).toMatchObject({ written: 1 });
  const events = await transfer.events();
  expect(await transfer.roles('c', role(['ann']))).toMatchObject({ unchanged: 1 });
  expect(await transfer.events()).toBe(events);
  expect(await transfer.roles('c', role(['bob']))).toMatchObject({ written: 1 });
  expect(await transfer.roles('c', role(['ann', 'bob'], ' '))).toMatchObject({ unchanged: 1 });
  expect(await transfer.roles('c', role(['ann'], 'Another'))).toMatchObject({ refused: 1 });
  expect(transfer.faults).toEqual([expect.stringContaining('The role exists, with another description.')]);
  expect(await transfer.customRoles('c')).toEqual([['Team', 2]]);
});

test('lines on one role go in their order, and one line takes many commands', async () => {
  await transfer.account('d');
  const usernames = Array.from({ length: 700 }, (_, n) => `user${String(n).padStart(3, '0')}`);
  await transfer.users('d', `username,name\n${usernames.map((name) => `${name},${name}`).join('\n')}\n`);
  const many = line({ name: 'Many', users: usernames });
  const file =
    many + line({ name: 'MANY', users: ['user000'] }) + line({ key: 'account-admin', users: usernames });
  expect(await transfer.roles('d', file)).toEqual({ written: 2, unchanged: 1, refused: 0 });
  expect(await transfer.customRoles('d')).toEqual([['Many', 700]]);
  const events = await transfer.events();
  expect(await transfer.roles('d', file)).toEqual({ written: 0, unchanged: 3, refused: 0 });
  expect(await transfer.events()).toBe(events);
});

test('a custom role has no key, whatever its id is', async () => {
  await transfer.account('keys');
  await transfer.users('keys', 'username,name\nann,Ann\n');
  await transfer.run('keys', { type: 'createRole', name: 'Custom' });
  const id = await roleNamed('keys', 'Custom');
  for (const users of [[], ['ann']])
    expect(await transfer.roles('keys', line({ key: id, users }))).toMatchObject({ refused: 1 });
  expect(transfer.faults).toEqual(Array(2).fill(`1 NOT_FOUND: there is no default role ${id}`));
  expect(await transfer.customRoles('keys')).toEqual([['Custom', 0]]);
});

async function roleNamed(account: string, name: string): Promise<string> {
  const { items } = await transfer.models
    .view(account)
    .roleList({ kind: 'CUSTOM' }, { field: 'NAME', direction: 'ASC' }, { first: 50 });
  return items.find(({ item }) => item.name === name)?.item.id ?? '';
}

test('a line with a text that is none is reported, and the others go in', async () => {
  await transfer.account('texts');
  await transfer.users('texts', 'username,name\nann,Ann\n');
  const file = [
    '{"name":"x","description":"a\\ud800b"}',
    '{"name":"nul","description":"a\\u0000b"}',
    '{"name":"turned\\u202e"}',
    '{"name":"bell\\u0007"}',
    '{"name":"user","users":["ann\\ud800"]}',
    '{"name":"grant","grants":[{"permission":"roles/view\\u0000"}]}',
    '{"name":"\\u200b\\u0301"}',
    '{"name":"Account admin\\u200b"}',
    '{"name":"Desk\\u200b","description":"one\\n\\ttwo","users":["ann\\u200b"]}',
    '{"name":"Other"}',
  ].join('\n');
  expect(await transfer.roles('texts', file)).toEqual({ written: 2, unchanged: 0, refused: 8 });
  expect(transfer.faults.map((fault) => fault.slice(0, 40))).toEqual([
    expect.stringMatching(/^1 description: The text is not/),
    expect.stringMatching(/^2 description: The text has a control/),
    expect.stringMatching(/^3 name: The text has a control of the/),
    expect.stringMatching(/^4 name: The text has a control/),
    expect.stringMatching(/^5 users: The text is not/),
    expect.stringMatching(/^6 grants: The text is one line/),
    expect.stringMatching(/^7 NAME_REQUIRED/),
    expect.stringMatching(/^8 NAME_TAKEN/),
  ]);
  expect(await transfer.customRoles('texts')).toEqual([
    ['Desk', 1],
    ['Other', 0],
  ]);
  expect(await transfer.roles('texts', file)).toEqual({ written: 0, unchanged: 2, refused: 8 });
});
