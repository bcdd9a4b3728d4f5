import { conflictClaim, roleNameClaim } from '../domain/claim/claim';
import { nameKey } from '../domain/names';
import { refusal, type Refusal } from '../domain/refusal';
import type { RoleContext } from '../domain/role/context';
import { decideChange, decideDelete } from '../domain/role/decide';
import type { RoleEvent } from '../domain/role/events';
import { conflictRefusal } from '../domain/role/membership';
import type { RoleState } from '../domain/role/state';
import { roleStream } from '../event-store/streams';
import { earlierOutcome, record, refused, refusedByOthers, untilDecided, type Attempt } from './attempt';
import { beforeRelease, release, takeName, takeUsers, type Taken } from './claims';
import type { Command, CommandOutcome, CommandOwner } from './command';
import { roleFold } from './folds';
import type { CommandSession } from './session';
import type { Loaded } from './stream-loader';
import { roleWish, type RoleChangeCommand } from './wishes';

/** Commands that change or delete a role which exists. */

export function changeRole(session: CommandSession, command: RoleChangeCommand): Promise<CommandOutcome> {
  const owner: CommandOwner = { kind: 'role', id: command.role };
  const wish = roleWish(command, session.context.expectedVersion);
  return untilDecided(session, async () => {
    const loaded = await loadRole(session, command.role);
    const earlier = earlierOutcome(session, owner, loaded);
    if (earlier) return earlier;
    const decision = decideChange(wish, loaded.state, roleContext(session, command.role));
    if (!decision.accepted) return refused(decision.refusals, loaded);
    return writeRole(session, owner, loaded, decision.events);
  });
}

export function deleteRole(
  session: CommandSession,
  command: Extract<Command, { type: 'deleteRole' }>,
): Promise<CommandOutcome> {
  const owner: CommandOwner = { kind: 'role', id: command.role };
  return untilDecided(session, async () => {
    const loaded = await loadRole(session, command.role);
    const earlier = earlierOutcome(session, owner, loaded);
    if (earlier) return earlier;
    const decision = decideDelete(
      session.context.expectedVersion,
      loaded.state,
      roleContext(session, command.role),
    );
    if (!decision.accepted) return refused(decision.refusals, loaded);
    return writeRole(session, owner, loaded, decision.events);
  });
}

export const loadRole = (session: CommandSession, role: string): Promise<Loaded<RoleState>> =>
  session.load(roleStream(session.context.account, role), roleFold);

/** What the rules need to know besides the role's stream, from the guards. */
export function roleContext({ tools, context, catalogue }: CommandSession, role: string): RoleContext {
  const { account, actor } = context;
  const rights = actor.type === 'user' ? tools.guards.rights(account, actor.id) : null;
  return {
    role,
    defaultRole: catalogue.defaultRole.get(role) ?? null,
    catalogue,
    enabledFeatures: tools.guards.enabledFeatures(account) ?? new Set(),
    userStatus: (user) => tools.guards.userStatus(account, [user]).get(user),
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
  const given = nameGivenUp(events);
  const oldClaim = given === null ? null : roleNameClaim(given);
  const taken = await takeClaims(session, owner.id, events, loaded.state);
  if (taken === 'conflict') return 'conflict';
  if (taken !== 'taken')
    return refusedByOthers(session, loaded, taken.refusals, () => loadRole(session, owner.id));
  const seen = oldClaim === null ? null : await beforeRelease(session, oldClaim);
  const outcome = await record(session, owner, loaded, events);
  const written = outcome !== 'conflict' && outcome.accepted;
  if (written && seen && oldClaim) {
    const claim = { kind: 'ROLE_NAME', id: oldClaim, owner: owner.id, users: [] } as const;
    await release(session, claim, seen, outcome.position);
  }
  return outcome;
}

async function takeClaims(
  session: CommandSession,
  role: string,
  events: readonly RoleEvent[],
  state: RoleState,
): Promise<Taken> {
  const name = nameTaken(events);
  if (name !== null && !(state.created && nameKey(state.name) === nameKey(name))) {
    const claim = { kind: 'ROLE_NAME', id: roleNameClaim(name), owner: role, users: [] } as const;
    const taken = await takeName<RoleState>(session, claim, (other, held) =>
      held.created && !held.deleted && nameKey(held.name) === nameKey(name)
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

/** The name that the role will not bear any more; a change of case alone gives up nothing. */
function nameGivenUp(events: readonly RoleEvent[]): string | null {
  for (const event of events) {
    if (event.type === 'RoleDeleted') return event.data.name;
    if (event.type === 'RoleRenamed' && nameKey(event.data.from) !== nameKey(event.data.to))
      return event.data.from;
  }
  return null;
}
