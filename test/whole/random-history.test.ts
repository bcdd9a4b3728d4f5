import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { createDecisionReads, openReadModels, openReadOnly, type LocalReadModels } from '../../projections';
import {
  CATALOGUE_CHANGES,
  type HistoryFilter,
  type HistoryRow,
  type Page,
  type View,
} from '../../projections/view';
import { operatorMetadata } from '../../src/operations/publication/metadata';
import { publishCatalogue } from '../../src/operations/publication/publish';
import { createCommandBus } from '../../src/commands/bus';
import type { Command, CommandBus, CommandOutcome } from '../../src/commands/command';
import { StreamLoader } from '../../src/commands/streams/stream-loader';
import { plainSealing } from '../sealing/plain';
import type { CatalogueFile } from '../../src/domain/catalogue/file';
import { validateCatalogueFile } from '../../src/domain/catalogue/file-rules';
import type { RecordedEvent } from '../../src/event-store/port/event-store';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { validating } from '../../src/event-store/decorators/validating-store';
import { newDirectory, removeDirectory } from '../directories';
import { causes, compareAccess } from './access-diffs';
import { compareCatalogues, compareEdits } from './catalogue-diffs';
import { compareChanges } from './naive-changes';
import { linesOf, naiveLines } from './naive-history';
import { NaiveAccount } from './naive-model';
import { edits, edited, type Edits } from './random-catalogues';
import { wish, type Wish } from './random-commands';
import { comparePastTables, compareTables } from './whole-tables';
import { runs } from '../scale';

/**
 * The whole way from command to answer after random histories of every command, with publications between: the tables
 * answer as an independent naive model does, now and in the past, and rebuilt ones equal the live ones row by row.
 */

const file = JSON.parse(
  readFileSync(path.join(__dirname, '../../schema/catalogue.json'), 'utf8'),
) as CatalogueFile;
const store = validating(new MemoryEventStore());
const directory = newDirectory();
let models: LocalReadModels;
let tables: ReturnType<typeof openReadOnly>;
let bus: CommandBus;
const seen = new Map<string, number>();

beforeAll(async () => {
  await publishCatalogue({ store, file, metadata: operatorMetadata({ actorId: 'test', requestId: 'test' }) });
  models = await openReadModels({ directory, store });
  await models.caughtUp();
  tables = openReadOnly(directory);
  const tools = {
    store,
    reads: createDecisionReads(models),
    loader: new StreamLoader(store),
    sealing: plainSealing,
    eraseKeys: () => Promise.resolve(),
    now: () => new Date(),
    pause: async () => undefined,
  };
  bus = createCommandBus(tools);
});
afterAll(async () => {
  tables.close();
  await models.close();
  await store.close();
  removeDirectory(directory);
});

async function run(account: string, command: Command): Promise<CommandOutcome> {
  const outcome = await bus.execute(command, {
    account,
    actor: { type: 'operator', id: 'test' },
    requestId: 'test',
  });
  if (outcome.position !== null) expect(await models.waitFor(outcome.position, 10_000)).toBe(true);
  if (outcome.accepted && outcome.written > 0) seen.set(command.type, (seen.get(command.type) ?? 0) + 1);
  return outcome;
}

let version = file.version;
/** Types of the entries of history that were compared. */
const told = new Set<string>();

async function publish(changes: Edits): Promise<void> {
  const next = edited(file, (version += 1), changes);
  // Only what may be published is.
  expect(validateCatalogueFile(next)).toMatchObject({ ok: true });
  const metadata = operatorMetadata({
    actorId: 'ops',
    requestId: 'test',
    reason: () => `catalogue ${version}`,
  });
  const { position } = await publishCatalogue({ store, file: next, metadata });
  expect(await models.waitFor(position!, 10_000)).toBe(true);
}

async function live(
  account: string,
  wishes: readonly Wish[],
  publications: readonly (Edits & { readonly after: number })[],
): Promise<void> {
  await run(account, { type: 'openAccount', name: account, features: ['FLOW', 'PEOPLE'] });
  for (const user of ['ada', 'bob', 'cyd'])
    await run(account, { type: 'registerUser', user, username: user });
  await run(account, { type: 'registerUser', user: 'bot', username: 'bot', kind: 'SERVICE' });
  await run(account, { type: 'assignUsers', role: 'account-admin', userIds: ['ada'] });
  for (const [index, make] of wishes.entries()) {
    for (const changes of publications) if (changes.after % wishes.length === index) await publish(changes);
    const view = models.view(account);
    const { items: roles } = await view.roleList(
      { kind: 'CUSTOM', includeDeleted: true },
      { field: 'NAME', direction: 'ASC' },
      {
        first: 50,
      },
    );
    await run(
      account,
      make({
        users: (await view.userList({}, { field: 'USERNAME', direction: 'ASC' }, { first: 50 })).items.map(
          ({ item }) => item.id,
        ),
        roles: [
          ...roles.map(({ item }) => item.id),
          'account-admin',
          'agent-for-conversations',
          'supervisor-for-conversations',
        ],
        permissions: file.permissions.slice(40, 75).map(({ key }) => key),
        services: (
          await view.userList({ kind: 'SERVICE' }, { field: 'USERNAME', direction: 'ASC' }, { first: 50 })
        ).items.map(({ item }) => item.id),
        apiKeysOf: (user) => (view.apiKeys([user]).get(user) ?? []).map(({ id }) => id),
        grantedBy: (role) =>
          role.startsWith('r_')
            ? (view.grants([role]).get(role) ?? []).map(({ permission }) => permission)
            : [],
        identitiesOf: (user) =>
          (view.identities([user]).get(user) ?? []).map(({ issuer, subject }) => ({
            issuer,
            subject: subject!,
          })),
        scopesOf: (key) => file.permissions.find((permission) => permission.key === key)?.scopes ?? [],
      }),
    );
  }
}

async function compare(view: View, naive: NaiveAccount): Promise<void> {
  const rows = (await view.roleList({}, { field: 'NAME', direction: 'ASC' }, { first: 200 })).items.map(
    ({ item }) => item,
  );
  const listed = rows.map((role) => [
    role.id,
    role.name,
    role.userCount,
    role.permissionCount,
    role.scopeCount,
    role.version,
    role.updatedAt?.getTime() ?? null,
  ]);
  expect(listed.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))).toEqual(naive.roleRows());
  const users = (await view.userList({}, { field: 'USERNAME', direction: 'ASC' }, { first: 200 })).items.map(
    ({ item }) => item,
  );
  expect(
    users
      .map(({ id, username, name, externalId, status, kind }) => [
        id,
        username,
        name,
        externalId,
        status === 'ACTIVE',
        kind,
      ])
      .sort(),
  ).toEqual(
    [...naive.users]
      .map(([id, { username, name, externalId, active, kind }]) => [
        id,
        username,
        name,
        externalId,
        active,
        kind,
      ])
      .sort(),
  );
  await compareServices(view, naive);
  const known = [...naive.users].flatMap(([id, { externalId }]) =>
    externalId === null ? [] : [[externalId, id]],
  );
  expect([...view.userIdsByExternalId(['E1', 'e1', 'É', 'E2'])].sort()).toEqual(known.sort());
  compareIdentities(view, naive);
  const holders = new Map<string, string[]>();
  const effective = view.effective(users.map(({ id }) => id));
  for (const { id } of users) {
    const { granted, withheld } = effective.get(id) ?? { granted: [], withheld: [] };
    const expected = naive.effective(id);
    expect(
      granted
        .map(
          (each) => `${each.permission} [${[...each.scopes].sort().join()}] ${[...each.via].sort().join()}`,
        )
        .sort(),
    ).toEqual(expected.granted);
    expect(
      withheld.map((each) => `${each.permission} ${each.reason} ${[...each.via].sort().join()}`).sort(),
    ).toEqual(expected.withheld);
    for (const { permission } of granted) holders.set(permission, [...(holders.get(permission) ?? []), id]);
  }
  for (const [permission, ids] of [...holders].slice(0, 10)) {
    const found = (await view.holders(permission, null, { first: 200 })).items.map(
      ({ item }) => item.user.id,
    );
    expect([permission, found.sort()]).toEqual([permission, ids.sort()]);
  }
}

function compareIdentities(view: View, naive: NaiveAccount): void {
  const identities = [...view.identities([...naive.users.keys()])].flatMap(([id, linked]) =>
    linked.map(({ issuer, subject }) => `${id} ${issuer} ${subject}`),
  );
  const expected = naive.identityRows();
  expect(identities).toEqual(expected);
  for (const subject of ['s1', 'S1', 's2', 's9']) {
    const issuer = 'https://login.example';
    const of = expected
      .filter((row) => row.endsWith(` ${issuer} ${subject}`))
      .map((row) => row.split(' ')[0]);
    const [found] = view.userIdsByIdentity([{ issuer, subject }]);
    expect([subject, found]).toEqual([subject, of[0] ?? null]);
    expect(of.length).toBeLessThan(2);
  }
}

/** Lists by kind, their counts, and the API keys of each user. */
async function compareServices(view: View, { users }: NaiveAccount): Promise<void> {
  for (const kind of ['PERSON', 'SERVICE'] as const) {
    const wanted = [...users].filter(([, user]) => user.kind === kind).map(([id]) => id);
    const { items } = await view.userList({ kind }, null, { first: 200 });
    expect(items.map(({ item }) => item.id).sort()).toEqual(wanted.sort());
    expect(await view.countUsers({ kind })).toBe(wanted.length);
  }
  const keys = view.apiKeys([...users.keys()]);
  for (const [id, { apiKeys }] of users) {
    const told = (keys.get(id) ?? []).map(
      ({ id: key, name, expiresAt, revokedAt }) =>
        `${key} ${name} ${expiresAt.toISOString()} ${revokedAt === null ? 'valid' : 'revoked'}`,
    );
    expect(told.sort()).toEqual([...apiKeys].map(([key, words]) => `${key} ${words}`).sort());
  }
}

/** All entries under a filter, page by page, and their count. */
async function listed(view: View, filter: HistoryFilter): Promise<string[]> {
  const rows: HistoryRow[] = [];
  for (let after: string | null = null; ;) {
    const page: Page<HistoryRow> = await view.history(filter, { first: 37, after });
    rows.push(...page.items.map(({ item }) => item));
    if (!page.hasMore) break;
    after = page.items.at(-1)!.cursor;
  }
  expect(await view.countHistory(filter)).toBe(rows.length);
  return linesOf(rows);
}

async function compareHistory(view: View, { history, custom, defaults }: NaiveAccount): Promise<void> {
  for (const { type } of history) told.add(type);
  expect(await listed(view, {})).toEqual(naiveLines(history));
  for (const role of [...[...defaults.keys()].slice(0, 9), ...[...custom.keys()].slice(0, 2)])
    expect(await listed(view, { role })).toEqual(naiveLines(history.filter((entry) => entry.role === role)));
  const permissions = new Set(history.filter(({ role }) => role !== null).flatMap(({ about }) => about));
  for (const permission of [...permissions].slice(-12))
    expect(await listed(view, { permission })).toEqual(
      naiveLines(history.filter(({ about }) => about.includes(permission))),
    );
  const role = 'account-admin';
  const types = ['DefaultRoleChanged', 'UserAssigned'];
  expect(await listed(view, { role, types, actor: { type: 'operator', id: 'ops' } })).toEqual(
    naiveLines(
      history.filter((entry) => entry.role === role && entry.type === 'DefaultRoleChanged').slice(1),
    ),
  );
}

async function compareAll(view: View, naive: NaiveAccount): Promise<void> {
  await compare(view, naive);
  await compareHistory(view, naive);
  compareTables(tables, view, naive);
}

interface Side {
  readonly view: View;
  readonly naive: NaiveAccount;
}

/** Members of a role that is there; nobody is in one that is not, or not any more. */
function membersOf({ naive }: Side, id: string): ReadonlySet<string> {
  const role = naive.custom.get(id) ?? naive.defaults.get(id);
  return role && !role.deleted ? role.members : new Set();
}

/** Users and grants of one side alone, for a role at two moments, and for two roles. */
async function compareDiffs(now: Side, then: Side): Promise<void> {
  const roles = ['account-admin', 'agent-for-conversations', ...now.naive.custom.keys()].slice(0, 6);
  for (const [index, role] of roles.entries())
    for (const other of [role, roles[(index + 1) % roles.length]!])
      for (const [side, beside] of [
        [now, then],
        [then, now],
      ] as const) {
        const isThere = beside.view.roles([other]).get(other)?.deletedAt === null;
        const notIn = isThere ? { role: other, at: beside.view.pin.ordinal } : null;
        const { items } = await side.view.roleUsers(role, { notIn }, null, { first: 200 });
        const wanted = [...membersOf(side, role)].filter((user) => !membersOf(beside, other).has(user));
        expect(items.map(({ item }) => item.user.id).sort()).toEqual(wanted.sort());
        expect(await side.view.countRoleUsers(role, { notIn })).toBe(wanted.length);
      }
}

test('tables answer as a naive model does, now and in the past, after random histories of every command', async () => {
  let histories = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(wish, { minLength: 20, maxLength: 60 }),
      fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
      fc.array(edits, { maxLength: 3 }),
      async (wishes, places, publications) => {
        const account = `random-${(histories += 1)}`;
        await live(account, wishes, publications);
        const events: RecordedEvent[] = [];
        for await (const event of store.readAll()) events.push(event);
        const now = { view: models.view(account), naive: new NaiveAccount(events, account) };
        await compareAll(now.view, now.naive);
        compareEdits(now.view, events, account);
        await compareChanges(now.view, now.naive);
        const opened = events.findIndex(({ metadata }) => metadata.account === account);
        const whole = events.slice(opened).filter(({ metadata }) => metadata.part === metadata.parts);
        for (const place of places) {
          const at = whole[place % whole.length] as RecordedEvent;
          const view = models.view(account, { position: at.position });
          const then = events.filter(({ position }) => position <= at.position);
          const naive = new NaiveAccount(then, account);
          await compareAll(view, naive);
          await compareDiffs(now, { view, naive });
          comparePastTables(tables, now.view, view);
          if (place !== places[0]) continue;
          await compareCatalogues(events, [{ view, naive }, now]);
          await compareAccess(account, events, [{ view, naive }, now]);
        }
      },
    ),
    { ...runs(18, 20261124), endOnFailure: true },
  );
  const ofGrants = ['grantPermissions', 'revokePermissions', 'selectSection', 'setPermissionScopes'];
  const kinds = ['createRole', 'updateRole', 'duplicateRole', 'deleteRole', ...ofGrants];
  const others = [
    'assignUsers',
    'unassignUsers',
    'registerUser',
    'updateUser',
    'deactivateUser',
    'reactivateUser',
    'recordLogin',
    'linkUserIdentity',
    'unlinkUserIdentity',
    'createApiKey',
    'revokeApiKey',
    'enableFeature',
    'disableFeature',
  ];
  // A kind that never wrote anything was not tested.
  expect([...kinds, ...others].filter((kind) => !seen.has(kind))).toEqual([]);
  expect([...told]).toEqual(expect.arrayContaining(Object.keys(CATALOGUE_CHANGES)));
  expect([...causes]).toEqual(
    expect.arrayContaining(['UserAssigned', 'PermissionGranted', 'FeatureEnabled']),
  );
});

test('tables rebuilt from the log equal the live ones row by row', async () => {
  const before = await models.digest();
  await models.rebuild();
  expect(await models.digest()).toBe(before);
  expect(before).toMatch(/^\d+:[0-9a-f]{64}$/);
});

test('nothing is recorded in an account that was never opened', async () => {
  const before = await store.head();
  const outcome = await run('nowhere', { type: 'registerUser', username: 'ghost' });
  expect(outcome).toMatchObject({ accepted: false, refusals: [{ code: 'NOT_FOUND', field: ['account'] }] });
  expect(await store.head()).toEqual(before);
});
