import type { CauseFragment, CompareRoleQuery, RoleDifferenceFragment } from '../generated/graphql';
import type { Mark } from '../ui/marks/mark';
import { groupsOf, type CauseGroup, type DiffLine } from './cause-groups';

export type RoleEntry = NonNullable<CompareRoleQuery['history']>['nodes'][number];
type PermissionDifference = RoleDifferenceFragment['permissions'][number];
type Member = NonNullable<RoleDifferenceFragment['gainedUsers']>['nodes'][number];

const MARKS = { GRANTED: 'added', REVOKED: 'removed', SCOPES: 'changed' } as const;

/** A permission that differs, as a line. */
export const permissionLine = ({
  key,
  change,
  permission,
  gainedScopes,
  lostScopes,
}: PermissionDifference): DiffLine & { readonly mark: Mark } => ({
  id: key,
  mark: MARKS[change],
  text: permission.description,
  code: key,
  privileged: permission.privileged,
  gained: gainedScopes,
  lost: lostScopes,
});

/** A user who came or went, as a line. */
export const memberLine = (mark: Mark | null, { id, name, username }: Member): DiffLine => ({
  id,
  mark,
  text: name,
  code: username,
  gained: [],
  lost: [],
});

/** All users of a page who came and went, as lines. */
export const memberLines = ({ gainedUsers, lostUsers }: RoleDifferenceFragment): DiffLine[] => [
  ...(gainedUsers?.nodes ?? []).map((one) => memberLine('added', one)),
  ...(lostUsers?.nodes ?? []).map((one) => memberLine('removed', one)),
];

/** The last entry of those between the moments that is about a difference: after it, it was so. Entries are newest first. */
export const lastOf = (
  entries: readonly RoleEntry[],
  isAbout: (entry: RoleEntry) => boolean,
): CauseFragment[] => entries.filter(isAbout).slice(0, 1);

/** Entries by which all of a role is there or gone. */
export const ROLE_ENDS: ReadonlySet<string> = new Set([
  'ROLE_CREATED',
  'ROLE_DELETED',
  'DEFAULT_ROLE_RETIRED',
]);

/** Permissions that differ, by the entry that made it so. */
export const permissionGroups = (diff: RoleDifferenceFragment, entries: readonly RoleEntry[]): CauseGroup[] =>
  groupsOf(
    diff.permissions.map((one) => ({
      line: permissionLine(one),
      causes: lastOf(
        entries,
        ({ type, permission, changes }) =>
          permission === one.key ||
          ROLE_ENDS.has(type) ||
          changes.some(
            (change) =>
              change.permission === one.key ||
              (change.field === 'permission' && [change.before, change.after].includes(one.key)),
          ),
      ),
    })),
  );

/** Users who came and went, by the entry that made it so. */
export function memberGroups(
  { gainedUsers, lostUsers }: RoleDifferenceFragment,
  entries: readonly RoleEntry[],
): CauseGroup[] {
  const caused = (mark: 'added' | 'removed', member: Member) => ({
    line: memberLine(mark, member),
    causes: lastOf(entries, ({ type, user }) => user?.key === member.key || ROLE_ENDS.has(type)),
  });
  return groupsOf([
    ...(gainedUsers?.nodes ?? []).map((one) => caused('added', one)),
    ...(lostUsers?.nodes ?? []).map((one) => caused('removed', one)),
  ]);
}
