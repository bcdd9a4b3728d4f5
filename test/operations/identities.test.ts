import { Transfer } from './transfer';

/** Identities in files of users, and of the first admin of an account. */

const transfer = new Transfer();
beforeAll(() => transfer.open());
afterAll(() => transfer.close());
beforeEach(() => transfer.faults.splice(0));

const ISSUER = 'https://login.example';
const of = (...lines: string[]): string => `username,name,id,issuer,subject\n${lines.join('\n')}\n`;
const line = (username: string, subject: string, id = ''): string =>
  `${username},N,${id},${subject && ISSUER},${subject}`;

const identities = (account: string): string[] => {
  const view = transfer.models.view(account);
  const ids = [...view.userIds(['ann', 'anna', 'bob', 'cat', 'boss']).values()];
  return [...view.identities(ids)].flatMap(([user, linked]) =>
    linked.map(({ subject }) => `${view.users([user]).get(user)?.username} ${subject}`),
  );
};

test('come with a registration, in one append, and again change nothing', async () => {
  await transfer.account('new');
  const file = of(line('ann', 'a1'), line('bob', ''), line('cat', 'c1', 'cat'));
  const events = await transfer.events();
  expect(await transfer.users('new', file)).toEqual({ written: 3, unchanged: 0, refused: 0 });
  // Claims on username and identity, the registration and the link; of bob a claim and the registration.
  expect((await transfer.events()) - events).toBe(4 + 2 + 4);
  expect(await transfer.users('new', file)).toEqual({ written: 0, unchanged: 3, refused: 0 });
  expect((await transfer.events()) - events).toBe(10);
  expect(identities('new')).toEqual(['ann a1', 'cat c1']);
});

test('are linked to users who are there, one by one, and those that the file does not have stay', async () => {
  await transfer.account('there');
  await transfer.users('there', 'username,name\nann,N\nbob,N\n');
  const file = of(
    line('ann', 'a1'),
    line('ann', 'a2'),
    line('bob', 'b1'),
    line('cat', 'c1'),
    line('cat', 'c2'),
  );
  expect(await transfer.users('there', file)).toEqual({ written: 5, unchanged: 0, refused: 0 });
  expect(await transfer.users('there', of(line('ann', 'a2'), line('bob', '')))).toMatchObject({
    unchanged: 2,
  });
  expect(identities('there')).toEqual(['ann a1', 'ann a2', 'bob b1', 'cat c1', 'cat c2']);
});

test('that are another’s, or none, are told, and nobody is registered with them', async () => {
  await transfer.account('taken');
  await transfer.users('taken', of(line('ann', 'a1'), line('bob', 'b1')));
  const file = of(
    line('bob', 'a1'),
    line('cat', 'a1'),
    'cat,N,,login.example,c1',
    `cat,N,,${ISSUER},`,
    'cat,N,,,c1',
  );
  expect(await transfer.users('taken', file)).toEqual({ written: 0, unchanged: 0, refused: 5 });
  expect(transfer.faults.sort()).toEqual([
    expect.stringMatching(/^2 IDENTITY_TAKEN: /),
    expect.stringMatching(/^3 IDENTITY_TAKEN: /),
    expect.stringMatching(/^4 INVALID_INPUT: An issuer is a URL/),
    '5 has an issuer and no subject',
    '6 has a subject and no issuer',
  ]);
  expect(identities('taken')).toEqual(['ann a1', 'bob b1']);
  expect(transfer.models.view('taken').userIds(['cat']).size).toBe(0);
});

test('of an erased user bring nobody back until the username is released', async () => {
  await transfer.account('gone');
  await transfer.users('gone', of(line('ann', 'a1', 'ann')));
  await transfer.run('gone', { type: 'eraseUser', user: 'ann' });
  const file = of(line('anna', 'a1'));
  expect(await transfer.users('gone', file)).toMatchObject({ refused: 1 });
  expect(transfer.faults).toEqual([expect.stringMatching(/^2 IDENTITY_SUPPRESSED: /)]);
  await transfer.run('gone', { type: 'releaseUsername', username: 'ann' });
  expect(await transfer.users('gone', file)).toMatchObject({ written: 1 });
  expect(identities('gone')).toEqual(['anna a1']);
});

describe('of the first admin of an account', () => {
  const open = (account: string, subject: string | null, issuer = ISSUER) =>
    transfer.openAccount(account, {
      name: account,
      features: [],
      adminUsername: 'boss',
      identity: subject === null ? null : { issuer, subject },
    });

  test('is linked before anything else, or later, and again changes nothing', async () => {
    expect(await open('first', 's1')).toMatchObject({ accepted: true });
    expect(identities('first')).toEqual(['boss s1']);
    expect(await open('second', null)).toMatchObject({ accepted: true });
    expect(await open('second', 's1')).toMatchObject({ accepted: true, written: 1 });
    const events = await transfer.events();
    for (const account of ['first', 'second'])
      expect(await open(account, 's1')).toMatchObject({ accepted: true, written: 0 });
    expect(await transfer.events()).toBe(events);
    expect(identities('second')).toEqual(['boss s1']);
  });

  test('is refused before anything is written where it is none', async () => {
    const events = await transfer.events();
    expect(await open('none', '', 'x')).toMatchObject({
      refusals: [{ field: ['issuer'] }, { field: ['subject'] }],
    });
    expect(await transfer.events()).toBe(events);
  });

  test('is refused where it is another’s, and nobody becomes an admin', async () => {
    await transfer.account('other');
    await transfer.users('other', of(line('ann', 's1')));
    expect(await open('other', 's1')).toMatchObject({ refusals: [{ code: 'IDENTITY_TAKEN' }] });
    expect(transfer.models.view('other').roles(['account-admin']).get('account-admin')?.userCount).toBe(0);
  });
});
