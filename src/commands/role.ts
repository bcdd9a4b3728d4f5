import { conflictClaim, roleNameClaims } from '../domain/claim/claim';
import { nameKey, sameName } from '../domain/text';
import { refusal, type Refusal } from '../domain/refusal';
import type { RoleContext } from '../domain/role/context';
import { decideChange, decideCreate, decideDelete, type RoleChange } from '../domain/role/decide';
import type { RoleEvent } from '../domain/role/events';
import { conflictRefusal } from '../domain/role/membership';
import type { RoleState } from '../domain/role/state';
import { rightsOf } from './batch/batch';
import { claimsGivenUp, takeNames, takeUsers, type Claim, type ClaimResult } from './claims';
import { newRoleId } from './identity';
import type { CreateRole, DeleteRole } from './inputs';
import type { HandlerOutcome } from './outcome';
import { creation } from './role-change';
import type { CommandSession } from './session';
import { isStale, type RoleTarget } from './batch/role-basis';
import { transact, type Ruling, type Transaction } from './transact';

/** Commands that create, change or delete a role. */

export function createRole(session: CommandSession, input: CreateRole): Promise<HandlerOutcome> {
  const role = newRoleId(session.identity);
  const change = creation(input);
  const users = input.userIds ?? [];
  const decide = (state: RoleState) => decideCreate(change, state, roleContext(session, role, users));
  return transact(session, onRole(session, { role, users }, decide));
}

/** The handler of commands that reduce to such a change of a role. */
export function changeRole<Input extends { readonly role: string }>(changeOf: (input: Input) => RoleChange) {
  return (session: CommandSession, input: Input): Promise<HandlerOutcome> => {
    const { role } = input;
    const change = { ...changeOf(input), expectedVersion: session.context.expectedVersion };
    const users = [...(change.membership?.assign ?? []), ...(change.membership?.unassign ?? [])];
    const decide = (state: RoleState) => decideChange(change, state, roleContext(session, role, users));
    return transact(session, onRole(session, { role, users }, decide));
  };
}

export function deleteRole(session: CommandSession, { role }: DeleteRole): Promise<HandlerOutcome> {
  const decide = (state: RoleState) => decideDelete(session.context, state, roleContext(session, role, []));
  return transact(session, onRole(session, { role, users: [] }, decide));
}

/** A change of a role, under the claims on its name and on users of roles that conflict. */
export const onRole = (
  session: CommandSession,
  target: RoleTarget,
  decide: (state: RoleState) => Ruling<RoleEvent>,
): Transaction<RoleState, RoleEvent> => ({
  owner: { kind: 'role', id: target.role },
  load: () => session.loadRole(target.role),
  isStale: (loaded) => isStale(session, target, loaded),
  decide,
  claims: (events, state) => ({
    take: () => takeClaims({ session, role: target.role }, events, state),
    givenUp: nameGivenUp(events, target.role),
  }),
});

/** Context of the rules besides the role's stream, from the read models; of users, those that the change names. */
export function roleContext(
  { tools, context, catalogue }: CommandSession,
  role: string,
  users: readonly string[],
): RoleContext {
  const { account, actor, restoring } = context;
  const statuses = tools.reads.userStatus(account, users);
  const rights = rightsOf(context, tools.reads);
  return {
    role,
    defaultRole: catalogue.defaultRole.get(role) ?? null,
    catalogue,
    enabledFeatures: tools.reads.enabledFeatures(account) ?? new Set(),
    userStatus: (user) => statuses.get(user),
    isService: (user) => tools.reads.isService(account, user),
    inactiveMayJoin: restoring === true && actor.type === 'operator',
    mayGive: (permission) => rights?.isGranted(permission) ?? true,
  };
}

const nameClaims = (name: string, owner: string): readonly Claim[] =>
  roleNameClaims(name).map((id) => ({ kind: 'ROLE_NAME', id, owner, users: [] }));

interface Claimant {
  readonly session: CommandSession;
  readonly role: string;
}

async function takeClaims(
  claimant: Claimant,
  events: readonly RoleEvent[],
  state: RoleState,
): Promise<ClaimResult> {
  const { session, role } = claimant;
  const name = nameTaken(events);
  if (name !== null && !(state.created && nameKey(state.name) === nameKey(name))) {
    const taken = await takeNames<RoleState>(session, nameClaims(name, role), (other, held) =>
      held.created && !held.deleted && sameName(held.name, name)
        ? [refusal('NAME_TAKEN', { subject: ['name'], idsOf: 'role', ids: [other] })]
        : [],
    );
    if (taken !== 'taken') return taken;
  }
  const joining = events.flatMap((event) => (event.type === 'UserAssigned' ? [event.data.user] : []));
  return joining.length === 0 ? 'taken' : takeConflicts(claimant, joining);
}

/** Takes one claim for each role declared in conflict; all that refuse are told at once. */
async function takeConflicts({ session, role }: Claimant, joining: readonly string[]): Promise<ClaimResult> {
  const refusals: Refusal[] = [];
  for (const { other, conflict } of session.catalogue.conflictsOf(role)) {
    const claim = {
      kind: 'ROLE_CONFLICT',
      id: conflictClaim(role, other),
      owner: role,
      users: joining,
    } as const;
    const taken = await takeUsers<RoleState>(session, claim, other, (id, { members }) =>
      conflictRefusal(joining, { role: id, members, reason: conflict.reason }),
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

/** Claims on the name that the role gives up; a change of case alone gives up nothing. */
function nameGivenUp(events: readonly RoleEvent[], role: string): readonly Claim[] {
  for (const event of events) {
    if (event.type === 'RoleDeleted') return nameClaims(event.data.name, role);
    if (event.type === 'RoleRenamed')
      return claimsGivenUp(nameClaims(event.data.from, role), nameClaims(event.data.to, role));
  }
  return [];
}
