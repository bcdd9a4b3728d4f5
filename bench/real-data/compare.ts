import type { Page, PageRequest, View } from '../../projections/view';
import type { Files } from './files';
import type { Pairs } from './pairs';

/** Comparison of Rolebook's answers with the data: how many statements of each kind were compared, and how many are wrong. */
export interface Comparison {
  readonly what: string;
  readonly compared: number;
  readonly wrong: number;
}

export async function compare(view: View, pairs: Pairs, files: Files): Promise<Comparison[]> {
  const usernames = pairs.users.map(files.usernameOf);
  const ids = view.userIds(usernames);
  const people: People = {
    id: (user) => ids.get(files.usernameOf(user)) ?? '',
    all: pairs.users,
  };
  return [
    await counts(view, pairs, files),
    checks(view, pairs, files, people),
    effective(view, pairs, files, people),
    await holders(view, pairs, files, people),
    await roles(view, files),
    await rolesOfUsers(view, pairs, files, people),
  ];
}

interface People {
  readonly all: readonly string[];
  id(user: string): string;
}

class Tally {
  private compared = 0;
  private wrong = 0;

  constructor(private readonly what: string) {}

  expect(said: unknown, expected: unknown): void {
    this.compared += 1;
    if (said !== expected) this.wrong += 1;
  }

  /** Members without order, each once. */
  expectSet(said: Iterable<string>, expected: Iterable<string>): void {
    this.expect([...said].sort().join('\n'), [...expected].sort().join('\n'));
  }

  done(): Comparison {
    return { what: this.what, compared: this.compared, wrong: this.wrong };
  }
}

/** Every user with every permission, those not held included. */
function checks(view: View, { permissions, held }: Pairs, { keyOf }: Files, { all, id }: People): Comparison {
  const tally = new Tally('checks, every user with every permission');
  const keys = permissions.map(keyOf);
  for (const user of all) {
    const own = held.get(user)!;
    const decisions = view.checks(keys.map((permission) => ({ user: id(user), permission, scope: null })));
    decisions.forEach(({ allowed }, index) => tally.expect(allowed, own.has(permissions[index]!)));
  }
  return tally.done();
}

function effective(view: View, { held }: Pairs, { keyOf }: Files, { all, id }: People): Comparison {
  const tally = new Tally('effective permissions, user by user');
  for (const user of all) {
    const said = view.effective([id(user)]).get(id(user));
    tally.expectSet(said?.granted.map(({ permission }) => permission) ?? [], [...held.get(user)!].map(keyOf));
    tally.expect(said?.withheld.length, 0);
  }
  return tally.done();
}

async function holders(
  view: View,
  { permissions, held }: Pairs,
  { keyOf }: Files,
  { all, id }: People,
): Promise<Comparison> {
  const tally = new Tally('who holds it, permission by permission');
  const expected = new Map<string, string[]>(permissions.map((permission) => [permission, []]));
  for (const user of all) for (const permission of held.get(user)!) expected.get(permission)?.push(id(user));
  for (const permission of permissions) {
    const said = await everything((page) => view.holders(keyOf(permission), null, page));
    tally.expectSet(
      said.map(({ user }) => user.id),
      expected.get(permission)!,
    );
    tally.expect(await view.countHolders(keyOf(permission), null), expected.get(permission)!.length);
  }
  return tally.done();
}

async function counts(view: View, pairs: Pairs, { written }: Files): Promise<Comparison> {
  const tally = new Tally('counts of users and roles, of users, grants and scopes of each role');
  // One user more: the account admin.
  tally.expect(await view.countUsers({}), pairs.users.length + 1);
  tally.expect(await view.countRoles({ kind: 'CUSTOM' }), written.length);
  const rows = new Map((await customRoles(view)).map((row) => [row.name, row]));
  for (const { name, permissions, usernames } of written) {
    const row = rows.get(name);
    tally.expect(row?.userCount, usernames.length);
    tally.expect(row?.permissionCount, permissions.length);
    tally.expect(row?.scopeCount, 0);
    tally.expect(row && (await view.countRoleUsers(row.id, {})), usernames.length);
  }
  return tally.done();
}

async function roles(view: View, { written }: Files): Promise<Comparison> {
  const tally = new Tally('users and grants, role by role');
  const rows = new Map((await customRoles(view)).map((row) => [row.name, row.id]));
  for (const { name, permissions, usernames } of written) {
    const id = rows.get(name) ?? '';
    const members = await everything((page) => view.roleUsers(id, {}, null, page));
    tally.expectSet(
      members.map(({ user }) => user.username),
      usernames,
    );
    tally.expectSet(
      (view.grants([id]).get(id) ?? []).map(({ permission }) => permission),
      permissions,
    );
  }
  return tally.done();
}

async function rolesOfUsers(
  view: View,
  { users }: Pairs,
  { written, usernameOf }: Files,
  { id }: People,
): Promise<Comparison> {
  const tally = new Tally('roles, user by user');
  const names = new Map((await customRoles(view)).map((row) => [row.id, row.name]));
  const expected = new Map(
    written.flatMap(({ name, usernames }) => usernames.map((username) => [username, name])),
  );
  const said = view.rolesOf(users.map(id));
  for (const user of users) {
    const held = (said.get(id(user)) ?? []).map((role) => names.get(role) ?? role);
    tally.expectSet(held, [expected.get(usernameOf(user))!]);
  }
  return tally.done();
}

const customRoles = (view: View) =>
  everything((page) => view.roleList({ kind: 'CUSTOM' }, { field: 'NAME', direction: 'ASC' }, page));

async function everything<T>(list: (page: PageRequest) => Page<T> | Promise<Page<T>>): Promise<T[]> {
  const found: T[] = [];
  for (let after: string | null = null, more = true; more;) {
    const page: Page<T> = await list({ first: 1_000, after });
    found.push(...page.items.map(({ item }) => item));
    more = page.hasMore;
    after = page.items.at(-1)?.cursor ?? null;
  }
  return found;
}
