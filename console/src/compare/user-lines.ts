import type { CompareUserQuery, UserAtMomentFragment } from '../generated/graphql';
import { groupsOf, type CauseGroup, type HeldAtMoments } from './cause-groups';

type AtMoment = UserAtMomentFragment | null;
type Entry = NonNullable<CompareUserQuery['history']>['nodes'][number];

interface Params {
  readonly then: AtMoment;
  readonly now: AtMoment;
  /** Entries between the moments, newest first. */
  readonly entries: readonly Entry[];
}

const rolesOf = (user: AtMoment) => (user?.assignments ?? []).map(({ role }) => role);

/** Roles that a user got and lost, by the entry that made it so. */
export function roleGroups({ then, now, entries }: Params): CauseGroup[] {
  const [before, after] = [rolesOf(then), rolesOf(now)];
  const caused = (mark: 'added' | 'removed', { key, name }: (typeof before)[number]) => ({
    line: { id: `${mark} ${key}`, mark, text: name, gained: [], lost: [] },
    // The newest is the one after which it was so; what ends a user ends the roles.
    causes: entries.filter(({ role, type }) => role?.key === key || type === 'USER_ERASED').slice(0, 1),
  });
  const without = (list: typeof before, others: typeof before) =>
    list.filter(({ key }) => others.every((other) => other.key !== key));
  return groupsOf([
    ...without(after, before).map((role) => caused('added', role)),
    ...without(before, after).map((role) => caused('removed', role)),
  ]);
}

const keysOf = (user: AtMoment): ReadonlySet<string> =>
  new Set((user?.effectivePermissions?.granted ?? []).map(({ permission }) => permission.key));

/** Permissions that a user holds at the two moments. */
export const heldOf = (then: AtMoment, now: AtMoment): HeldAtMoments => ({
  then: keysOf(then),
  now: keysOf(now),
});
