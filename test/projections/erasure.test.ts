import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { createDecisionReads } from '../../projections';
import { searchKey } from '../../src/domain/text';
import type { JsonObject, Position } from '../../src/event-store/port/event-store';
import { userStream } from '../../src/event-store/port/streams';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { isTried } from '../scale';
import { ACCOUNT, Log, Models, START } from './log';

/** An erased user in the tables: gone from the present and the past, and from every byte of the files. */

const folders: Models[] = [];
afterAll(() => Promise.all(folders.map((each) => each.cleanUp())));
const newFolder = (): Models => {
  const folder = new Models();
  folders.push(folder);
  return folder;
};

const NAMES = ['Zsófia Quintánilla', 'zsofia.q', 'Zsófia Wyrzykowska', 'zsofia.w'];
const [EXTERNAL_ID, EXTERNAL_ID_AFTER] = ['Zsófi-77', 'Zsófi-78'];
const ISSUER = 'https://login.example';
const REASON = 'HR-77 on Quintánilla';

/** Zsófia comes, is in two roles, is renamed, deactivated and reactivated, signs in; others come and go around her. */
async function live(log: Log): Promise<Position> {
  const [name, username, nameAfter, usernameAfter] = NAMES;
  await log.account();
  await log.register('ada', 'Ada', 'ada');
  log.reason = REASON;
  await log.append(userStream(ACCOUNT, 'zso'), [
    'UserRegistered',
    { user: 'zso', username, name, externalId: EXTERNAL_ID },
  ]);
  log.reason = 'kept';
  await log.create('r1', 'Desk', {}, ['zso', 'ada']);
  await log.create('r2', 'Gone', {}, ['zso']);
  await log.role('r2', ['RoleDeleted', { name: 'Gone' }]);
  log.reason = REASON;
  await log.append(userStream(ACCOUNT, 'zso'), [
    'UserProfileChanged',
    {
      user: 'zso',
      from: { username, name, externalId: EXTERNAL_ID },
      to: { username: usernameAfter, name: nameAfter, externalId: EXTERNAL_ID_AFTER },
    },
  ]);
  await log.user('zso', 'UserDeactivated', {});
  await log.user('zso', 'UserReactivated', {});
  const identity = { issuer: ISSUER, subject: 'Zsófi-79', identityClaim: 'c'.repeat(43) };
  await log.user('zso', 'UserIdentityLinked', identity);
  await log.user('zso', 'UserLoggedIn', { at: new Date(START).toISOString() });
  log.reason = 'request of the person';
  return log.user('zso', 'UserErased', {});
}

test('names are gone from every answer, now and as of before; roles and times stay', async () => {
  const log = new Log();
  await live(log);
  const models = await newFolder().current(log.store);
  const erased = {
    id: 'zso',
    username: 'erased-zso',
    name: 'Erased user',
    externalId: null,
    kind: 'PERSON',
    status: 'ERASED',
    lastLoginAt: new Date(START),
  };
  const now = models.view(ACCOUNT);
  expect(now.users(['zso']).get('zso')).toEqual(erased);
  expect(now.rolesOf(['zso']).get('zso')).toEqual([]);
  expect(now.roles(['r1']).get('r1')).toMatchObject({ userCount: 1, version: 3 });
  expect((await now.roleUsers('r1', {}, null, { first: 9 })).items.map(({ item }) => item.user.id)).toEqual([
    'ada',
  ]);
  expect((await now.userList({}, null, { first: 9 })).items.map(({ item }) => item.id)).toEqual(['ada']);
  expect(
    (await now.userList({ status: 'ERASED' }, null, { first: 9 })).items.map(({ item }) => item),
  ).toEqual([erased]);
  expect(
    await Promise.all([{}, { status: 'ERASED' as const }].map((filter) => now.countUsers(filter))),
  ).toEqual([1, 1]);
  const then = models.view(ACCOUNT, { time: new Date(START + 4.5 * 86_400_000) });
  expect(then.users(['zso']).get('zso')).toEqual({ ...erased, status: 'ACTIVE' });
  expect(then.rolesOf(['zso']).get('zso')).toEqual(['r1', 'r2']);
  expect(await then.countRoleUsers('r1', {})).toBe(2);
  for (const view of [now, then]) {
    for (const search of ['zso', 'quint', 'wyr', 'q'])
      expect((await view.userList({ search }, null, { first: 9 })).items).toEqual([]);
    expect([...view.userIds([...NAMES, ''])]).toEqual([]);
    expect([...view.userIdsByExternalId([EXTERNAL_ID, EXTERNAL_ID_AFTER, ''])]).toEqual([]);
    expect(view.namesThen([{ kind: 'user', id: 'zso', at: view.pin.ordinal }])).toEqual(['Erased user']);
  }
  const { items } = await now.history({ user: 'zso' }, { first: 99 });
  expect(JSON.stringify(items.map(({ item }) => item.data))).not.toMatch(/zs[oó]f|quint/i);
  expect(items.map(({ item: { type, reason } }) => [type, reason])).toEqual([
    ['UserErased', 'request of the person'],
    ['UserLoggedIn', null],
    ['UserIdentityLinked', null],
    ['UserReactivated', null],
    ['UserDeactivated', null],
    ['UserProfileChanged', null],
    ['RoleDeleted', 'kept'],
    ['UserAssigned', 'kept'],
    ['UserAssigned', 'kept'],
    ['UserRegistered', null],
  ]);
});

test('API keys end with their user, and their names are gone, as of before the erasure too', async () => {
  const log = new Log();
  await log.account();
  const key = (apiKey: string, hash: string) => ({
    apiKey,
    name: NAMES[0]!,
    prefix: 'rbk_0aB9',
    hash: hash.repeat(64),
    expiresAt: new Date(START + 90 * 86_400_000).toISOString(),
  });
  await log.append(userStream(ACCOUNT, 'bot'), [
    'UserRegistered',
    { user: 'bot', username: 'bot', name: 'Bot', kind: 'SERVICE' },
  ]);
  await log.user('bot', 'ApiKeyCreated', key('k_1', 'a'));
  await log.user('bot', 'ApiKeyCreated', key('k_2', 'b'));
  await log.user('bot', 'ApiKeyRevoked', { apiKey: 'k_1' });
  await log.user('bot', 'UserErased', {});
  await log.register('ada', 'Ada', 'ada');
  const folder = newFolder();
  const models = await folder.current(log.store);
  const day = (n: number): Date => new Date(START + n * 86_400_000);
  const row = { user: 'bot', name: null, prefix: 'rbk_0aB9', expiresAt: day(90) };
  const by = { type: 'user', id: 'ada' };
  const [first, second] = [
    { ...row, id: 'k_1', created: { at: day(2), by } },
    { ...row, id: 'k_2', created: { at: day(3), by } },
  ];
  expect(models.view(ACCOUNT).apiKeys(['bot', 'ada', 'none'])).toEqual(
    new Map([
      [
        'bot',
        [
          { ...second, revokedAt: day(5) },
          { ...first, revokedAt: day(4) },
        ],
      ],
    ]),
  );
  // Those that held then come first.
  expect(models.view(ACCOUNT, { time: day(4.5) }).apiKeys(['bot'])).toEqual(
    new Map([
      [
        'bot',
        [
          { ...second, revokedAt: null },
          { ...first, revokedAt: day(4) },
        ],
      ],
    ]),
  );
  const reads = createDecisionReads(models);
  expect(['a', 'b', 'c'].map((digit) => reads.apiKey(digit.repeat(64)))).toEqual([null, null, null]);
  const { items } = await models.view(ACCOUNT).history({ user: 'bot' }, { first: 9 });
  expect(JSON.stringify(items.map(({ item }) => item.data))).not.toMatch(/zs[oó]f|quint/i);
});

/** Everything in a folder of files, as one text in which each byte is a character. */
const bytesIn = (folder: string): string =>
  readdirSync(folder)
    .map((name) => readFileSync(path.join(folder, name), 'latin1'))
    .join('\n');

/** Forms in which a name could be found. */
const formsOf = (name: string): string[] =>
  [name, name.normalize('NFD'), name.toLowerCase(), searchKey(name)].flatMap((text) => [
    Buffer.from(text, 'utf8').toString('latin1'),
    Buffer.from(text, 'utf16le').toString('latin1'),
  ]);

const PEOPLE = 600;
const newVictims = (): string[] =>
  Array.from({ length: 20 }, (_, index) => `q${randomUUID().slice(0, 8)}x${index}`);

/** Registers the nth of the people, of whom every thirtieth is a victim. */
function register(log: Log, index: number, victims: readonly string[]): Promise<Position> {
  const name = index % 30 === 0 ? victims[index / 30]! : `p${randomUUID().slice(0, 8)}`;
  const user = `u${index}`;
  return log.append(
    userStream(ACCOUNT, user),
    ['UserRegistered', { user, name: `${name} Ország`, username: `${name}@acme`, externalId: `${name}#` }],
    [
      'UserIdentityLinked',
      { user, issuer: ISSUER, subject: `${name}|`, identityClaim: user.padEnd(43, '_') },
    ],
  );
}

async function eraseAll(log: Log, victims: readonly string[]): Promise<Position> {
  let last: Position = 0n;
  for (const index of victims.keys()) last = await log.user(`u${index * 30}`, 'UserErased', {});
  return last;
}

function expectNone({ directory }: Models, victims: readonly string[]): void {
  const found = bytesIn(directory);
  for (const each of victims.flatMap(formsOf)) expect(found.includes(each)).toBe(false);
  expect(found).toContain('@acme');
}

// Rows are moved from page to page in ways that depend on how many are committed together. Small commits take long.
const TOGETHER = [PEOPLE, ...[9, 7, 5].filter((_, n) => isTried(n, 3))];

test.each(TOGETHER)(
  'no byte of a name is left in the files, with %s registrations a commit',
  async (together) => {
    const log = new Log();
    await log.account();
    const folder = newFolder();
    const models = await folder.current(log.store);
    let last: Position = 0n;
    const victims = newVictims();
    for (let index = 0; index < PEOPLE; index += 1) {
      last = await register(log, index, victims);
      if (index % together === 0) expect(await models.waitFor(last, 20_000)).toBe(true);
    }
    expect(await models.waitFor(last, 20_000)).toBe(true);
    for (const each of victims) expect(bytesIn(folder.directory)).toContain(each);
    for (const each of victims)
      for (const end of ['#', '|']) expect(bytesIn(folder.directory)).toContain(`${each}${end}`);
    last = await eraseAll(log, victims);
    expect(await models.waitFor(last, 20_000)).toBe(true);
    expectNone(folder, victims);
  },
);

// While a file is built, nothing that is deleted is overwritten.
test('no byte of a name is left in files that were built before an erasure, or after it', async () => {
  const log = new Log();
  await log.account();
  const victims = newVictims();
  for (let index = 0; index < PEOPLE; index += 1) await register(log, index, victims);
  const [before, after] = [newFolder(), newFolder()];
  const models = await before.current(log.store);
  for (const each of victims) expect(bytesIn(before.directory)).toContain(each);
  expect(await models.waitFor(await eraseAll(log, victims), 20_000)).toBe(true);
  await after.current(log.store);
  expectNone(before, victims);
  expectNone(after, victims);
});

const NOTHING_READ = { username: null, name: null, externalId: null };

/** The log as it is read once the keys of the user are destroyed. */
async function unreadable(log: Log): Promise<Log> {
  const copy = new Log(new MemoryEventStore());
  const nulled = (data: JsonObject): JsonObject => ({
    ...data,
    ...('name' in data ? { name: null } : {}),
    ...('username' in data ? { username: null } : {}),
    ...('externalId' in data ? { externalId: null } : {}),
    ...('subject' in data ? { subject: null } : {}),
    ...('from' in data ? { from: NOTHING_READ, to: NOTHING_READ } : {}),
  });
  for await (const { id, type, data, metadata, stream } of log.store.readAll()) {
    const own = stream === userStream(ACCOUNT, 'zso') && type !== 'UserErased';
    const { reason, ...rest } = metadata;
    const event = own
      ? { data: nulled(data), metadata: rest }
      : { data, metadata: { ...rest, ...(reason === undefined ? {} : { reason }) } };
    await copy.store.append(stream, 'any', [{ id, type, ...event }]);
  }
  return copy;
}

test('tables are the same whether names were read and erased since, or could never be read', async () => {
  const log = new Log();
  await log.account();
  const early = await newFolder().current(log.store);
  const position = await live(log);
  expect(await early.waitFor(position, 20_000)).toBe(true);
  const digest = await early.digest();
  expect(await (await newFolder().current(log.store)).digest()).toBe(digest);
  expect(await (await newFolder().current((await unreadable(log)).store)).digest()).toBe(digest);
  // Without the erasure, a key was lost: that is shown, and stops nothing.
  const lost = new Log();
  await lost.account();
  await lost.append(userStream(ACCOUNT, 'bo'), [
    'UserRegistered',
    { user: 'bo', username: null, name: null },
  ]);
  const shown = (await newFolder().current(lost.store)).view(ACCOUNT);
  expect(shown.users(['bo']).get('bo')).toMatchObject({ name: 'Unreadable user', status: 'ACTIVE' });
});
