import { ACCOUNT_ADMIN } from '../../src/domain/vocabulary';
import { ACCOUNT_OPEN, type AccountOpening } from '../../src/operations/open-account';
import type { OperatorAnswer } from '../../src/operator/operator-bus';
import { Transfer } from './transfer';

/** Opening accounts: whole, once, and with nobody let in by the way. */

const transfer = new Transfer();
beforeAll(() => transfer.open());
afterAll(() => transfer.close());

const wish = (adminUsername: string, more: Partial<AccountOpening> = {}): AccountOpening => ({
  name: 'Acme',
  features: [],
  adminUsername,
  ...more,
});
const codes = (answer: OperatorAnswer): string[] =>
  answer.accepted ? [] : 'error' in answer ? [answer.error.code] : answer.refusals.map(({ code }) => code);

async function admins(account: string): Promise<string[]> {
  const { items } = await transfer.models.view(account).roleUsers(ACCOUNT_ADMIN, {}, null, { first: 10 });
  return items.map(({ item }) => item.user.username);
}

test('an account is opened with its admin; again with the same one changes nothing', async () => {
  expect(await transfer.openAccount('acme', wish('boss'))).toMatchObject({ accepted: true });
  expect(await admins('acme')).toEqual(['boss']);
  const events = await transfer.events();
  expect(await transfer.openAccount('acme', wish('Boss', { name: 'Other' }))).toMatchObject({
    accepted: true,
    written: 0,
  });
  expect(await transfer.events()).toBe(events);
});

test('an open account is not opened for another admin, who is told who is', async () => {
  await transfer.openAccount('taken', wish('boss'));
  await transfer.users('taken', 'username,name\nmember,Member\n');
  const events = await transfer.events();
  for (const other of ['other', 'member']) {
    const answer = await transfer.openAccount('taken', wish(other));
    expect(codes(answer)).toEqual([ACCOUNT_OPEN]);
    expect(answer).toMatchObject({
      error: { message: expect.stringContaining('its account admin is boss.') },
    });
    expect(answer).toMatchObject({ error: { message: expect.stringContaining('account appoint taken') } });
  }
  expect(await transfer.events()).toBe(events);
  expect(await admins('taken')).toEqual(['boss']);
});

test.each<[string, Partial<AccountOpening>, string[]]>([
  ['username of the admin', { adminUsername: ' ' }, ['INVALID_INPUT', 'INVALID_INPUT']],
  ['long username', { adminUsername: 'x'.repeat(201) }, ['INVALID_INPUT', 'INVALID_INPUT']],
  ['name', { name: '' }, ['INVALID_INPUT']],
  ['feature', { features: ['NO_SUCH'] }, ['UNKNOWN_FEATURE']],
  [
    'name and username',
    { name: 'x'.repeat(201), adminUsername: '\u0007' },
    ['INVALID_INPUT', 'INVALID_INPUT', 'INVALID_INPUT'],
  ],
])('a bad %s is refused before anything is written', async (_what, bad, expected) => {
  const events = await transfer.events();
  expect(codes(await transfer.openAccount('bad', wish('boss', bad)))).toEqual(expected);
  expect(await transfer.events()).toBe(events);
});

describe('what a death left undone is completed', () => {
  test('after the account was opened', async () => {
    await transfer.account('half');
    expect(await transfer.openAccount('half', wish('boss'))).toMatchObject({ accepted: true });
    expect(await admins('half')).toEqual(['boss']);
  });

  test('after the admin was registered', async () => {
    await transfer.account('later');
    await transfer.users('later', 'username,name\nboss,boss\n');
    expect(await transfer.openAccount('later', wish('boss'))).toMatchObject({ accepted: true, written: 1 });
    expect(await admins('later')).toEqual(['boss']);
  });

  test('also where the id of the username is of someone who was renamed', async () => {
    await transfer.account('id');
    await transfer.users('id', 'username,name\nboss,boss\n');
    const [boss = ''] = transfer.models.view('id').userIds(['boss']).values();
    await transfer.run('id', { type: 'updateUser', user: boss, username: 'chief' });
    expect(await transfer.openAccount('id', wish('boss'))).toMatchObject({ accepted: true });
    expect(await admins('id')).toEqual(['boss']);
  });
});

test('of those who open an account at once, one names the admin', async () => {
  for (let round = 0; round < 5; round += 1) {
    const account = `race-${round}`;
    const names = ['ann', 'bob', 'cat'];
    const answers = await Promise.all(names.map((name) => transfer.openAccount(account, wish(name))));
    const won = names.filter((_name, index) => answers[index]?.accepted);
    expect(won).toHaveLength(1);
    expect(answers.flatMap(codes)).toEqual([ACCOUNT_OPEN, ACCOUNT_OPEN]);
    expect(await admins(account)).toEqual(won);
  }
});

/** Their streams outlive an erasure of the user whom the change is about. */
const WITHOUT_REASON = ['Claimed', 'Released', 'UserBarred', 'UserUnbarred'];

test('every event says who did it, and why, but for claims and bars', async () => {
  transfer.record = { operator: 'ann.smith', reason: 'SUP-1' };
  await transfer.openAccount('said', wish('boss'));
  await transfer.users('said', 'username,name,status\nbob,Bob,INACTIVE\n');
  await transfer.roles('said', '{"name":"Team","users":["boss"],"inactiveUsers":["bob"]}\n');
  transfer.record = { operator: 'test' };
  let events = 0;
  for await (const { type, metadata } of transfer.opened.readAll()) {
    if (metadata.account !== 'said') continue;
    events += 1;
    const reason = WITHOUT_REASON.includes(type) ? undefined : 'SUP-1';
    expect(metadata).toMatchObject({ actorType: 'operator', actorId: 'ann.smith' });
    expect([type, metadata.reason]).toEqual([type, reason]);
  }
  expect(events).toBeGreaterThan(10);
});

test.each(['catalogue', 'checkpoint', 'tile'])(
  'no account is called %s, as an address of the proof is',
  async (id) => {
    expect(codes(await transfer.openAccount(id, wish('boss')))).toEqual(['INVALID_INPUT']);
  },
);
