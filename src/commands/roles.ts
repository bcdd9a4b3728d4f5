import { conflictClaim, roleNameClaims } from '../domain/claim/claim';
import { nameKey, sameName } from '../domain/text';
import { refusal, type Decision, type Refusal } from '../domain/refusal';
import type { RoleContext } from '../domain/role/context';
import { decideChange, decideDelete } from '../domain/role/decide';
import type { RoleEvent } from '../domain/role/events';
import { conflictRefusal } from '../domain/role/membership';
import type { RoleState } from '../domain/role/state';
import { roleStream } from '../event-store/port/streams';
import { earlierOutcome, refused, untilDecided, type Attempt } from './attempt';
import { claimsGivenUp, takeNames, takeUsers, type Claim, type Taken } from './claims';
import type { Command, CommandOutcome, CommandOwner } from './command';
import { roleFold } from './streams/folds';
import { recordUnderClaims } from './record-under-claims';
import type { CommandSession } from './session';
import type { Loaded } from './streams/loaded';
import { roleWish, type RoleChangeCommand } from './role-change';

/** Commands that change or delete a role which exists. */

export function changeRole(session: CommandSession, command: RoleChangeCommand): Promise<CommandOutcome> {
  const wish = roleWish(command, session.context.expectedVersion);
  const users = [...(wish.membership?.assign ?? []), ...(wish.membership?.unassign ?? [])];
  return onRole(session, command.role, users, (state, context) => decideChange(wish, state, context));
}

export function deleteRole(
  session: CommandSession,
  command: Extract<Command, { type: 'deleteRole' }>,
): Promise<CommandOutcome> {
  const { expectedVersion } = session.context;
  return onRole(session, command.role, [], (state, context) => decideDelete(expectedVersion, state, context));
}

function onRole(
  session: CommandSession,
  role: string,
  users: readonly string[],
  decide: (state: RoleState, context: RoleContext) => Decision<RoleEvent>,
): Promise<CommandOutcome> {
  const owner: CommandOwner = { kind: 'role', id: role };
  return untilDecided(session, null, async () => {
    const loaded = await loadRole(session, role);
    const earlier = earlierOutcome(session, owner, loaded);
    if (earlier) return earlier;
    const decision = decide(loaded.state, roleContext(session, role, users));
    return decision.accepted
      ? writeRole(session, owner, loaded, decision.events)
      : refused(decision.refusals, loaded);
  });
}

export const loadRole = (session: CommandSession, role: string): Promise<Loaded<RoleState>> =>
  session.load(roleStream(session.context.account, role), roleFold);

/** What the rules need to know besides the role's stream, from the read models; of users, of those that the wish names. */
export function roleContext(
  { tools, context, catalogue }: CommandSession,
  role: string,
  users: readonly string[],
): RoleContext {
  const { account, actor, restoring } = context;
  const statuses = tools.reads.userStatus(account, users);
  const rights = actor.type === 'user' ? tools.reads.rights(account, actor.id) : null;
  return {
    role,
    defaultRole: catalogue.defaultRole.get(role) ?? null,
    catalogue,
    enabledFeatures: tools.reads.enabledFeatures(account) ?? new Set(),
    userStatus: (user) => statuses.get(user),
    inactiveMayJoin: restoring === true && actor.type === 'operator',
    mayGive: (permission) => rights?.isGranted(permission) ?? true,
  };
}

/** Takes the claims that the events need, appends them to the role, and gives up the claims that they end. */
export async function writeRole(
  session: CommandSession,
  owner: CommandOwner,
  loaded: Loaded<RoleState>,
  events: readonly RoleEvent[],
): Promise<Attempt> {
  return recordUnderClaims(session, owner, loaded, events, {
    take: () => takeClaims(session, owner.id, events, loaded.state),
    givenUp: nameGivenUp(events, owner.id),
    reload: () => loadRole(session, owner.id),
  });
}

const nameClaims = (name: string, owner: string): readonly Claim[] =>
  roleNameClaims(name).map((id) => ({ kind: 'ROLE_NAME', id, owner, users: [] }));

async function takeClaims(
  session: CommandSession,
  role: string,
  events: readonly RoleEvent[],
  state: RoleState,
): Promise<Taken> {
  const name = nameTaken(events);
  if (name !== null && !(state.created && nameKey(state.name) === nameKey(name))) {
    const taken = await takeNames<RoleState>(session, nameClaims(name, role), (other, held) =>
      held.created && !held.deleted && sameName(held.name, name)
        ? [refusal('NAME_TAKEN', { field: ['name'], idsOf: 'role', ids: [other] })]
        : [],
    );
    if (taken !== 'taken') return taken;
  }
  const joining = events.flatMap((event) => (event.type === 'UserAssigned' ? [event.data.user] : []));
  return joining.length === 0 ? 'taken' : takeConflicts(session, role, joining);
}

/** One claim for each role declared in conflict; all that refuse are told at once. */
async function takeConflicts(
  session: CommandSession,
  role: string,
  joining: readonly string[],
): Promise<Taken> {
  const field = session.command.type === 'updateRole' ? 'assignUserIds' : 'userIds';
  const refusals: Refusal[] = [];
  for (const { other, conflict } of session.catalogue.conflictsOf(role)) {
    const claim = {
      kind: 'ROLE_CONFLICT',
      id: conflictClaim(role, other),
      owner: role,
      users: joining,
    } as const;
    const taken = await takeUsers<RoleState>(session, claim, other, (id, { members }) =>
      conflictRefusal(joining, field, { role: id, members, reason: conflict.reason }),
    );
    if (taken === 'conflict') return taken;
    if (taken !== 'taken') refusals.push(...taken.refusals);
  }
  return refusals.length > 0 ? { refusals } : 'taken';
}

function nameTaken(events: readonly RoleEvent[]): string | null {
  for (const event of events) {
    if (event.type === 'RoleCreated') return event.data.name;
    if (event.type === 'RoleRenamed') return event.data.to;
  }
  return null;
}

/** Claims on the name that the role will not bear any more; a change of case alone gives up nothing. */
function nameGivenUp(events: readonly RoleEvent[], role: string): readonly Claim[] {
  for (const event of events) {
    if (event.type === 'RoleDeleted') return nameClaims(event.data.name, role);
    if (event.type === 'RoleRenamed')
      return claimsGivenUp(nameClaims(event.data.from, role), nameClaims(event.data.to, role));
  }
  return [];
}
