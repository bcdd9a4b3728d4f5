import * as fc from 'fast-check';
import { Transfer } from './transfer';
import { runs } from '../scale';

/** Round trip: an export imported into an empty account exports the same, byte for byte. */

const transfer = new Transfer();
beforeAll(() => transfer.open());
afterAll(() => transfer.close());

const exported = async (account: string): Promise<string[]> => [
  await transfer.exportedUsers(account),
  await transfer.exportedRoles(account),
];

async function comesBack(from: string, to: string): Promise<void> {
  await transfer.account(to);
  const [users = '', roles = ''] = await exported(from);
  await transfer.users(to, users);
  await transfer.roles(to, roles);
  expect(transfer.faults).toEqual([]);
  expect(await exported(to)).toEqual([users, roles]);
}

test('users come by username; roles default ones first, if they have anyone, then by name; grants as in the catalogue', async () => {
  await transfer.account('order');
  await transfer.users('order', 'username,name,id,kind\nb,B,b1,\nÄ,Umlaut,a2,\na,A,a1,\nB2,B2,b2,service\n');
  await transfer.roles(
    'order',
    [
      '{"name":"zebra","users":["b","a"]}',
      '{"name":"Ant","description":"First","grants":[{"permission":"logs/view","scopes":[]},{"permission":"roles/view","scopes":[]}]}',
      '{"key":"account-admin","users":["a"]}',
    ].join('\n'),
  );
  expect(await transfer.exportedUsers('order')).toBe(
    'username,name,id,status,externalId,kind,issuer,subject\na,A,a1,ACTIVE,,PERSON,,\nb,B,b1,ACTIVE,,PERSON,,\nB2,B2,b2,ACTIVE,,SERVICE,,\nÄ,Umlaut,a2,ACTIVE,,PERSON,,\n',
  );
  const roles = (await transfer.exportedRoles('order'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(roles).toEqual([
    { key: 'account-admin', users: ['a'] },
    {
      name: 'Ant',
      description: 'First',
      grants: [
        { permission: 'roles/view', scopes: [] },
        { permission: 'logs/view', scopes: [] },
      ],
      users: [],
    },
    { name: 'zebra', description: null, grants: [], users: ['a', 'b'] },
  ]);
  await comesBack('order', 'order-2');
});

test('long names that begin alike are two roles, and quotes, commas and all of Unicode come back', async () => {
  await transfer.account('odd');
  await transfer.users(
    'odd',
    [
      'username,name,id,externalId',
      '"say ""hi""","O\'Neil, Ann",ann-1,"cn=Ann, ou=""x"""',
      "bob,Bob,bob,'=1+1",
      '"a,b","x""y",ab,',
      'naïve—Ⅷ,名前 🎉,u8,Ⅷ',
      '"""","""",q,""""',
      'ימין,علی\u200cرضا,rtl,علی\u200cرضا',
    ].join('\n'),
  );
  const long = [`${'😀'.repeat(99)}é`, '😀'.repeat(100), 'tab\\and "quote"', 'ﬁ', 'İstanbul'];
  await transfer.roles(
    'odd',
    long.map((name) => JSON.stringify({ name, users: ['bob', 'a,b', '"'] })).join('\n'),
  );
  expect(await transfer.customRoles('odd')).toHaveLength(5);
  await comesBack('odd', 'odd-2');
});

test('a line does not give somebody’s user to whom registered under the username before', async () => {
  await transfer.account('taken');
  const issuer = 'https://login.example';
  await transfer.users('taken', `username,name,id,issuer,subject\nboss,Boss,m1,${issuer},mallory\n`);
  const faults = transfer.faults.length;
  const line = `username,name,issuer,subject\nboss,Boss,${issuer},boss\n`;
  expect(await transfer.users('taken', line)).toMatchObject({ written: 0, refused: 1 });
  expect(transfer.faults.splice(faults).join()).toMatch(/^2 .*may be somebody else/);
  expect(await transfer.exportedUsers('taken')).not.toContain(',boss');
  // Another issuer knows the same person by another subject, and a file that has both subjects says so.
  expect(
    await transfer.users('taken', 'username,name,issuer,subject\nboss,Boss,https://new.example,m\n'),
  ).toMatchObject({ written: 1, refused: 0 });
  expect(
    await transfer.users(
      'taken',
      `username,name,issuer,subject\nboss,Boss,${issuer},mallory\nboss,Boss,${issuer},m2\n`,
    ),
  ).toMatchObject({ refused: 0 });
});

test('identities come back, several of a user in lines of their own', async () => {
  await transfer.account('known');
  await transfer.users('known', 'username,name,id\nann,Ann,ann\nbob,Bob,bob\n');
  const link = (user: string, issuer: string, subject: string) =>
    transfer.run('known', { type: 'linkUserIdentity', user, issuer, subject });
  const issuer = 'https://login.example';
  await link('ann', issuer, 'auth0|"ann", 1');
  await link('ann', `${issuer}/`, 's 1');
  await link('bob', issuer, '名前|🎉');
  expect(await transfer.exportedUsers('known')).toBe(
    [
      'username,name,id,status,externalId,kind,issuer,subject',
      `ann,Ann,ann,ACTIVE,,PERSON,${issuer},"auth0|""ann"", 1"`,
      `ann,Ann,ann,ACTIVE,,PERSON,${issuer}/,s 1`,
      `bob,Bob,bob,ACTIVE,,PERSON,${issuer},名前|🎉`,
      '',
    ].join('\n'),
  );
  await comesBack('known', 'known-2');
});

test('the inactive come back inactive, with the roles that they will have again', async () => {
  await transfer.account('left');
  await transfer.users('left', 'username,name,id\nann,Ann,ann\nbob,Bob,bob\ncat,Cat,cat\n');
  await transfer.roles(
    'left',
    '{"name":"Team","users":["ann","bob"]}\n{"key":"campaign-manager","users":["bob"]}\n{"key":"account-admin","users":["ann","cat"]}\n',
  );
  for (const user of ['bob', 'cat']) await transfer.run('left', { type: 'deactivateUser', user });
  const [users = '', roles = ''] = await exported('left');
  expect(users).toContain('bob,Bob,bob,INACTIVE,,PERSON,,\ncat,Cat,cat,INACTIVE,,PERSON,,\n');
  expect(
    roles
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object),
  ).toEqual([
    { key: 'account-admin', users: ['ann'], inactiveUsers: ['cat'] },
    { key: 'campaign-manager', users: [], inactiveUsers: ['bob'] },
    { name: 'Team', description: null, grants: [], users: ['ann'], inactiveUsers: ['bob'] },
  ]);
  await comesBack('left', 'left-2');
  const view = transfer.models.view('left-2');
  expect(view.effective(['bob']).get('bob')?.granted).toEqual([]);
  const events = await transfer.events();
  expect(await transfer.users('left-2', users)).toEqual({ written: 0, unchanged: 3, refused: 0 });
  expect(await transfer.roles('left-2', roles)).toEqual({ written: 0, unchanged: 3, refused: 0 });
  expect(await transfer.events()).toBe(events);

  // A file of users without the column does not give access back through the file of roles.
  await transfer.account('left-3');
  await transfer.users(
    'left-3',
    users.replace(/,(ACTIVE|INACTIVE|status),(externalId)?,(PERSON|kind),(issuer)?,(subject)?$/gm, ''),
  );
  expect(await transfer.roles('left-3', roles)).toEqual({ written: 0, unchanged: 0, refused: 3 });
  expect(transfer.faults.splice(0)).toEqual([
    expect.stringContaining('"inactiveUsers" has users who are active: cat'),
    expect.stringContaining('"inactiveUsers" has users who are active: bob'),
    expect.stringContaining('"inactiveUsers" has users who are active: bob'),
  ]);
  // An admin who came back inactive does not count as one, and is one again when active.
  const lastAdmin = transfer.run('left-2', { type: 'deactivateUser', user: 'ann' });
  expect(await lastAdmin).toMatchObject({ accepted: false, refusals: [{ code: 'LAST_ADMIN' }] });
  await transfer.run('left-2', { type: 'reactivateUser', user: 'cat' });
  expect(transfer.models.view('left-2').rolesOf(['cat']).get('cat')).toEqual(['account-admin']);
  // Once they are members, the file says nothing new when they have come back.
  await transfer.run('left-2', { type: 'reactivateUser', user: 'bob' });
  expect(await transfer.roles('left-2', roles)).toEqual({ written: 0, unchanged: 3, refused: 0 });
});

let accounts = 0;
test('whatever the names', async () => {
  const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
  const csv = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(name, name), { maxLength: 8 }),
      fc.array(name, { maxLength: 4 }),
      fc.infiniteStream(fc.boolean()),
      async (users, roles, leaves) => {
        const account = `any${(accounts += 1)}`;
        await transfer.account(account);
        await transfer.users(
          account,
          `username,name\n${users.map((fields) => fields.map(csv).join(',')).join('\n')}\n`,
        );
        const { items } = await transfer.models.view(account).userList({}, null, { first: 5 });
        const usernames = items.map(({ item }) => item.username);
        const leaving = items.filter(() => leaves.next().value);
        await transfer.roles(
          account,
          roles.map((role) => JSON.stringify({ name: role, description: role, users: usernames })).join('\n'),
        );
        for (const { item } of leaving)
          await transfer.run(account, { type: 'deactivateUser', user: item.id });
        // Names that break a rule were refused; what went in comes back.
        transfer.faults.splice(0);
        await comesBack(account, `${account}-2`);
      },
    ),
    runs(20),
  );
});
