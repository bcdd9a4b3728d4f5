import {
  accept,
  decision,
  refusal,
  refuse,
  type Decision,
  type PartialDecision,
  type Refusal,
  type Subject,
} from '../refusal';
import { MAX_CHANGES, type RoleContext } from './context';
import { decideDetails, detailRefusals, fieldsApart, recordedDetails, type DetailsChange } from './details';
import type { RoleEvent } from './events';
import { decideGrants, escalations, givenBeyondRight, takenBeyondRight, type GrantsChange } from './grants';
import { decideMembership, type MembershipChange } from './membership';
import { evolveRole, NEW_ROLE, type RoleState } from './state';

/** Wanted change of a role; fields left out stay. Every command on a role is expressed as one of these. */
export interface RoleChange extends Partial<DetailsChange> {
  readonly grants?: GrantsChange;
  readonly membership?: MembershipChange;
  readonly expectedVersion?: number | null;
}

/** Decides a change of an existing role: all that is wrong at once, or the events of the difference. */
export function decideChange(
  change: RoleChange,
  state: RoleState,
  context: RoleContext,
): Decision<RoleEvent> {
  const missing = absence(state, context);
  if (missing.length > 0) return refuse(...missing);
  const stale = versionConflict(change, state);
  const details = context.defaultRole ? refuseApart(change, context) : decideDetails(change, state, context);
  const grants = context.defaultRole
    ? NOTHING
    : change.grants
      ? decideGrants(change.grants, state.grants, context)
      : NOTHING;
  const membership = change.membership ? decideMembership(change.membership, state, context) : NOTHING;
  const events = [...details.events, ...grants.events, ...membership.events];
  const refusals = [...stale, ...details.refusals, ...grants.refusals, ...membership.refusals];
  refusals.push(...escalationRefusals(events, state, context, change), ...tooMany(events));
  return decision({ events, refusals });
}

/** Wanted creation of a custom role, alone or as a copy of another. */
export interface RoleCreation extends RoleChange {
  readonly name: string;
  readonly copiedFrom?: {
    readonly role: string;
    readonly grants: Iterable<readonly [permission: string, scopes: readonly string[]]>;
  };
}

/**
 * Decides the creation of a custom role. A role has its id from the command that creates it, so an existing one is this
 * command's own, recorded by an append whose answer was lost: nothing is left to do.
 */
export function decideCreate(
  creation: RoleCreation,
  state: RoleState,
  context: RoleContext,
): Decision<RoleEvent> {
  if (state.created) return accept([]);
  const { copiedFrom } = creation;
  const { role, catalogue } = context;
  const copied = [...(copiedFrom?.grants ?? [])].map(([permission, scopes]): RoleEvent => ({
    type: 'PermissionGranted',
    data: { role, permission, scopes: [...scopes] },
  }));
  const grants = creation.grants ? decideGrants(creation.grants, state.grants, context) : NOTHING;
  const membership = creation.membership ? decideMembership(creation.membership, state, context) : NOTHING;
  const created: RoleEvent = {
    type: 'RoleCreated',
    data: {
      role,
      ...recordedDetails(creation),
      copiedFrom: copiedFrom?.role ?? null,
    },
  };
  const events = [created, ...copied, ...grants.events, ...membership.events];
  const refusals = [
    ...detailRefusals(creation, catalogue),
    ...grants.refusals,
    ...membership.refusals,
    ...escalationRefusals(events, state, context, creation),
    ...tooMany(events),
  ];
  return decision({ events, refusals });
}

/** Decides a deletion. Deleting a deleted role succeeds and writes nothing. */
export function decideDelete(
  deletion: Pick<RoleChange, 'expectedVersion'>,
  state: RoleState,
  context: RoleContext,
): Decision<RoleEvent> {
  if (context.defaultRole && !context.defaultRole.retired)
    return refuse(refusal('DEFAULT_ROLE_IMMUTABLE', { subject: ['role'] }));
  if (state.deleted) return accept([]);
  const missing = absence(state, context);
  if (missing.length > 0) return refuse(...missing);
  const stale = versionConflict(deletion, state);
  const taken = takenBeyondRight(state.grants.keys(), context);
  if (taken.length > 0) stale.push(refusal('ESCALATION', { subject: ['role'], permissions: taken }));
  const deleted: RoleEvent = { type: 'RoleDeleted', data: { role: context.role, name: state.name } };
  return decision({ events: [deleted], refusals: stale });
}

const NOTHING: PartialDecision<RoleEvent> = { events: [], refusals: [] };

/** Why a role cannot be worked on at all: it does not exist, or not any more. */
export function absence(state: RoleState, context: Pick<RoleContext, 'role' | 'defaultRole'>): Refusal[] {
  const exists = context.defaultRole ? !context.defaultRole.retired : state.created && !state.deleted;
  return exists ? [] : [refusal('NOT_FOUND', { subject: ['role'], idsOf: 'role', ids: [context.role] })];
}

/** Refuses if the role's version is not the one that the caller saw. */
export function versionConflict(
  { expectedVersion: expected }: Pick<RoleChange, 'expectedVersion'>,
  state: Pick<RoleState, 'version'>,
): Refusal[] {
  if (expected == null || expected === state.version) return [];
  const message = `The role is at version ${state.version}, not ${expected}.`;
  return [
    refusal('VERSION_CONFLICT', { message, subject: ['expectedVersion'], currentVersion: state.version }),
  ];
}

/** Sending a default role its present values is no change; anything else is refused. */
function refuseApart(
  change: RoleChange,
  { defaultRole, catalogue }: RoleContext,
): PartialDecision<RoleEvent> {
  if (!defaultRole) return NOTHING;
  const refusals: Refusal[] = [];
  const immutable = (subject: Subject) =>
    refusals.push(refusal('DEFAULT_ROLE_IMMUTABLE', { subject: [subject] }));
  fieldsApart(change, defaultRole).forEach(immutable);
  if (change.grants) {
    const held = NEW_ROLE.grants.withMutations((grants) => {
      for (const key of defaultRole.permissions) grants.set(key, catalogue.permission.get(key)?.scopes ?? []);
    });
    const { events, refusals: wrong } = decideGrants(change.grants, held, {
      role: defaultRole.key,
      defaultRole,
      catalogue,
      enabledFeatures: new Set(catalogue.feature.keys()),
      userStatus: () => undefined,
      isService: () => false,
      mayGive: () => true,
    });
    refusals.push(...wrong);
    if (events.length > 0) immutable(GRANTS_SUBJECT[change.grants.kind]);
  }
  return { events: [], refusals };
}
const GRANTS_SUBJECT = {
  grant: 'grants',
  revoke: 'permissions',
  section: 'section',
  scopes: 'scopes',
} as const satisfies Record<GrantsChange['kind'], Subject>;

/**
 * Giving or taking away a privileged permission needs that permission: as a grant of the role, or through the role for
 * a user who joins or leaves it. A copy gets its grants from the role that it is made of.
 */
function escalationRefusals(
  events: readonly RoleEvent[],
  state: RoleState,
  context: RoleContext,
  { grants }: RoleChange,
): Refusal[] {
  const changed = escalations(events, context);
  const about = (subject: Subject, permissions: readonly string[]): Refusal[] =>
    permissions.length > 0 ? [refusal('ESCALATION', { subject: [subject], permissions })] : [];
  const others = (permissions: readonly string[]): string[] =>
    permissions.filter((key) => !changed.includes(key));
  const before = context.defaultRole?.permissions ?? state.grants.keys();
  const after = context.defaultRole?.permissions ?? events.reduce(evolveRole, state).grants.keys();
  const joins = events.some(({ type }) => type === 'UserAssigned');
  const leaves = events.some(({ type }) => type === 'UserUnassigned');
  return [
    ...about(grants ? GRANTS_SUBJECT[grants.kind] : 'role', changed),
    ...about('assign', joins ? others(givenBeyondRight(after, context)) : []),
    ...about('unassign', leaves ? others(takenBeyondRight(before, context)) : []),
  ];
}

/** Users and grants together; names and descriptions do not count. */
function tooMany(events: readonly RoleEvent[]): Refusal[] {
  const changes = events.filter(
    (event) => event.type.startsWith('Permission') || event.type.startsWith('User'),
  ).length;
  const message = `${changes} changes of users and grants; one mutation takes ${MAX_CHANGES}.`;
  return changes > MAX_CHANGES ? [refusal('TOO_MANY', { message })] : [];
}
