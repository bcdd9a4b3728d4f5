import { refusal, type PartialDecision, type Refusal } from '../refusal';
import { ACCOUNT_ADMIN } from '../vocabulary';
import type { RoleContext } from './context';
import type { RoleEvent } from './events';
import type { RoleState } from './state';

/** Rules of assigning and unassigning users. */

export interface MembershipChange {
  readonly assign: readonly string[];
  readonly unassign: readonly string[];
}

/** Events and refusals of a change of membership. Conflicts of roles are decided by `conflictRefusal`. */
export function decideMembership(
  { assign: wantedIn, unassign: wantedOut }: MembershipChange,
  state: RoleState,
  context: RoleContext,
): PartialDecision<RoleEvent> {
  const assign = [...new Set(wantedIn)];
  const unassign = [...new Set(wantedOut)];
  const joining = assign.filter((user) => !state.members.has(user));
  // The roles of an erased user have ended already, though the stream of the role does not say so.
  const leaving = unassign.filter((user) => state.members.has(user) && !isErased(context, user));
  const both = assign.filter((user) => unassign.includes(user));
  const refusals = [
    ...about('INVALID_INPUT', 'unassign', both, 'A user is to be assigned and unassigned at once.'),
    ...about(
      'USER_ERASED',
      'assign',
      assign.filter((user) => isErased(context, user)),
    ),
    ...joinRefusals(joining, state, context),
    ...about(
      'UNKNOWN_USER',
      'unassign',
      unassign.filter((user) => !state.members.has(user) && !context.userStatus(user)),
    ),
  ];
  const isService = (user: string): boolean => context.role === ACCOUNT_ADMIN && context.isService(user);
  // An operator who restores memberships may let barred users join; they are no active admins.
  const joinsActive = joining.some(
    (user) => !isService(user) && (!context.inactiveMayJoin || !state.barred.has(user)),
  );
  if (context.role === ACCOUNT_ADMIN && !joinsActive) {
    const active = leaving.filter((user) => isActiveAdmin(state, user));
    if (active.length > 0 && !othersAreActive(state, leaving))
      refusals.push(...about('LAST_ADMIN', 'unassign', active));
  }
  const events: RoleEvent[] = [
    ...joining.map((user): RoleEvent => ({
      type: 'UserAssigned',
      data: { ...(isService(user) ? { kind: 'SERVICE' } : {}), role: context.role, user },
    })),
    ...leaving.map((user): RoleEvent => ({ type: 'UserUnassigned', data: { role: context.role, user } })),
  ];
  return { events, refusals };
}

/** The status is read from the local tables and may lag; a later assignment of an erased user has no effect. */
const isErased = (context: RoleContext, user: string): boolean => context.userStatus(user) === 'ERASED';

function joinRefusals(joining: readonly string[], state: RoleState, context: RoleContext): Refusal[] {
  const unknown = joining.filter((user) => !context.userStatus(user));
  // A bar is exact, while the status read from the local tables may lag.
  const inactive = joining.filter(
    (user) =>
      !context.inactiveMayJoin &&
      !isErased(context, user) &&
      (context.userStatus(user) === 'INACTIVE' || state.barred.has(user)),
  );
  return [...about('UNKNOWN_USER', 'assign', unknown), ...about('USER_INACTIVE', 'assign', inactive)];
}

/** The rule "no user in two roles that conflict": refuses those of `joining` who are in the other role already. */
export function conflictRefusal(
  joining: readonly string[],
  other: { readonly role: string; readonly members: { has(user: string): boolean }; readonly reason: string },
): Refusal[] {
  const users = joining.filter((user) => other.members.has(user));
  if (users.length === 0) return [];
  const message = `No user may also be in the role ${other.role}: ${other.reason}`;
  return [refusal('ROLE_CONFLICT', { message, subject: ['assign'], idsOf: 'user', ids: users })];
}

/**
 * Effect of deactivating a user on the stream of `account-admin`: a bar, unless it would leave no active admin. A
 * barred admin stays a member, as every role is kept, and does not count.
 */
export function decideBar(
  { user }: { readonly user: string },
  admins: RoleState,
): PartialDecision<RoleEvent> {
  if (isActiveAdmin(admins, user) && !othersAreActive(admins, [user])) {
    return {
      events: [],
      refusals: [refusal('LAST_ADMIN', { subject: ['user'], idsOf: 'user', ids: [user] })],
    };
  }
  // The bar is rewritten on every attempt, also over an earlier bar: a reactivation that read the older one must fail.
  return {
    events: [barOf(user)],
    refusals: [],
  };
}

/** Bar of a user on `account-admin`. A barred admin stays a member. */
export const barOf = (user: string): RoleEvent => ({
  type: 'UserBarred',
  data: { role: ACCOUNT_ADMIN, user, member: false },
});

/** True if the account has an admin of whom one must stay: neither barred nor a service user. */
export const hasActiveAdmin = (admins: RoleState): boolean => othersAreActive(admins, []);

const othersAreActive = (admins: RoleState, without: readonly string[]): boolean =>
  admins.members.some((user) => isActiveAdmin(admins, user) && !without.includes(user));

const isActiveAdmin = ({ members, barred, services }: RoleState, user: string): boolean =>
  members.has(user) && !barred.has(user) && !services.has(user);

function about(
  code: 'INVALID_INPUT' | 'UNKNOWN_USER' | 'USER_INACTIVE' | 'USER_ERASED' | 'LAST_ADMIN',
  subject: 'assign' | 'unassign',
  users: readonly string[],
  message?: string,
): Refusal[] {
  return users.length === 0
    ? []
    : [refusal(code, { subject: [subject], idsOf: 'user', ids: users, ...(message ? { message } : {}) })];
}
