import { createHash, randomUUID } from 'node:crypto';
import type { Command } from '../../src/commands/command';
import { identify } from '../../src/commands/identity';
import { externalIdClaim, usernameClaims } from '../../src/domain/claim/claim';
import { eventFaults } from '../../src/domain/sound-event';
import { MAX_APPEND_BYTES } from '../../src/event-store/port/event-store';
import { parseStream } from '../../src/event-store/port/streams';
import { openKeyBook } from '../../src/keys/book/key-book';
import { parseKeyId } from '../../src/keys/key-id';
import { isSealedField } from '../../src/keys/sealed-field';
import { KeyedSealing } from '../../src/sealing/keyed-sealing';
import { Opener } from '../../src/sealing/opening-store';
import { guardsOf } from '../commands/decision-reads';
import { ACCOUNT, ask, contextOf, execute, replica, user, verdict } from '../commands/harness';
import { masters } from '../keys/contract/controls';
import { MemorySegments } from '../keys/memory/memory-segments';
import { givenSealed, type SealedLog } from './harness';

/** Commands on a log that holds nothing personal in clear. */

const NAME = 'Marguerite Wollstonecraft';
const USERNAME = 'marguerite.w@example.com';
const EXTERNAL_ID = 'W-1774-Wollstonecraft';
const KEY = 'register-marguerite';
const REASON = 'asked for by her manager, ticket 4711';
const SECRETS = [NAME, USERNAME, EXTERNAL_ID, REASON, KEY];
const register = ask(
  { type: 'registerUser', username: USERNAME, name: NAME, externalId: EXTERNAL_ID },
  { idempotencyKey: KEY, reason: REASON },
);

const lastOf = ({ log }: SealedLog, type: string) =>
  log.events.filter((event) => event.type === type).at(-1)!;

test('no name, username, reason or digest of one is in the log, and every event is sound', async () => {
  const given = await givenSealed(register);
  const text = JSON.stringify(given.log.events.map((event) => ({ ...event, position: 0 })));
  for (const secret of SECRETS) expect(text).not.toContain(secret);
  const { former } = identify(register.command, contextOf(register));
  const guesses = [
    former.commandId,
    former.inputHash,
    ...usernameClaims(USERNAME),
    externalIdClaim(EXTERNAL_ID),
    ...SECRETS.flatMap((secret) => {
      const hash = createHash('sha256').update(secret);
      return [hash.copy().digest('hex'), hash.copy().digest('base64url'), hash.digest('base64')];
    }),
  ];
  for (const guess of guesses) expect(text).not.toContain(guess.slice(0, 12));
  for (const event of given.log.events) expect(eventFaults(event, parseStream(event.stream))).toEqual([]);
  expect(lastOf(given, 'UserRegistered')).toMatchObject({
    data: { claims: [expect.any(String)], externalIdClaim: expect.any(String) },
    metadata: { schemaVersion: '2', keyed: 'true' },
  });
});

test('1,000 changes fit one append with the longest reason, encrypted', async () => {
  const userIds = Array.from(
    { length: 1_000 },
    (_, index) => `u_f55636795dc653afa${String(index).padStart(3, '0')}`,
  );
  const given = await givenSealed();
  const reads = guardsOf(() => given.log.book());
  const known: typeof reads = {
    ...reads,
    userStatus: (_account, users) => new Map(users.map((id) => [id, 'ACTIVE'])),
  };
  const bus = replica(given.log, known, undefined, { sealing: new KeyedSealing(await given.book()) });
  const context = {
    reason: '\u{1F600}'.repeat(75),
    requestId: randomUUID(),
    idempotencyKey: 'all-of-them',
    actor: user('ann'),
  };
  const assign = ask({ type: 'assignUsers', role: 'maker', userIds }, context);
  expect(verdict(await execute(bus, assign))).toBe('ok');
  const last = lastOf(given, 'UserAssigned');
  expect(last.metadata).toMatchObject({ parts: '1000', reason: { $enc: '1' } });
  // There is room for ids of role and actor as Rolebook makes them, and for a later position.
  const bytes = JSON.stringify([last.id, last.type, last.data, last.metadata]).length;
  expect(bytes + 2 * 22).toBeLessThan(MAX_APPEND_BYTES / 1_000);
});

test('readers with the key book get everything in clear; without it nothing, and with another none', async () => {
  const given = await givenSealed(register);
  const event = lastOf(given, 'UserRegistered');
  const opener = new Opener(await given.book());
  expect(await opener.open(event)).toMatchObject({
    data: { username: USERNAME, name: NAME, externalId: EXTERNAL_ID },
    metadata: { reason: REASON },
  });
  const unreadable: string[] = [];
  const other = await givenSealed();
  for (const book of [null, await other.book()]) {
    const blind = new Opener(book, { onUnreadable: ({ id }) => unreadable.push(id) });
    expect(await blind.open(event)).toMatchObject({
      data: { username: null, name: null, externalId: null },
      metadata: { reason: null },
    });
  }
  expect(unreadable).toEqual([event.id]);
});

test('a reader takes what was opened, and what was erased, for sound', async () => {
  const given = await givenSealed(register);
  const book = await given.book();
  const event = lastOf(given, 'UserRegistered');
  const opener = new Opener(book);
  expect(eventFaults(await opener.open(event), parseStream(event.stream), 'read')).toEqual([]);
  const name = event.data['name'];
  if (!isSealedField(name)) throw new Error('the name is in clear');
  await book.erase(ACCOUNT, [name.k]);
  const erased = await opener.open(event);
  expect(erased.data).toMatchObject({ username: null, name: null, externalId: null });
  // The reason of an event on a user's stream goes with the user.
  expect(erased.metadata['reason']).toBeNull();
  expect(eventFaults(erased, parseStream(event.stream), 'read')).toEqual([]);
});

test('the same key on another replica is recognised, and nothing is written', async () => {
  const given = await givenSealed(register);
  const before = given.log.events.length;
  const done = await execute(await given.replica(), register);
  expect([verdict(done), given.log.events.length]).toEqual(['ok', before]);
});

test('a username is borne once, whatever its case, and free again when it is given up', async () => {
  const given = await givenSealed(register);
  const bus = await given.replica();
  const again = ask({ type: 'registerUser', username: USERNAME.toUpperCase(), name: 'Another' });
  expect(verdict(await execute(bus, again))).toBe('USERNAME_TAKEN');
  const { user } = lastOf(given, 'UserRegistered').data as { user: string };
  const rename = (username: string) => execute(bus, ask({ type: 'updateUser', user, username }));
  expect(verdict(await rename('CAT'))).toBe('USERNAME_TAKEN');
  expect(verdict(await rename('mw'))).toBe('ok');
  expect(verdict(await execute(bus, again))).toBe('ok');
  expect(verdict(await rename(USERNAME))).toBe('USERNAME_TAKEN');
});

test('an external id is borne once, and free again when it is given up, cleared, or left to another user', async () => {
  const given = await givenSealed(register);
  const bus = await given.replica();
  const { user } = lastOf(given, 'UserRegistered').data as { user: string };
  const change = async (id: string, fields: object) =>
    verdict(await execute(bus, ask({ type: 'updateUser', user: id, ...fields })));
  expect(await change('cat', { externalId: EXTERNAL_ID })).toBe('EXTERNAL_ID_TAKEN');
  expect(await change('cat', { externalId: EXTERNAL_ID.toLowerCase() })).toBe('ok');
  expect(await change(user, { externalId: 'W-2' })).toBe('ok');
  expect(await change('cat', { externalId: EXTERNAL_ID })).toBe('ok');
  expect(await change(user, { externalId: EXTERNAL_ID })).toBe('EXTERNAL_ID_TAKEN');
  expect(await change('cat', { externalId: null })).toBe('ok');
  expect(lastOf(given, 'UserProfileChanged').data).not.toHaveProperty('externalIdClaim');
  // Refusals leave claims behind, which are taken over.
  expect(await change(user, { username: 'dan', externalId: EXTERNAL_ID })).toBe('USERNAME_TAKEN');
  expect(await change('dan', { username: 'mw', externalId: 'W-2' })).toBe('EXTERNAL_ID_TAKEN');
  expect(await change(user, { username: 'mw', externalId: EXTERNAL_ID })).toBe('ok');
});

test('what stays of a profile is not claimed again, and no external id costs no event', async () => {
  const given = await givenSealed(register);
  const bus = await given.replica();
  const { user } = lastOf(given, 'UserRegistered').data as { user: string };
  const types = async (command: Command): Promise<string[]> => {
    const before = given.log.events.length;
    expect(verdict(await execute(bus, ask(command)))).toBe('ok');
    return given.log.events
      .slice(before)
      .map(({ type, data }) => (type.endsWith('ed') && 'kind' in data ? `${type} ${data['kind']}` : type));
  };
  const claims = lastOf(given, 'UserRegistered').data['externalIdClaim'];
  expect(await types({ type: 'updateUser', user, name: 'Mary' })).toEqual(['UserProfileChanged']);
  expect(lastOf(given, 'UserProfileChanged').data['externalIdClaim']).toBe(claims);
  expect(await types({ type: 'updateUser', user, username: 'mw' })).toEqual([
    'Claimed USERNAME',
    'UserProfileChanged',
    'Released USERNAME',
  ]);
  expect(await types({ type: 'updateUser', user, username: 'mwg', externalId: 'W-2' })).toEqual([
    'Claimed USERNAME',
    'Claimed EXTERNAL_ID',
    'UserProfileChanged',
    'Released USERNAME',
    'Released EXTERNAL_ID',
  ]);
  expect(await types({ type: 'updateUser', user, externalId: null })).toEqual([
    'UserProfileChanged',
    'Released EXTERNAL_ID',
  ]);
  expect(await types({ type: 'registerUser', username: 'plain' })).toEqual([
    'Claimed USERNAME',
    'UserRegistered',
  ]);
});

test('the external id of an erased user is nobody’s until the username is released', async () => {
  const given = await givenSealed(register);
  const bus = await given.replica();
  const { user } = lastOf(given, 'UserRegistered').data as { user: string };
  const done = async (command: Command) => verdict(await execute(bus, ask(command)));
  const back = { type: 'registerUser', username: 'mary', externalId: EXTERNAL_ID } as const;
  expect(await done({ type: 'eraseUser', user })).toBe('ok');
  expect(await done(back)).toBe('EXTERNAL_ID_SUPPRESSED');
  expect(await done({ ...back, username: USERNAME })).toBe('USERNAME_SUPPRESSED');
  expect(await done({ type: 'releaseUsername', username: USERNAME })).toBe('ok');
  expect(await done(back)).toBe('ok');
  expect(await done({ type: 'updateUser', user: 'cat', externalId: EXTERNAL_ID })).toBe('EXTERNAL_ID_TAKEN');
});

test('a change of case claims nothing; all texts of a user are sealed with one key', async () => {
  const given = await givenSealed(register);
  const registered = lastOf(given, 'UserRegistered');
  const { user } = registered.data as { user: string };
  const change = ask({ type: 'updateUser', user, username: USERNAME.toUpperCase() }, { reason: REASON });
  const before = given.log.events.length;
  expect(verdict(await execute(await given.replica(), change))).toBe('ok');
  const [event, ...others] = given.log.events.slice(before);
  expect([event?.type, others]).toEqual(['UserProfileChanged', []]);
  expect((event?.data as { claims: string[] }).claims).toEqual(registered.data['claims']);
  const keys = new Set(
    [registered, event!].flatMap(({ data, metadata }) =>
      JSON.stringify([data, metadata]).match(/"k":"[^"]+"/g)!,
    ),
  );
  expect(keys.size).toBe(1);
});

test('a reason on a role is sealed with the key of the account, once for all events of a command', async () => {
  const userIds = ['cat', 'dan'];
  const given = await givenSealed(
    ask({ type: 'assignUsers', role: 'account-admin', userIds }, { reason: REASON }),
  );
  const reasons = given.log.events.flatMap(({ type, metadata }) =>
    type === 'UserAssigned' && metadata['reason'] ? [JSON.stringify(metadata['reason'])] : [],
  );
  expect([reasons.length, new Set(reasons).size]).toEqual([2, 1]);
  const opened = await new Opener(await given.book()).open(lastOf(given, 'UserAssigned'));
  expect(opened.metadata).toMatchObject({ reason: REASON, schemaVersion: '2' });
});

test('the reason of a change of a user is on no stream that an erasure leaves readable', async () => {
  const given = await givenSealed(register);
  const bus = await given.replica();
  const { user } = lastOf(given, 'UserRegistered').data as { user: string };
  const before = given.log.events.length;
  for (const command of [
    { type: 'updateUser', user, username: 'mw', externalId: 'W-2' },
    { type: 'deactivateUser', user },
    { type: 'reactivateUser', user },
  ] as const)
    expect(verdict(await execute(bus, ask(command, { reason: REASON })))).toBe('ok');
  const written = given.log.events.slice(before);
  expect(new Set(written.map(({ type }) => type))).toEqual(
    new Set([
      ...['Claimed', 'UserProfileChanged', 'Released'],
      ...['UserBarred', 'UserDeactivated', 'UserReactivated', 'UserUnbarred'],
    ]),
  );
  for (const { stream, metadata } of written)
    expect('reason' in metadata).toBe(parseStream(stream)?.category === 'user');
});

test('the name of an API key is encrypted as the name of its user is, and its hash is not', async () => {
  const given = await givenSealed(ask({ type: 'registerUser', username: USERNAME, kind: 'SERVICE' }));
  const { user } = lastOf(given, 'UserRegistered').data as { user: string };
  const bus = await given.replica();
  const hash = 'a'.repeat(64);
  const key = { type: 'createApiKey', user, name: NAME, prefix: 'rbk_0000', hash } as const;
  expect(verdict(await execute(bus, ask(key, { reason: REASON })))).toBe('ok');
  const { data, metadata } = lastOf(given, 'ApiKeyCreated');
  expect(data).toMatchObject({ hash, name: { $enc: '1' } });
  expect(metadata).toMatchObject({ schemaVersion: '3', reason: { $enc: '1' } });
  const keys = [data.name, lastOf(given, 'UserRegistered').data['name']].map(
    (text) => (text as { k: string }).k,
  );
  expect(keys[0]).toBe(keys[1]);
  const opened = await new Opener(await given.book()).open(lastOf(given, 'ApiKeyCreated'));
  expect(opened).toMatchObject({ data: { name: NAME, hash }, metadata: { reason: REASON } });
});

test('where the key of a user is lost, only a change of the profile wants to know, and can be made whole', async () => {
  const given = await givenSealed(register);
  const { user } = lastOf(given, 'UserRegistered').data as { user: string };
  const book = await given.book();
  const lost = parseKeyId((lastOf(given, 'UserRegistered').data['name'] as { k: string }).k);
  const bus = await given.replica({
    accountKeys: book.accountKeys.bind(book),
    newKey: book.newKey.bind(book),
    find: async (account: string, id: string) =>
      parseKeyId(id)?.slot === lost?.slot ? { state: 'missing' } : book.find(account, id),
  });
  const done: string[] = [];
  for (const command of [
    { type: 'recordLogin', user, at: new Date('2026-02-01T00:00:00.000Z') },
    { type: 'deactivateUser', user },
    { type: 'reactivateUser', user },
    { type: 'updateUser', user, name: 'Mary' },
    { type: 'updateUser', user, name: 'Mary', username: USERNAME },
    { type: 'updateUser', user, name: 'Mary', username: USERNAME, externalId: EXTERNAL_ID },
    { type: 'registerUser', username: USERNAME, name: 'Another' },
    { type: 'registerUser', username: 'another', externalId: EXTERNAL_ID },
  ] as const)
    done.push(verdict(await execute(bus, ask(command, { reason: REASON }))));
  expect(done).toEqual([
    ...['ok', 'ok', 'ok', 'INVALID_INPUT', 'INVALID_INPUT', 'ok'],
    ...['USERNAME_TAKEN', 'EXTERNAL_ID_TAKEN'],
  ]);
  expect(lastOf(given, 'UserProfileChanged').data).toMatchObject({
    from: { username: null, name: null, externalId: null },
  });
  const opened = await new Opener(await given.book()).open(lastOf(given, 'UserProfileChanged'));
  expect(opened.data).toMatchObject({ to: { username: USERNAME, name: 'Mary', externalId: EXTERNAL_ID } });
});

test('an account that is open is not given other keys where the key book lacks its own', async () => {
  const given = await givenSealed();
  const open = ask({ type: 'openAccount', name: 'Acme', features: ['EXTRA'] });
  expect(verdict(await execute(await given.replica(), open))).toBe('ok');
  const empty = await openKeyBook(new MemorySegments(new Map()), () => masters('m1'));
  const { outcome } = await execute(await given.replica(empty), open);
  expect(outcome).toMatchObject({ code: 'KEY_BOOK_UNUSABLE', cause: { code: 'ACCOUNT_KEYS_MISSING' } });
  expect((await empty.status()).segments).toBe(0);
});
