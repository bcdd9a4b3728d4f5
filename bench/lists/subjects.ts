import type { HistoryFilter, MemberFilter, RoleFilter, UserFilter } from '../../projections/view';
import type { Plan } from '../population/plan';
import { ACCOUNT_ADMIN } from '../../src/domain/vocabulary';
import { ADMIN } from '../population/events';
import { RARE } from '../population/lists';
import { userId, userProfile } from '../population/names';
import type { Filtered, Order } from './questions';

/**
 * Lists with each filter that they offer, and sensible pairs. A filter finds as many in every size, or the same share; what is
 * said of it says which. Words: `RARE` is in 30 users and 25 roles; one user in 26 is called Novak.
 */

const bothWays = <Field extends string>(...fields: readonly Field[]) =>
  fields.flatMap((field) => [{ field, direction: 'ASC' } as const, { field, direction: 'DESC' } as const]);

export const ORDERS: Readonly<Record<Filtered['list'], readonly Order[]>> = {
  roles: [null, ...bothWays('NAME', 'USER_COUNT', 'PERMISSION_COUNT', 'SCOPE_COUNT', 'UPDATED_AT')],
  users: bothWays('NAME', 'USERNAME', 'LAST_LOGIN_AT'),
  members: bothWays('NAME', 'USERNAME', 'ASSIGNED_AT', 'LAST_LOGIN_AT'),
  history: [null],
};

export const isByName = (order: Order): boolean =>
  order === null || order.field === 'NAME' || order.field === 'USERNAME';

/** Everybody is found by this part of their username. */
const IN_ALL = 'example';

export function filtersOf(plan: Plan): readonly Filtered[] {
  return [...ofRoles(plan), ...ofUsers(plan), ...ofMembers(plan), ...ofHistory(plan)];
}

function ofRoles(plan: Plan): readonly Filtered[] {
  const { few, nearlyAll } = plan.wanted;
  // Granted by one role in ten.
  const share = plan.small.grants[0]!.permission;
  const user = userId(plan.shape.users - 1);
  const filters: readonly (readonly [what: string, filter: RoleFilter])[] = [
    ['all', {}],
    ['custom ones', { kind: 'CUSTOM' }],
    ['default ones', { kind: 'DEFAULT' }],
    ['deleted ones too', { includeDeleted: true }],
    ['of a group', { group: 'conversations' }],
    ['search that finds all', { search: 'what' }],
    ['search of two letters, most', { search: 'er' }],
    ['search that finds one in ten', { search: 'reviewers' }],
    ['search that finds 25', { search: RARE }],
    ['search that finds none', { search: 'nobody here' }],
    ['granting what one grants', { permission: few }],
    ['granting what one in ten grants', { permission: share }],
    ['granting what nearly all grant', { permission: nearlyAll }],
    ['of a user', { user }],
    ['search that finds all, granting what nearly all grant', { search: 'what', permission: nearlyAll }],
    ['search that finds 25, custom ones', { search: RARE, kind: 'CUSTOM' }],
  ];
  return filters.map(([what, filter]) => ({ list: 'roles', what: `roles, ${what}`, filter }));
}

function ofUsers(plan: Plan): readonly Filtered[] {
  const outside = { notInRole: plan.large.id };
  const filters: readonly (readonly [what: string, filter: UserFilter])[] = [
    ['all', {}],
    ['active', { status: 'ACTIVE' }],
    ['inactive, one in 25', { status: 'INACTIVE' }],
    ['search that finds all', { search: IN_ALL }],
    ['search of two letters, many', { search: 'an' }],
    ['search that finds one in 26', { search: 'novak' }],
    ['search that finds 30', { search: RARE }],
    ['search that finds one', { search: userProfile(plan.shape.users - 1).username }],
    ['search that finds none', { search: 'nobody here' }],
    ['not in a role of one in ten', outside],
    ['search that finds one in 26, active', { search: 'novak', status: 'ACTIVE' }],
    ['search that finds 30, not in a role', { search: RARE, ...outside }],
    ['inactive, not in a role', { status: 'INACTIVE', ...outside }],
  ];
  return filters.map(([what, filter]) => ({ list: 'users', what: `users, ${what}`, filter }));
}

function ofMembers(plan: Plan): readonly Filtered[] {
  const filters: readonly (readonly [what: string, filter: MemberFilter])[] = [
    ['all', {}],
    ['active', { status: 'ACTIVE' }],
    ['inactive', { status: 'INACTIVE' }],
    ['search that finds all', { search: IN_ALL }],
    ['search that finds one in 26', { search: 'novak' }],
    ['search that finds 3', { search: RARE }],
    ['search that finds one in 26, active', { search: 'novak', status: 'ACTIVE' }],
  ];
  return [
    ['of a role of 300', plan.small.id] as const,
    ['of a role of one in ten', plan.large.id] as const,
  ].flatMap(([of, id]) =>
    filters.map(([what, filter]) => ({
      list: 'members' as const,
      what: `users ${of}, ${what}`,
      role: id,
      filter,
    })),
  );
}

function ofHistory(plan: Plan): readonly Filtered[] {
  const role = plan.ordinary[0]!.id;
  const large = plan.large.id;
  const actor = { type: 'user', id: ADMIN } as const;
  const filters: readonly (readonly [what: string, filter: HistoryFilter])[] = [
    ['all', {}],
    ['of a role', { role }],
    ['of a role of one in ten', { role: large }],
    ['of a default role', { role: ACCOUNT_ADMIN }],
    ['of a user', { user: userId(0) }],
    ['of a permission', { permission: plan.wanted.nearlyAll }],
    ['of an actor', { actor }],
    ['of a type', { types: ['RoleCreated'] }],
    ['of a role and two types', { role: large, types: ['UserAssigned', 'UserUnassigned'] }],
    [
      'of an actor, in a span of time',
      { actor, since: new Date('2025-06-01T00:00:01Z'), until: new Date('2025-06-01T00:00:05Z') },
    ],
  ];
  return filters.map(([what, filter]) => ({ list: 'history', what: `history, ${what}`, filter }));
}
