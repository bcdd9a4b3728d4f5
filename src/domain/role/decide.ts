import { accept, refusal, refuse, type Decision, type Refusal } from '../refusal';
import { MAX_CHANGES, type RoleContext } from './context';
import { decideDetails, detailRefusals, fieldsApart, recordedDetails, type DetailsChange } from './details';
import type { RoleEvent } from './events';
import { decideGrants, escalations, givenBeyondRight, takenBeyondRight, type GrantsWish } from './grants';
import { decideMembership, type MembershipWish } from './membership';
import { evolveRole, NEW_ROLE, type RoleState } from './state';

/** Wanted change of a role; fields left out stay. Every command on a role comes down to one of these. */
export interface RoleChange extends Partial<DetailsChange> {
  readonly grants?: GrantsWish;
  readonly membership?: MembershipWish;
  readonly expectedVersion?: number | null;
}

/** Decides a change of an existing role: all that is wrong at once, or the events of the difference. */
export function decideChange(wish: RoleChange, state: RoleState, context: RoleContext): Decision<RoleEvent> {
  const missing = absence(state, context);
  if (missing) return refuse(missing);
  const stale = versionConflict(wish.expectedVersion, state);
  const details = context.defaultRole ? refuseApart(wish, context) : decideDetails(wish, state, context);
  const grants = context.defaultRole
    ? NOTHING
    : wish.grants
      ? decideGrants(wish.grants, state.grants, context)
      : NOTHING;
  const membership = wish.membership ? decideMembership(wish.membership, state, context) : NOTHING;
  const events = [...details.events, ...grants.events, ...membership.events];
  const refusals = [...stale, ...details.refusals, ...grants.refusals, ...membership.refusals];
  refusals.push(...escalationRefusals(events, state, context, wish), ...tooMany(events));
  return refusals.length > 0 ? refuse(...refusals) : accept(events);
}

/** Decides the creation of a custom role, alone or as a copy of another. */
export function decideCreate(
  wish: RoleChange & { readonly name: string },
  copiedFrom: {
    readonly role: string;
    readonly grants: Iterable<readonly [string, readonly string[]]>;
  } | null,
  context: RoleContext,
): Decision<RoleEvent> {
  const { role, catalogue } = context;
  const copied = [...(copiedFrom?.grants ?? [])].map(([permission, scopes]): RoleEvent => ({
    type: 'PermissionGranted',
    data: { role, permission, scopes: [...scopes] },
  }));
  const grants = wish.grants ? decideGrants(wish.grants, NEW_ROLE.grants, context) : NOTHING;
  const membership = wish.membership ? decideMembership(wish.membership, NEW_ROLE, context) : NOTHING;
  const created: RoleEvent = {
    type: 'RoleCreated',
    data: {
      role,
      ...recordedDetails(wish),
      copiedFrom: copiedFrom?.role ?? null,
    },
  };
  const events = [created, ...copied, ...grants.events, ...membership.events];
  const refusals = [
    ...detailRefusals(wish, catalogue),
    ...grants.refusals,
    ...membership.refusals,
    ...escalationRefusals(events, NEW_ROLE, context, wish),
    ...tooMany(events),
  ];
  return refusals.length > 0 ? refuse(...refusals) : accept(events);
}

/** Decides a deletion. Deleting what is deleted already succeeds and writes nothing. */
export function decideDelete(
  expectedVersion: number | null | undefined,
  state: RoleState,
  context: RoleContext,
): Decision<RoleEvent> {
  if (context.defaultRole && !context.defaultRole.retired)
    return refuse(refusal('DEFAULT_ROLE_IMMUTABLE', { field: ['id'] }));
  if (state.deleted) return accept([]);
  const missing = absence(state, context);
  if (missing) return refuse(missing);
  const stale = versionConflict(expectedVersion, state);
  const taken = takenBeyondRight(state.grants.keys(), context);
  if (taken.length > 0) stale.push(refusal('ESCALATION', { field: ['id'], permissions: taken }));
  if (stale.length > 0) return refuse(...stale);
  return accept([{ type: 'RoleDeleted', data: { role: context.role, name: state.name } }]);
}

interface Outcome {
  readonly events: readonly RoleEvent[];
  readonly refusals: readonly Refusal[];
}
const NOTHING: Outcome = { events: [], refusals: [] };

/** Why a role cannot be worked on at all: it does not exist, or not any more. */
export function absence(
  state: RoleState,
  context: Pick<RoleContext, 'role' | 'defaultRole'>,
): Refusal | null {
  const exists = context.defaultRole ? !context.defaultRole.retired : state.created && !state.deleted;
  return exists ? null : refusal('NOT_FOUND', { field: ['id'], idsOf: 'role', ids: [context.role] });
}

/** Refuses if the role has another version than the caller saw. */
export function versionConflict(expected: number | null | undefined, state: RoleState): Refusal[] {
  if (expected == null || expected === state.version) return [];
  const message = `The role is at version ${state.version}, not ${expected}.`;
  return [
    refusal('VERSION_CONFLICT', { message, field: ['expectedVersion'], currentVersion: state.version }),
  ];
}

/** Sending a default role what it already has is no change; anything else is refused. */
function refuseApart(wish: RoleChange, { defaultRole, catalogue }: RoleContext): Outcome {
  if (!defaultRole) return NOTHING;
  const refusals: Refusal[] = [];
  const immutable = (field: string) => refusals.push(refusal('DEFAULT_ROLE_IMMUTABLE', { field: [field] }));
  fieldsApart(wish, defaultRole).forEach(immutable);
  if (wish.grants) {
    const held = NEW_ROLE.grants.withMutations((grants) => {
      for (const key of defaultRole.permissions) grants.set(key, catalogue.permission.get(key)?.scopes ?? []);
    });
    const { events, refusals: wrong } = decideGrants(wish.grants, held, {
      role: defaultRole.key,
      defaultRole,
      catalogue,
      enabledFeatures: new Set(catalogue.feature.keys()),
      userStatus: () => undefined,
      mayGive: () => true,
    });
    refusals.push(...wrong);
    if (events.length > 0) immutable(GRANTS_FIELD[wish.grants.kind]);
  }
  return { events: [], refusals };
}
const GRANTS_FIELD = {
  grant: 'grants',
  revoke: 'permissions',
  section: 'section',
  scopes: 'scopes',
} as const;

/**
 * Giving what is privileged, or taking it away, needs it: as a grant of the role, or through the role as one who joins or
 * leaves it. A copy gets its grants from the role that it is made of.
 */
function escalationRefusals(
  events: readonly RoleEvent[],
  state: RoleState,
  context: RoleContext,
  { grants, membership }: RoleChange,
): Refusal[] {
  const changed = escalations(events, context);
  const told = (field: string, permissions: readonly string[]): Refusal[] =>
    permissions.length > 0 ? [refusal('ESCALATION', { field: [field], permissions })] : [];
  const others = (permissions: readonly string[]): string[] =>
    permissions.filter((key) => !changed.includes(key));
  const before = context.defaultRole?.permissions ?? state.grants.keys();
  const after = context.defaultRole?.permissions ?? events.reduce(evolveRole, state).grants.keys();
  const joins = events.some(({ type }) => type === 'UserAssigned');
  const leaves = events.some(({ type }) => type === 'UserUnassigned');
  return [
    ...told(grants ? GRANTS_FIELD[grants.kind] : 'id', changed),
    ...told(membership?.assignField ?? '', joins ? others(givenBeyondRight(after, context)) : []),
    ...told(membership?.unassignField ?? '', leaves ? others(takenBeyondRight(before, context)) : []),
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
