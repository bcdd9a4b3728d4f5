import { usernameClaims } from '../domain/claim/claim';
import { nameKey } from '../domain/text';
import { refusal, refuse, type Refusal } from '../domain/refusal';
import { takenBeyondRight } from '../domain/role/grants';
import type { RoleState } from '../domain/role/state';
import type { UserEvent } from '../domain/user/events';
import { bears, decideLogin, decideProfile, decideRegister, type UserState } from '../domain/user/user';
import { ACCOUNT_ADMIN } from '../domain/vocabulary';
import { claimsGivenUp, takeNames, type Claim } from './claims';
import { newUserId } from './identity';
import { complete, type RecordLogin, type RegisterUser, type UpdateUser } from './inputs';
import type { HandlerOutcome } from './outcome';
import type { CommandSession } from './session';
import { transact, type Claims, type Ruling } from './transact';

/** Commands on users: registration, profile, sign-ins. */

export function registerUser(session: CommandSession, input: RegisterUser): Promise<HandlerOutcome> {
  const { user, username, name, ...rest } = input;
  const id = user ?? newUserId(session.identity);
  const profile = complete(rest, { username, name: name ?? username });
  return onUser(session, id, (state) => decideRegister({ user: id, ...profile }, state));
}

/**
 * Changes a profile. Renaming a user whose privileges the actor may not give is refused: tokens of the command line,
 * imports and checks identify a user by username.
 */
export function updateUser(session: CommandSession, input: UpdateUser): Promise<HandlerOutcome> {
  const { user, username, name, ...rest } = input;
  // A user must have a name and a username: clearing one is refused as an empty one is.
  const change = complete(rest, {
    ...(username === undefined ? {} : { username: username ?? '' }),
    ...(name === undefined ? {} : { name: name ?? '' }),
  });
  return onUser(session, user, async (state) => {
    const decision = decideProfile({ user, ...change }, state);
    if (!decision.accepted) return decision;
    const refusals = await renamingRefusals(session, user, decision.events);
    return refusals.length > 0 ? refuse(...refusals) : decision;
  });
}

async function renamingRefusals(
  session: CommandSession,
  user: string,
  events: readonly UserEvent[],
): Promise<readonly Refusal[]> {
  const renames = events.some(
    ({ type, data }) => type === 'UserProfileChanged' && data.from.username !== data.to.username,
  );
  if (!renames || session.context.actor.type !== 'user') return [];
  const admins = await session.loadRole(ACCOUNT_ADMIN);
  const refusals = activityEscalations(session, admins.state, user);
  return refusals.map((each) => ({ ...each, subject: ['username'] }));
}

export function recordLogin(session: CommandSession, { user, at }: RecordLogin): Promise<HandlerOutcome> {
  const now = session.tools.now();
  return onUser(session, user, (state) => decideLogin({ user, at: at ?? now }, state, { now }));
}

const onUser = (
  session: CommandSession,
  user: string,
  decide: (state: UserState) => Ruling<UserEvent> | Promise<Ruling<UserEvent>>,
): Promise<HandlerOutcome> =>
  transact(session, {
    owner: { kind: 'user', id: user },
    load: () => session.loadUser(user),
    decide,
    claims: (events, state) => usernameChange(session, user, events, state),
  });

/** Claims on a new username, and those on the old one, which is given up; null if the username stays. */
function usernameChange(
  session: CommandSession,
  user: string,
  events: readonly UserEvent[],
  state: UserState,
): Claims | null {
  const before = state.registered ? state.username : null;
  const after = usernameAfter(events);
  if (after === null || (before !== null && nameKey(after) === nameKey(before))) return null;
  const claimsOn = (username: string): readonly Claim[] =>
    usernameClaims(username).map((id) => ({ kind: 'USERNAME', id, owner: user, users: [] }));
  return {
    take: () =>
      takeNames<UserState>(session, claimsOn(after), (other, held) =>
        bears(held, after) ? [bearerRefusal(other, held)] : [],
      ),
    givenUp: before === null ? [] : claimsGivenUp(claimsOn(before), claimsOn(after)),
  };
}

/** Refusal of a username that is another's. */
const bearerRefusal = (other: string, { erased }: UserState): Refusal =>
  refusal(erased ? 'USERNAME_SUPPRESSED' : 'USERNAME_TAKEN', {
    subject: ['username'],
    idsOf: 'user',
    ids: [other],
  });

function usernameAfter(events: readonly UserEvent[]): string | null {
  for (const event of events) {
    if (event.type === 'UserRegistered') return event.data.username;
    if (event.type === 'UserProfileChanged') return event.data.to.username;
  }
  return null;
}

/**
 * Refusals of ending a user’s activity, which takes away all that their roles grant, or of restoring it, which gives it
 * back, by an actor who may not give the privileged part of it. The stream of account admins decides exactly; for other
 * roles the local tables are used, which may lag.
 */
export function activityEscalations(
  { tools, context, catalogue }: CommandSession,
  admins: RoleState,
  user: string,
): Refusal[] {
  const { account, actor } = context;
  if (actor.type !== 'user') return [];
  const held = new Set(tools.reads.permissionsHeld(account, user));
  if (admins.members.has(user))
    for (const key of catalogue.defaultRole.get(ACCOUNT_ADMIN)?.permissions ?? []) held.add(key);
  const rights = tools.reads.rights(account, actor.id);
  const mayGive = (permission: string): boolean => rights.isGranted(permission);
  const permissions = takenBeyondRight(held, { catalogue, mayGive });
  return permissions.length > 0 ? [refusal('ESCALATION', { subject: ['user'], permissions })] : [];
}
