import { refusal, refuse, type Refusal } from '../../domain/refusal';
import { takenBeyondRight } from '../../domain/role/grants';
import type { RoleState } from '../../domain/role/state';
import { isLonger, LONGEST_NAME } from '../../domain/text';
import type { UserEvent } from '../../domain/user/events';
import { decideRegisterWith } from '../../domain/user/identities';
import { decideProfile } from '../../domain/user/profile';
import {
  decideLogin,
  type ClearUserState,
  type PersonalField,
  type PersonalValue,
  type UserState,
} from '../../domain/user/user';
import { ACCOUNT_ADMIN } from '../../domain/vocabulary';
import { userIdFor } from '../../sealing/user-id';
import { newUserId } from '../identity';
import { complete, type RecordLogin, type RegisterUser, type UpdateUser } from '../inputs';
import type { HandlerOutcome } from '../outcome';
import type { CommandSession } from '../session';
import { transact, type Ruling } from '../transact';
import { claimed, claimsOfChange, withClaims } from './user-claims';

/** Commands on users: registration, profile, sign-ins. */

export async function registerUser(session: CommandSession, input: RegisterUser): Promise<HandlerOutcome> {
  const {
    user: _given,
    generation: _generation,
    username,
    name,
    externalId,
    kind,
    identity,
    ...rest
  } = input;
  const id = (await idOfBefore(session, input)) ?? idToRegister(session, input);
  const registration = complete(rest, {
    user: id,
    ...{ username, name: name ?? username, externalId, kind },
    identity: identity == null ? null : claimed(session, identity),
  });
  return onUser(session, id, async (state) =>
    decideRegisterWith(registration, await inClear(session, id, state)),
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
export const idToRegister = (session: CommandSession, input: RegisterUser): string =>
  input.user ?? (session.userToRegister ??= newIdFor(session, input));

function newIdFor({ identity, sealing }: CommandSession, { username, generation }: RegisterUser): string {
  // A username that is too long is refused; to make its key could take seconds.
  const isMade = generation !== undefined && !isLonger(username.trim(), LONGEST_NAME);
  return isMade ? userIdFor(sealing, username, generation) : newUserId(identity);
}

/**
 * Changes a profile. A new username or external id of a user whose privileges the actor may not give is refused: tokens of
 * the command line, imports and checks identify a user by these.
 */
export function updateUser(session: CommandSession, input: UpdateUser): Promise<HandlerOutcome> {
  const { user, username, name, externalId, ...rest } = input;
  // A user must have a name and a username: clearing one is refused as an empty one is.
  const change = complete(rest, {
    ...(username === undefined ? {} : { username: username ?? '' }),
    ...(name === undefined ? {} : { name: name ?? '' }),
    ...(externalId === undefined ? {} : { externalId }),
  });
  return onUser(session, user, async (state) => {
    const decision = decideProfile({ user, ...change }, await inClear(session, user, state));
    if (!decision.accepted) return decision;
    const refusals = await identityRefusals(session, user, decision.events);
    return refusals.length > 0 ? refuse(...refusals) : decision;
  });
}

const IDENTIFYING: readonly Exclude<PersonalField, 'name'>[] = ['username', 'externalId'];

async function identityRefusals(
  session: CommandSession,
  user: string,
  events: readonly UserEvent[],
): Promise<readonly Refusal[]> {
  const changed = IDENTIFYING.filter((field) =>
    events.some(({ type, data }) => type === 'UserProfileChanged' && data.from[field] !== data.to[field]),
  );
  if (changed.length === 0) return [];
  const { refusals } = await escalationsOver(session, user);
  return refusals.flatMap((each) => changed.map((field): Refusal => ({ ...each, subject: [field] })));
}

/**
 * Refusals of a change of what a user signs in with, by an actor who may not give all that the user's roles grant, and the
 * role that they rest on.
 */
async function escalationsOver(session: CommandSession, user: string): Promise<Escalations> {
  if (session.context.actor.type !== 'user') return { refusals: [] };
  const admins = await session.loadRole(ACCOUNT_ADMIN);
  return { refusals: activityEscalations(session, admins.state, user), restsOn: admins };
}

interface Escalations {
  readonly refusals: readonly Refusal[];
  /** Left out: nothing was read. */
  readonly restsOn?: Ruling<UserEvent>['restsOn'];
}

/** The ruling on what a user signs in with: identities, keys. Or the refusal of one that is beyond the actor. */
export async function unlessBeyond(
  session: CommandSession,
  user: string,
  ruling: Ruling<UserEvent>,
): Promise<Ruling<UserEvent>> {
  if (!ruling.accepted || ruling.events.length === 0) return ruling;
  const { refusals, restsOn } = await escalationsOver(session, user);
  return refusals.length > 0 ? { ...refuse(...refusals), restsOn } : ruling;
}

export function recordLogin(session: CommandSession, { user, at }: RecordLogin): Promise<HandlerOutcome> {
  const now = session.tools.now();
  return onUser(session, user, (state) => decideLogin({ user, at: at ?? now }, state, { now }));
}

/** Decrypts the profile that a stream holds. Decisions on who holds a username or external id rest on claims instead. */
async function inClear({ sealing }: CommandSession, user: string, state: UserState): Promise<ClearUserState> {
  if (isInClear(state)) return state;
  const { username, name, externalId } = state;
  const open = async (value: PersonalValue): Promise<string | null> =>
    typeof value === 'string' ? value : sealing.open(value.sealed, { user, ...value });
  return {
    ...state,
    username: await open(username),
    name: await open(name),
    externalId: await open(externalId),
  };
}

/** True for a user whom nobody registered yet, too: there is no text. */
const isInClear = (state: UserState): state is UserState & ClearUserState =>
  [state.username, state.name, state.externalId].every((value) => typeof value === 'string');

/** Changes one user's stream, under the claims that the events name. */
export const onUser = (
  session: CommandSession,
  user: string,
  decide: (state: UserState) => Ruling<UserEvent> | Promise<Ruling<UserEvent>>,
): Promise<HandlerOutcome> =>
  transact(session, {
    owner: { kind: 'user', id: user },
    load: () => session.loadUser(user),
    decide: async (state) => withClaims(session, await decide(state)),
    claims: (events, state) => claimsOfChange(session, user, events, state),
  });

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
