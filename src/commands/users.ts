import { usernameClaims } from '../domain/claim/claim';
import { nameKey, sameName } from '../domain/text';
import { refusal, type Decision, type Refusal } from '../domain/refusal';
import { takenBeyondRight } from '../domain/role/grants';
import { decideBar } from '../domain/role/membership';
import type { RoleState } from '../domain/role/state';
import type { UserEvent } from '../domain/user/events';
import {
  decideDeactivate,
  decideLogin,
  decideProfile,
  decideReactivate,
  decideRegister,
  type UserState,
} from '../domain/user/user';
import { ACCOUNT_ADMIN, isSameActor } from '../domain/vocabulary';
import type { Position } from '../event-store/port/event-store';
import { userStream } from '../event-store/port/streams';
import { done, earlierOutcome, ownEntry, record, refused, untilDecided, type Attempt } from './attempt';
import { claimsGivenUp, takeNames, type Claim } from './claims';
import type { Command, CommandOutcome, CommandOwner } from './command';
import { userFold } from './streams/folds';
import { newUserId } from './identity';
import { loadRole } from './roles';
import { recordUnderClaims } from './record-under-claims';
import type { CommandSession } from './session';
import type { Loaded } from './streams/loaded';

/** Commands on users: registration, profile, activity, sign-ins. */

type Of<Type extends Command['type']> = Extract<Command, { type: Type }>;

export function registerUser(session: CommandSession, command: Of<'registerUser'>): Promise<CommandOutcome> {
  const owner: CommandOwner = { kind: 'user', id: command.user ?? newUserId(session.identity) };
  const profile = { username: command.username, name: command.name ?? command.username };
  return onUser(session, owner, (state) => decideRegister(owner.id, profile, state));
}

export function updateUser(session: CommandSession, command: Of<'updateUser'>): Promise<CommandOutcome> {
  const owner: CommandOwner = { kind: 'user', id: command.user };
  // A user cannot be without a name or username: clearing one is refused as an empty one is.
  const wish = {
    ...(command.username === undefined ? {} : { username: command.username ?? '' }),
    ...(command.name === undefined ? {} : { name: command.name ?? '' }),
  };
  return onUser(session, owner, (state) => decideProfile(owner.id, wish, state), renamingRefusals);
}

/**
 * Who has the username of somebody is taken for them, by tokens of the command line, imports and checks: another username is
 * given to the holder of what is privileged only by who may give that.
 */
async function renamingRefusals(
  session: CommandSession,
  user: string,
  events: readonly UserEvent[],
): Promise<readonly Refusal[]> {
  const renames = events.some(
    ({ type, data }) => type === 'UserProfileChanged' && data.from.username !== data.to.username,
  );
  if (!renames || session.context.actor.type !== 'user') return [];
  const admins = await loadRole(session, ACCOUNT_ADMIN);
  const refusals = activityEscalations(session, admins.state, user);
  return refusals.map((each) => ({ ...each, field: ['username'] }));
}

export function recordLogin(session: CommandSession, command: Of<'recordLogin'>): Promise<CommandOutcome> {
  const owner: CommandOwner = { kind: 'user', id: command.user };
  const now = session.tools.now();
  return onUser(session, owner, (state) => decideLogin(owner.id, command.at ?? now, now, state));
}

/**
 * Deactivation: first a bar on `account-admin`, under whose one revision the last admin is decided, then the user.
 * The bar is written anew on every attempt, so that a reactivation which read an earlier one cannot lift it. A death
 * between the two leaves a barred, active user; a repeat of either command completes it.
 *
 * `account-admin` is read before the user: when the same command, under the same key, was recorded elsewhere in
 * between, the bar fails, and does not fall on someone who was reactivated since.
 */
export function deactivateUser(
  session: CommandSession,
  command: Of<'deactivateUser'>,
): Promise<CommandOutcome> {
  const owner: CommandOwner = { kind: 'user', id: command.user };
  const { actor } = session.context;
  return untilDecided(session, null, async () => {
    const admins = await loadRole(session, ACCOUNT_ADMIN);
    const loaded = await loadUser(session, owner.id);
    const earlier = earlierOutcome(session, owner, loaded);
    if (earlier) return earlier;
    const themselves = isSameActor(actor, { type: 'user', id: owner.id });
    const decision = decideDeactivate(owner.id, themselves, loaded.state);
    if (!decision.accepted) return refused(decision.refusals, loaded);
    if (decision.events.length === 0) return done(owner, loaded.position, 0);
    const bar = decideBar(admins.state, owner.id);
    const refusals = [...activityEscalations(session, admins.state, owner.id), ...bar.refusals];
    if (refusals.length > 0) return refused(refusals, admins);
    for (const event of bar.events) {
      if ((await session.appendOther(admins, event)).outcome === 'conflict') return 'conflict';
    }
    return record(session, owner, loaded, decision.events);
  });
}

/**
 * Reactivation: the user first, then the bar is lifted at the revision of `account-admin` that was read before the
 * user was. A user who is active and barred is the half of a deactivation: a fence makes sure that its other half fails.
 * Once the user is recorded as active, further attempts only see to the bar: what ends the activity then came after.
 */
export function reactivateUser(
  session: CommandSession,
  command: Of<'reactivateUser'>,
): Promise<CommandOutcome> {
  const owner: CommandOwner = { kind: 'user', id: command.user };
  return untilDecided<Accepted | null>(session, null, async (recordedBefore) => {
    let recorded = recordedBefore;
    const admins = await loadRole(session, ACCOUNT_ADMIN);
    const loaded = await loadUser(session, owner.id);
    const barred = admins.state.barred.has(owner.id);
    const earlier = recorded ?? earlierOutcome(session, owner, loaded);
    if (earlier && !earlier.accepted) return earlier;
    if (earlier) {
      // Under a key, its last event is the lifting of the bar: once that is there, a bar belongs to what came after.
      const lifted = ownEntry(session, admins)?.position;
      if (lifted || !loaded.state.active || !barred)
        return { ...earlier, position: later(earlier.position, lifted) };
    }
    const decision = decideReactivate(owner.id, loaded.state);
    if (!decision.accepted) return refused(decision.refusals, loaded);
    if (recorded === null && (decision.events.length > 0 || barred)) {
      const refusals = activityEscalations(session, admins.state, owner.id);
      if (refusals.length > 0) return refused(refusals, admins);
    }
    if (decision.events.length > 0) {
      const outcome = await record(session, owner, loaded, decision.events);
      if (outcome === 'conflict' || !outcome.accepted) return outcome;
      recorded = outcome;
      // Inactive and not barred: a deactivation came between the two reads. The bar is there by now.
      if (!barred) return { again: recorded };
    } else if (barred) {
      const data = { claim: ACCOUNT_ADMIN };
      const fence = await session.appendOther(loaded, { type: 'ClaimAbandoned', data });
      if (fence.outcome === 'conflict') return 'conflict';
    } else return done(owner, later(loaded.position, admins.position), 0);
    const data = { role: ACCOUNT_ADMIN, user: owner.id };
    const lifted = await session.appendOther(admins, { type: 'UserUnbarred', data });
    if (lifted.outcome === 'conflict') return { again: recorded };
    return done(owner, lifted.position, (recorded?.written ?? 0) + 1);
  });
}

/**
 * Ending someone’s activity takes away all that their roles grant, and restoring it gives all that: what is privileged
 * only by who may give it. Of account admins their stream says it exactly; of other roles the local tables, which may lag.
 */
function activityEscalations(
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
  return permissions.length > 0 ? [refusal('ESCALATION', { field: ['id'], permissions })] : [];
}

type Accepted = Extract<CommandOutcome, { accepted: true }>;

const later = (a: Position | null, b: Position | null | undefined): Position | null =>
  b == null || (a !== null && a > b) ? a : b;

const loadUser = (session: CommandSession, user: string): Promise<Loaded<UserState>> =>
  session.load(userStream(session.context.account, user), userFold);

function onUser(
  session: CommandSession,
  owner: CommandOwner,
  decide: (state: UserState) => Decision<UserEvent>,
  refusalsOf: typeof renamingRefusals = async () => [],
): Promise<CommandOutcome> {
  return untilDecided(session, null, async () => {
    const loaded = await loadUser(session, owner.id);
    const earlier = earlierOutcome(session, owner, loaded);
    if (earlier) return earlier;
    const decision = decide(loaded.state);
    if (!decision.accepted) return refused(decision.refusals, loaded);
    const refusals = await refusalsOf(session, owner.id, decision.events);
    return refusals.length > 0
      ? refused(refusals, loaded)
      : writeUser(session, owner, loaded, decision.events);
  });
}

/** Takes the claims on a new username, appends, and gives up the claims on the old one. */
async function writeUser(
  session: CommandSession,
  owner: CommandOwner,
  loaded: Loaded<UserState>,
  events: readonly UserEvent[],
): Promise<Attempt> {
  const before = loaded.state.registered ? nameKey(loaded.state.username) : null;
  const after = usernameAfter(events) ?? loaded.state.username;
  const changed = events.length > 0 && nameKey(after) !== before;
  if (!changed) return record(session, owner, loaded, events);
  const claimsOn = (username: string): readonly Claim[] =>
    usernameClaims(username).map((id) => ({ kind: 'USERNAME', id, owner: owner.id, users: [] }));
  return recordUnderClaims(session, owner, loaded, events, {
    take: () =>
      takeNames<UserState>(session, claimsOn(after), (other, state) =>
        state.registered && sameName(state.username, after)
          ? [refusal('USERNAME_TAKEN', { field: ['username'], idsOf: 'user', ids: [other] })]
          : [],
      ),
    givenUp: before === null ? [] : claimsGivenUp(claimsOn(loaded.state.username), claimsOn(after)),
    reload: () => loadUser(session, owner.id),
  });
}

function usernameAfter(events: readonly UserEvent[]): string | null {
  for (const event of events) {
    if (event.type === 'UserRegistered') return event.data.username;
    if (event.type === 'UserProfileChanged') return event.data.to.username;
  }
  return null;
}
