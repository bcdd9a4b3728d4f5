import { type HistoryFilter, type HistoryRow, type Page, type View } from '../../projections/view';
import { linesOf, naiveLines } from './naive-history';
import type { NaiveAccount } from './naive-model';

/** Answers of a view, compared with a naive model of the same moment. */

/** Types of the entries of history that were compared. */
export const told = new Set<string>();

export async function compare(view: View, naive: NaiveAccount): Promise<void> {
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
      .filter(([, { erased }]) => !erased)
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
    const wanted = [...users].filter(([, user]) => user.kind === kind && !user.erased).map(([id]) => id);
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

export async function compareAll(view: View, naive: NaiveAccount): Promise<void> {
  await compare(view, naive);
  await compareHistory(view, naive);
}

export interface Side {
  readonly view: View;
  readonly naive: NaiveAccount;
}

/** Members of a role that is there; nobody is in one that is not, or not any more. */
function membersOf({ naive }: Side, id: string): ReadonlySet<string> {
  const role = naive.custom.get(id) ?? naive.defaults.get(id);
  return role && !role.deleted ? role.members : new Set();
}

/** Users and grants of one side alone, for a role at two moments, and for two roles. */
export async function compareDiffs(now: Side, then: Side): Promise<void> {
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
