import fc from 'fast-check';
import type { View } from '../../projections/view';
import type { RoleEvent } from '../../src/domain/role/events';
import { evolveRole, NEW_ROLE } from '../../src/domain/role/state';
import { roleStream } from '../../src/event-store/port/streams';
import { Book, KNOWN, steps } from './histories';
import { ACCOUNT, CATALOGUE, Log, Models } from './log';
import { runs } from '../scale';

const models: Models[] = [];
afterAll(() => Promise.all(models.map((each) => each.cleanUp())));

const PAGE = { first: 50 };

/** Everything a view answers about the little account. Last sign-ins are not of the moment, and do not occur here. */
async function everything(view: View): Promise<unknown> {
  const { users, roles, permissions } = KNOWN;
  return JSON.stringify([
    view.catalogue().content,
    [...(view.accountInfo()?.features ?? [])],
    await view.roleList({ includeDeleted: true }, { field: 'NAME', direction: 'ASC' }, PAGE),
    await view.countRoles({}),
    [...view.grants(roles)],
    await Promise.all(roles.map((role) => view.roleUsers(role, {}, null, PAGE))),
    await Promise.all(roles.map((role) => view.countRoleUsers(role, {}))),
    await view.userList({}, null, PAGE),
    await view.userList({ search: 'b' }, { field: 'USERNAME', direction: 'DESC' }, PAGE),
    [
      await view.countUsers({}),
      await view.countUsers({ status: 'ACTIVE' }),
      await view.countUsers({ notInRole: 'r1' }),
    ],
    [...view.rolesOf(users)],
    [...view.effective(users)],
    view.checks(
      users.flatMap((user) => permissions.map((key) => ({ user, permission: key, scope: 'flow:read' }))),
    ),
    await Promise.all(permissions.map((key) => view.holders(key, null, PAGE))),
    await Promise.all(permissions.map((key) => view.countHolders(key, null))),
    (await view.history({}, PAGE)).items.map(({ cursor }) => cursor),
    await Promise.all(roles.map((role) => view.countHistory({ role }))),
  ]);
}

/** Consistency of the view: the same fact is the same in every query. */
async function expectConsistent(view: View): Promise<void> {
  for (const { item: role } of (
    await view.roleList({ includeDeleted: true }, { field: 'NAME', direction: 'ASC' }, PAGE)
  ).items) {
    const grants = view.grants([role.id]).get(role.id) ?? [];
    expect(role.permissionCount).toBe(grants.length);
    expect(role.scopeCount).toBe(new Set(grants.flatMap(({ scopes }) => scopes)).size);
    const members = (await view.roleUsers(role.id, {}, null, PAGE)).items.map(({ item }) => item.user.id);
    expect(members).toHaveLength(role.userCount);
    expect(KNOWN.users.filter((user) => view.rolesOf([user]).get(user)?.includes(role.id)).sort()).toEqual(
      members.sort(),
    );
  }
  for (const permission of KNOWN.permissions) {
    const holders = (await view.holders(permission, null, PAGE)).items.map(({ item }) => [
      item.user.id,
      item.scopes,
      item.via,
    ]);
    const granted = KNOWN.users.flatMap((user) => {
      const grant = view
        .effective([user])
        .get(user)
        ?.granted.find((each) => each.permission === permission);
      expect(view.check(user, permission, null).allowed).toBe(grant !== undefined);
      return grant ? [[user, grant.scopes, grant.via]] : [];
    });
    expect(holders.sort()).toEqual(granted.sort());
  }
}

/** The rules see of each role's stream what the tables say. */
async function expectAsDecided({ store }: Log, view: View): Promise<void> {
  for (const id of KNOWN.roles) {
    let state = NEW_ROLE;
    for await (const event of store.readStream(roleStream(ACCOUNT, id))) {
      state = evolveRole(state, event as unknown as RoleEvent);
    }
    const role = view.roles([id]).get(id);
    expect(role?.version ?? 0).toBe(state.version);
    expect(role?.deletedAt != null).toBe(state.deleted || (state.created ? false : retired(view, id)));
    if (!role || (role.kind === 'DEFAULT' && role.deletedAt)) continue;
    const members = (await view.roleUsers(id, {}, null, PAGE)).items.map(({ item }) => item.user.id);
    expect(new Set(members)).toEqual(new Set(state.members));
    expect(role.userCount).toBe(state.members.size);
    if (role.kind === 'DEFAULT') continue;
    expect([role.permissionCount, role.scopeCount]).toEqual([
      state.grants.size,
      new Set([...state.grants.values()].flat()).size,
    ]);
    expect(role.name).toBe(state.name);
    const grants = view
      .grants([id])
      .get(id)
      ?.map(({ permission, scopes }) => [permission, scopes]);
    expect(new Map(grants as [string, readonly string[]][])).toEqual(new Map(state.grants));
  }
}
const retired = (view: View, id: string): boolean => view.catalogue().defaultRole.get(id)?.retired ?? false;

test('an answer as of a moment is the one that was given then, and tables built anew are equal row by row', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const folder = new Models();
      models.push(folder);
      const log = new Log();
      const book = new Book(log);
      await log.publish(CATALOGUE);
      await log.account();
      const read = await folder.current(log.store);
      const given = new Map<bigint, unknown>();
      for (const step of history) {
        await book.take(step);
        const { position } = (await log.store.head())!;
        expect(await read.waitFor(position, 5_000)).toBe(true);
        given.set(position, await everything(read.view(ACCOUNT)));
        await expectConsistent(read.view(ACCOUNT));
      }
      for (const [position, answers] of given) {
        expect(await everything(read.view(ACCOUNT, { position }))).toBe(answers);
      }
      await expectAsDecided(log, read.view(ACCOUNT));
      const live = await read.digest();
      await read.rebuild();
      expect(await read.digest()).toBe(live);
      await folder.cleanUp();
    }),
    runs(15),
  );
});
