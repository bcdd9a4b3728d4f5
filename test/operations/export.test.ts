import * as fc from 'fast-check';
import { Transfer } from './transfer';

/** What is exported and imported into an empty account exports the same, byte for byte. */

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
  await transfer.users('order', 'username,name,id\nb,B,b1\nÄ,Umlaut,a2\na,A,a1\nB2,B2,b2\n');
  await transfer.roles(
    'order',
    [
      '{"name":"zebra","users":["b","a"]}',
      '{"name":"Ant","description":"First","grants":[{"permission":"logs/view","scopes":[]},{"permission":"roles/view","scopes":[]}]}',
      '{"key":"account-admin","users":["a"]}',
    ].join('\n'),
  );
  expect(await transfer.exportedUsers('order')).toBe(
    'username,name,id\na,A,a1\nb,B,b1\nB2,B2,b2\nÄ,Umlaut,a2\n',
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
      'username,name,id',
      '"say ""hi""","O\'Neil, Ann",ann-1',
      'bob,Bob,bob',
      '"a,b","x""y",ab',
      'naïve—Ⅷ,名前 🎉,u8',
      '"""","""",q',
      'ימין,علی\u200cرضا,rtl',
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

let accounts = 0;
test('whatever the names', async () => {
  const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
  const csv = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(name, name), { maxLength: 8 }),
      fc.array(name, { maxLength: 4 }),
      async (users, roles) => {
        const account = `any${(accounts += 1)}`;
        await transfer.account(account);
        await transfer.users(
          account,
          `username,name\n${users.map((fields) => fields.map(csv).join(',')).join('\n')}\n`,
        );
        const { items } = await transfer.models.view(account).userList({}, 'NAME_ASC', { first: 5 });
        const usernames = items.map(({ item }) => item.username);
        await transfer.roles(
          account,
          roles.map((role) => JSON.stringify({ name: role, description: role, users: usernames })).join('\n'),
        );
        // Names that break a rule were refused; what went in comes back.
        transfer.faults.splice(0);
        await comesBack(account, `${account}-2`);
      },
    ),
    { numRuns: 20 },
  );
});
