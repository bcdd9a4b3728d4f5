import { usernameClaims } from '../../domain/claim/claim';
import { refusal, refuse, type Refusal } from '../../domain/refusal';
import { takenBeyondRight } from '../../domain/role/grants';
import type { RoleState } from '../../domain/role/state';
import { isLonger, LONGEST_NAME } from '../../domain/text';
import type { UserEvent } from '../../domain/user/events';
import {
  decideLogin,
  decideProfile,
  decideRegister,
  type ClearUserState,
  type PersonalValue,
  type UserState,
} from '../../domain/user/user';
import { ACCOUNT_ADMIN } from '../../domain/vocabulary';
import { userIdFor } from '../../sealing/user-id';
import { claimsGivenUp, takeNames, type Claim } from '../claims';
import { newUserId } from '../identity';
import { complete, type RecordLogin, type RegisterUser, type UpdateUser } from '../inputs';
import type { HandlerOutcome } from '../outcome';
import type { CommandSession } from '../session';
import { transact, type Claims, type Ruling } from '../transact';

/** Commands on users: registration, profile, sign-ins. */

export async function registerUser(session: CommandSession, input: RegisterUser): Promise<HandlerOutcome> {
  const { user: _given, generation: _generation, username, name, ...rest } = input;
  const id = (await idOfBefore(session, input)) ?? idToRegister(session, input);
  const profile = complete(rest, { username, name: name ?? username });
  return onUser(session, id, async (state) =>
    decideRegister({ user: id, ...profile }, await inClear(session, id, state)),
  );
}

/**
 * Id of the user whom the same command registered under its key in the log in clear that this one is a copy of: there the
 * secret of the account was not in it.
 */
async function idOfBefore(
  session: CommandSession,
  { user, generation }: RegisterUser,
): Promise<string | null> {
  const { identity, tools } = session;
  if (!tools.isCopy || !identity.keyed || user != null || generation !== undefined) return null;
  const id = newUserId(identity.former);
  return (await session.loadUser(id)).commands.has(identity.commandId) ? id : null;
}

/** Id of the user whom a command registers: the given one, else one made from the username, or from the command. */
export function idToRegister(
  { identity, sealing }: Pick<CommandSession, 'identity' | 'sealing'>,
  { user, username, generation }: RegisterUser,
): string {
  if (user != null) return user;
  // A username that is too long is refused; to make its key could take seconds.
  const isMade = generation !== undefined && !isLonger(username.trim(), LONGEST_NAME);
  return isMade ? userIdFor(sealing, username, generation) : newUserId(identity);
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
    const decision = decideProfile({ user, ...change }, await inClear(session, user, state));
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

/** Decrypts the profile that a stream holds. Decisions on who holds a username rest on claims instead. */
async function inClear(
  { sealing }: CommandSession,
  user: string,
  { username, name, ...state }: UserState,
): Promise<ClearUserState> {
  const open = async (value: PersonalValue): Promise<string | null> =>
    typeof value === 'string' ? value : sealing.open(value.sealed, { user, ...value });
  return { ...state, username: await open(username), name: await open(name) };
}

const onUser = (
  session: CommandSession,
  user: string,
  decide: (state: UserState) => Ruling<UserEvent> | Promise<Ruling<UserEvent>>,
): Promise<HandlerOutcome> =>
  transact(session, {
    owner: { kind: 'user', id: user },
    load: () => session.loadUser(user),
    decide: async (state) => withClaims(session, await decide(state)),
    claims: (events, state) => usernameChange(session, user, events, state),
  });

/** Names the claims in the events that set a username, since the log does not tell the username itself. */
function withClaims(session: CommandSession, ruling: Ruling<UserEvent>): Ruling<UserEvent> {
  if (!ruling.accepted) return ruling;
  const events = ruling.events.map((event): UserEvent => {
    const username = usernameAfter([event]);
    if (username === null) return event;
    const claims = claimIds(session, username);
    return { ...event, data: { ...event.data, claims } } as UserEvent;
  });
  return { ...ruling, events };
}

export const claimIds = ({ sealing }: CommandSession, username: string): string[] =>
  usernameClaims(username).map((id) => sealing.claim(id));

/** Claims on a new username, and those on the old one, which is given up; null if the username stays. */
function usernameChange(
  session: CommandSession,
  user: string,
  events: readonly UserEvent[],
  state: UserState,
): Claims | null {
  const username = usernameAfter(events);
  if (username === null) return null;
  const before = state.registered ? claimsHeld(session, state) : [];
  const after = claimIds(session, username);
  // A change of case alone claims and gives up nothing.
  if (before.length === after.length && after.every((id) => before.includes(id))) return null;
  const claimsOn = (ids: readonly string[]): readonly Claim[] =>
    ids.map((id) => ({ kind: 'USERNAME', id, owner: user, users: [] }));
  return {
    take: () =>
      takeNames<UserState>(session, claimsOn(after), (other, held) =>
        bears(session, held, after) ? [bearerRefusal(other, held)] : [],
      ),
    givenUp: claimsGivenUp(claimsOn(before), claimsOn(after)),
  };
}

/** Ids of the claims by which a user holds the username; made of the username itself where the log has it in clear. */
const claimsHeld = (session: CommandSession, { claims, username }: UserState): readonly string[] =>
  claims ?? (typeof username === 'string' ? claimIds(session, username) : []);

/** True if nobody else may take these claims: the username is the user's, or was it at the erasure and is not released. */
export const bears = (session: CommandSession, held: UserState, claims: readonly string[]): boolean =>
  held.registered && !held.released && claimsHeld(session, held).some((id) => claims.includes(id));

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
