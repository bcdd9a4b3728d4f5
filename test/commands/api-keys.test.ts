import type { Command } from '../../src/commands/command';
import { registerService } from '../model-checker/scenarios/wishes';
import { ACCOUNT, ask, execute, given, NOW, replica, user, verdict, type Ask, type Log } from './harness';

/** Service users and their API keys, as the log has them. */

const DAY_MS = 86_400_000;
const HASHES = ['0', '1'].map((digit) => digit.repeat(64));

const key = (fields: object = {}, context: object = {}): Ask =>
  ask(
    {
      type: 'createApiKey',
      user: 'bot',
      name: 'Night run',
      prefix: 'rbk_0000',
      hash: HASHES[0],
      ...fields,
    } as Command,
    context,
  );

const eventsOf = (log: Log, id: string) =>
  log.events
    .filter(({ stream }) => stream === `rolebook.user-${ACCOUNT}.${id}`)
    .map(({ type, data, metadata }) => ({ type, data, schemaVersion: metadata.schemaVersion }));

/** Executes one after another, and tells what each came to. */
async function verdicts(log: Log, ...asks: readonly Ask[]): Promise<string[]> {
  const bus = replica(log);
  const told: string[] = [];
  for (const each of asks) told.push(verdict(await execute(bus, each)));
  return told;
}

test('a service user is registered as one, for ever; only such events need readers of schema 3', async () => {
  const log = await given(registerService('bot'));
  expect(eventsOf(log, 'bot')).toMatchObject([
    { type: 'UserRegistered', data: { kind: 'SERVICE' }, schemaVersion: '3' },
  ]);
  expect(eventsOf(log, 'cat')[0]!.data).not.toHaveProperty('kind');
  expect(Number(eventsOf(log, 'cat')[0]!.schemaVersion)).toBeLessThan(3);
  const again = { type: 'registerUser', user: 'bot', username: 'bot', name: 'bot' } as const;
  const cat = { type: 'registerUser', user: 'cat', username: 'cat', name: 'Name of cat' } as const;
  expect(
    await verdicts(
      log,
      registerService('bot'),
      ask(again),
      ask({ ...again, kind: 'PERSON' }),
      ask(cat),
      ask({ ...cat, kind: 'PERSON' }),
      ask({ ...cat, kind: 'SERVICE' }),
    ),
  ).toEqual(['ok', 'INVALID_INPUT', 'INVALID_INPUT', 'ok', 'ok', 'INVALID_INPUT']);
  expect(eventsOf(log, 'bot')).toHaveLength(1);
});

test('the stream of account admins, and of no other role, says that a member is a service user', async () => {
  const log = await given(
    registerService('bot'),
    ask({ type: 'assignUsers', role: 'account-admin', userIds: ['bot', 'cat'] }),
    ask({ type: 'assignUsers', role: 'manager', userIds: ['bot'] }),
  );
  const joined = log.events
    .filter(({ type }) => type === 'UserAssigned')
    .slice(-3)
    .map(({ data, metadata }) => [data.role, data.user, data.kind, metadata.schemaVersion]);
  expect(joined).toEqual([
    ['account-admin', 'bot', 'SERVICE', '3'],
    ['account-admin', 'cat', undefined, '1'],
    ['manager', 'bot', undefined, '1'],
  ]);
});

test('a key is recorded by hash and beginning, with its end', async () => {
  const log = await given(registerService('bot'));
  const [first, second, third] = [
    await execute(replica(log), key({ name: ' Night  run ' })),
    await execute(replica(log), key({ expiresInDays: 1 })),
    await execute(replica(log), key({ expiresInDays: 365 })),
  ];
  const keys = eventsOf(log, 'bot').slice(1);
  const end = (days: number) => new Date(NOW.getTime() + days * DAY_MS).toISOString();
  expect(keys.map(({ data }) => data.expiresAt)).toEqual([end(90), end(1), end(365)]);
  expect(keys[0]).toMatchObject({
    type: 'ApiKeyCreated',
    data: { user: 'bot', name: 'Night  run', prefix: 'rbk_0000', hash: HASHES[0] },
    schemaVersion: '3',
  });
  const ids = [first, second, third].map(({ outcome }) => (outcome as { apiKey?: string }).apiKey);
  expect(keys.map(({ data }) => data.apiKey)).toEqual(ids);
  expect(new Set(ids).size).toBe(3);
});

test.each([
  ['no end', { expiresInDays: 0 }, 'expiresInDays'],
  ['an end too far away', { expiresInDays: 366 }, 'expiresInDays'],
  ['half a day', { expiresInDays: 1.5 }, 'expiresInDays'],
  ['no name', { name: ' ' }, 'name'],
  ['two lines as a name', { name: 'a\nb' }, 'name'],
  ['a long name', { name: 'x'.repeat(101) }, 'name'],
  ['a hash in capitals', { hash: 'A'.repeat(64) }, 'hash'],
  ['the text of the key', { hash: 'rbk_000000000000000000000000001adbbx' }, 'hash'],
  ['a long beginning', { prefix: 'rbk_00000' }, 'prefix'],
])('a key with %s is refused', async (_what, fields, field) => {
  const log = await given(registerService('bot'));
  const { outcome } = await execute(replica(log), key(fields));
  expect(outcome).toMatchObject({ accepted: false, refusals: [{ code: 'INVALID_INPUT', field: [field] }] });
  expect(eventsOf(log, 'bot')).toHaveLength(1);
});

test('a repeat under the same idempotency key finds the key, whatever text was drawn for the repeat', async () => {
  const log = await given(registerService('bot'), registerService('max'));
  const keyed = { idempotencyKey: 'k' };
  const [first, again, other, elsewhere] = [
    await execute(replica(log), key({}, keyed)),
    await execute(replica(log), key({ hash: HASHES[1], prefix: 'rbk_zzzz' }, keyed)),
    await execute(replica(log), key({ name: 'Day run' }, keyed)),
    await execute(replica(log), key({ user: 'max' }, keyed)),
  ];
  const { apiKey } = first.outcome as { apiKey?: string };
  expect(first.outcome).toMatchObject({ accepted: true, written: 1, apiKey: expect.stringMatching(/^k_/) });
  expect(again.outcome).toMatchObject({ accepted: true, written: 0, apiKey });
  expect(verdict(other)).toBe('IDEMPOTENCY_KEY_REUSED');
  expect(elsewhere.outcome).toMatchObject({ accepted: true, written: 1 });
  expect((elsewhere.outcome as { apiKey?: string }).apiKey).not.toBe(apiKey);
  expect(eventsOf(log, 'bot').map(({ type }) => type)).toEqual(['UserRegistered', 'ApiKeyCreated']);
  expect(eventsOf(log, 'bot')[1]!.data.hash).toBe(HASHES[0]);
});

test('a key is revoked once, also when expired; one that is not there, or another’s, is not found', async () => {
  const log = await given(registerService('bot'), registerService('max'), key());
  const id = String(eventsOf(log, 'bot')[1]!.data.apiKey);
  const revoke = (of: string, apiKey: string): Ask => ask({ type: 'revokeApiKey', user: of, apiKey });
  expect(
    await verdicts(log, revoke('max', id), revoke('bot', 'k_none'), revoke('bot', id), revoke('bot', id)),
  ).toEqual(['NOT_FOUND', 'NOT_FOUND', 'ok', 'ok']);
  expect(eventsOf(log, 'bot').map(({ type }) => type)).toEqual([
    'UserRegistered',
    'ApiKeyCreated',
    'ApiKeyRevoked',
  ]);
});

test('of twenty keys, one that was revoked or has expired leaves room for another', async () => {
  const log = await given(
    registerService('bot'),
    ...Array.from({ length: 20 }, (_, index) => key({ expiresInDays: index === 0 ? 1 : 30 })),
  );
  const [first, second] = eventsOf(log, 'bot')
    .slice(1)
    .map(({ data }) => String(data.apiKey));
  const later = replica(log, undefined, undefined, { now: () => new Date(NOW.getTime() + DAY_MS) });
  expect(verdict(await execute(replica(log), key()))).toBe('TOO_MANY_API_KEYS');
  expect(verdict(await execute(later, key()))).toBe('ok');
  expect(verdict(await execute(later, key()))).toBe('TOO_MANY_API_KEYS');
  expect(await verdicts(log, ask({ type: 'revokeApiKey', user: 'bot', apiKey: second! }))).toEqual(['ok']);
  expect(verdict(await execute(later, key()))).toBe('ok');
  expect(await verdicts(log, ask({ type: 'revokeApiKey', user: 'bot', apiKey: first! }))).toEqual(['ok']);
});

test('no key is made for a user who is inactive or erased, and none is revoked of an erased one', async () => {
  const log = await given(registerService('bot'), key());
  const revoke = ask({
    type: 'revokeApiKey',
    user: 'bot',
    apiKey: String(eventsOf(log, 'bot')[1]!.data.apiKey),
  });
  const deactivate = ask({ type: 'deactivateUser', user: 'bot' });
  const erase = ask({ type: 'eraseUser', user: 'bot' });
  expect(await verdicts(log, deactivate, key(), erase, key(), revoke)).toEqual([
    'ok',
    'USER_INACTIVE',
    'ok',
    'USER_ERASED',
    'USER_ERASED',
  ]);
});

test('a service user acts as a user: it may change its own keys, and not end itself', async () => {
  const desk = ask({
    type: 'createRole',
    name: 'Desk',
    grants: [{ permission: 'users/manage' }, { permission: 'users/erase' }],
    userIds: ['bot'],
  });
  const log = await given(registerService('bot'), desk);
  const bot = { actor: user('bot') };
  expect(
    await verdicts(
      log,
      key({}, bot),
      ask({ type: 'deactivateUser', user: 'bot' }, bot),
      ask({ type: 'eraseUser', user: 'bot' }, bot),
      ask({ type: 'deactivateUser', user: 'ann' }, bot),
    ),
  ).toEqual(['ok', 'SELF_DEACTIVATION', 'SELF_ERASURE', 'ESCALATION']);
  const created = log.events.findLast(({ type }) => type === 'ApiKeyCreated');
  expect(created?.metadata).toMatchObject({ actorType: 'user', actorId: 'bot' });
});
