import { groupsOfUser } from '../../console/src/compare/cause-groups';
import { compareSearch, daysBefore } from '../../console/src/compare/compare-search';
import { momentsOf } from '../../console/src/compare/moments';
import { permissionGroups, type RoleEntry } from '../../console/src/compare/role-lines';
import type {
  CauseFragment,
  DifferenceFragment,
  RoleDifferenceFragment,
  UserDifferenceFragment,
} from '../../console/src/generated/graphql';
import { affectedGroups } from '../../console/src/role/save/affected';

/** Comparisons as the console shows them: addresses, moments, and differences by what made them. */

const NOW = Date.parse('2026-11-30T12:00:00Z');

describe('an address', () => {
  test('that names no earlier moment gets one, before the later one', () => {
    expect(compareSearch({ asOf: '2026-03-31T10:00:00Z' }).from).toBe('2026-03-01T00:00:00.000Z');
    expect(compareSearch({ from: '2026-03-05', what: 'nothing', page: '1' })).toEqual({
      what: undefined,
      roleId: undefined,
      otherRoleId: undefined,
      userId: undefined,
      permission: undefined,
      from: '2026-03-05',
      page: undefined,
      after: undefined,
      before: undefined,
    });
  });

  test('of two roles has one moment', () =>
    expect(compareSearch({ what: 'roles', from: '2026-03-05T00:00:00Z' }).from).toBeUndefined());

  test('days are those of UTC', () => expect(daysBefore(NOW, 7)).toBe('2026-11-23T00:00:00.000Z'));
});

describe('moments', () => {
  const from = '2026-03-05T00:00:00.000Z';
  test.each([
    [from, undefined, { from, to: undefined }],
    ['2026-03-05T01:00+01:00', '2026-03-06T00:00:00.000Z', { from, to: '2026-03-06T00:00:00.000Z' }],
    ['yesterday', undefined, { problem: 'unreadable', text: 'yesterday' }],
    ['2026-12-24T00:00:00Z', undefined, { problem: 'ahead', text: '2026-12-24T00:00:00Z' }],
    [undefined, undefined, { problem: 'missing', text: '' }],
    [from, from, { problem: 'order', text: from }],
    ['2026-03-06T00:00:00Z', from, { problem: 'order', text: '2026-03-06T00:00:00.000Z' }],
  ])('from %s to %s', (earlier, later, found) => expect(momentsOf(earlier, later, NOW)).toEqual(found));
});

const cause = (id: string, at: string): CauseFragment => ({
  id,
  at,
  summary: id,
  reason: null,
  role: null,
  user: null,
});
const difference = (
  key: string,
  causes: CauseFragment[] | null,
  ...scopes: string[]
): DifferenceFragment => ({
  scopes,
  permission: { id: `Permission:${key}`, key, description: `May ${key}`, privileged: false },
  causes,
});
const user = (name: string, gained: DifferenceFragment[], lost: DifferenceFragment[] = []) =>
  ({
    userId: `User:${name}`,
    user: { id: `User:${name}`, key: `User:${name}`, name, username: name },
    gained,
    lost,
  }) satisfies UserDifferenceFragment;

describe('differences of a user', () => {
  const old = cause('assigned', '2026-03-03T00:00:00Z');
  const late = cause('revoked', '2026-03-09T00:00:00Z');

  test('stand below what made them, the newest first', () => {
    const groups = groupsOfUser(
      user(
        'ana',
        [difference('a', [old]), difference('b', [old]), difference('c', [old, late])],
        [difference('d', [late])],
      ),
    );
    expect(groups.map(({ causes, lines }) => [causes.length, lines.map(({ id }) => id)])).toEqual([
      [2, ['added c']],
      [1, ['removed d']],
      [1, ['added a', 'added b']],
    ]);
  });

  test('without the right to see causes they are one list', () => {
    const [group, ...others] = groupsOfUser(user('ana', [difference('a', null)], [difference('b', null)]));
    expect(others).toEqual([]);
    expect(group?.lines.map(({ mark }) => mark)).toEqual(['added', 'removed']);
  });

  test('a permission that is held at both moments is changed, and names the scopes that came or went', () => {
    const changes = user(
      'ana',
      [difference('a', [], 'x')],
      [difference('a', [], 'y'), difference('b', [], 'z')],
    );
    const held = { then: new Set(['a', 'b']), now: new Set(['a', 'b']) };
    const marksOf = (groups: ReturnType<typeof groupsOfUser>) =>
      groups.flatMap(({ lines }) => lines.map(({ mark, gained, lost }) => [mark, gained, lost]));
    const ofA = [
      ['changed', ['x'], []],
      ['changed', [], ['y']],
    ];
    expect(marksOf(groupsOfUser(changes))).toEqual([...ofA, ['removed', [], ['z']]]);
    expect(marksOf(groupsOfUser(changes, held))).toEqual([...ofA, ['changed', [], ['z']]]);
  });
});

test('users for whom a save does the same stand together', () => {
  const same = () => [difference('a', null, 'x')];
  const groups = affectedGroups([
    user('ana', same()),
    user('ben', [difference('a', null, 'y')]),
    user('eva', same()),
    user('ida', [], same()),
  ]);
  expect(groups.map(({ users }) => users.map(({ userId }) => userId))).toEqual([
    ['User:ana', 'User:eva'],
    ['User:ben'],
    ['User:ida'],
  ]);
});

test('a permission of a role is explained by the last entry that is about it', () => {
  const entry = (id: string, more: Partial<RoleEntry>): RoleEntry => ({
    ...cause(id, id),
    type: 'DEFAULT_ROLE_CHANGED',
    permission: null,
    changes: [],
    ...more,
  });
  const change = (field: string, after: string, permission: string | null = null) => ({
    field,
    permission,
    before: null,
    after,
  });
  const diff: RoleDifferenceFragment = {
    base: null,
    target: null,
    name: null,
    description: null,
    gainedUsers: null,
    lostUsers: null,
    permissions: ['a', 'b', 'c'].map((key) => ({
      key,
      change: 'GRANTED',
      gainedScopes: [],
      lostScopes: [],
      permission: { id: key, key, description: key, privileged: false },
    })),
  };
  const groups = permissionGroups(diff, [
    entry('5', { changes: [change('description', 'b')] }),
    entry('4', { permission: 'a' }),
    entry('3', { changes: [change('permission', 'b'), change('scopes', 'x', 'c')] }),
    entry('2', { permission: 'a' }),
    entry('1', { type: 'ROLE_CREATED' }),
  ]);
  expect(groups.map(({ id, lines }) => [id, lines.map((line) => line.id)])).toEqual([
    ['4', ['a']],
    ['3', ['b', 'c']],
  ]);
});
