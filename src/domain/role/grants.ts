import type { Map as ImmutableMap } from 'immutable';
import type { Catalogue, Permission } from '../catalogue/catalogue';
import { named, refusal, type PartialDecision, type Refusal, type RefusalCode } from '../refusal';
import type { RoleContext } from './context';
import type { RoleEvent } from './events';

/** Rules of granting: the events and faults of a change of grants. */

export interface Grant {
  readonly permission: string;
  /**
   * Left out: existing grants keep their scopes, new ones get all scopes of the permission. `null` clears, as an empty
   * list does.
   */
  readonly scopes?: readonly string[] | null;
}

/** Wanted change of a role’s grants. */
export type GrantsChange =
  /** `whole`: permissions that are not named are revoked, except retired ones, which are revoked only by name. */
  | { readonly kind: 'grant'; readonly grants: readonly Grant[]; readonly whole: boolean }
  | { readonly kind: 'revoke'; readonly permissions: readonly string[] }
  | { readonly kind: 'section'; readonly section: string; readonly selected: boolean }
  | { readonly kind: 'scopes'; readonly permission: string; readonly scopes: readonly string[] };

type Grants = ImmutableMap<string, readonly string[]>;
type Outcome = PartialDecision<RoleEvent>;

type ChangeOf<Kind extends GrantsChange['kind']> = Extract<GrantsChange, { readonly kind: Kind }>;

/** Events and refusals of a change of grants. */
export function decideGrants(change: GrantsChange, grants: Grants, context: RoleContext): Outcome {
  switch (change.kind) {
    case 'grant':
      return decideGrant(change, grants, context);
    case 'revoke':
      return decideRevoke(change, grants, context);
    case 'section':
      return decideSection(change, grants, context);
    case 'scopes':
      return decideScopes(change, grants, context);
  }
}

function decideGrant(
  { grants: given, whole }: ChangeOf<'grant'>,
  grants: Grants,
  context: RoleContext,
): Outcome {
  const { catalogue, role } = context;
  const faults = new Faults();
  const wanted = new Map<string, readonly string[]>();
  given.forEach(({ permission: key, scopes }, index) => {
    const at = (part: 'permission' | 'scopes') => ['grants', String(index), part] as const;
    const held = grants.get(key);
    const permission = catalogue.present(key);
    if (wanted.has(key)) {
      faults.add('INVALID_INPUT', key, () => namedTwice(at('permission'), key));
    } else if (!permission) {
      // Naming a retired grant that the role still has changes nothing: it stays until revoked by name.
      if (held && scopes === undefined) wanted.set(key, held);
      else faults.add('UNKNOWN_PERMISSION', key, () => unknownPermission(at('permission'), key));
    } else {
      for (const fault of unknownScopes(at('scopes'), permission, scopes ?? []))
        faults.add('UNKNOWN_SCOPE', key, () => fault);
      wanted.set(key, scopes === undefined ? (held ?? permission.scopes) : inOrder(permission, scopes ?? []));
    }
  });
  const events: RoleEvent[] = [];
  const { refusals } = faults;
  if (faults.count > MAX_PLACED) return { events, refusals };
  if (whole) {
    for (const [permission, scopes] of sorted(grants, catalogue)) {
      if (!wanted.has(permission) && catalogue.present(permission)) {
        events.push({ type: 'PermissionRevoked', data: { role, permission, scopes: [...scopes] } });
      }
    }
  }
  for (const [permission, scopes] of wanted)
    events.push(...grantEvents(role, permission, grants.get(permission), scopes));
  return { events, refusals };
}

/** Number of faults reported one by one with their paths; further ones are grouped by code, with their permissions. */
const MAX_PLACED = 100;

class Faults {
  readonly #placed: Refusal[] = [];
  readonly #beyond = new Map<RefusalCode, string[]>();
  count = 0;

  add(code: RefusalCode, permission: string, placed: () => Refusal): void {
    this.count += 1;
    if (this.count <= MAX_PLACED) return void this.#placed.push(placed());
    const others = this.#beyond.get(code);
    if (others) others.push(permission);
    else this.#beyond.set(code, [permission]);
  }

  get refusals(): Refusal[] {
    const gathered = [...this.#beyond].map(([code, permissions]) =>
      refusal(code, { subject: ['grants'], permissions }),
    );
    return [...this.#placed, ...gathered];
  }
}

function decideRevoke(
  { permissions }: ChangeOf<'revoke'>,
  grants: Grants,
  { catalogue, role }: RoleContext,
): Outcome {
  const refusals: Refusal[] = [];
  const events: RoleEvent[] = [];
  [...new Set(permissions)].forEach((permission) => {
    const scopes = grants.get(permission);
    if (scopes) events.push({ type: 'PermissionRevoked', data: { role, permission, scopes: [...scopes] } });
    else if (!catalogue.permission.has(permission)) {
      refusals.push(unknownPermission(['permissions', String(permissions.indexOf(permission))], permission));
    }
  });
  return { events, refusals };
}

function decideSection(
  { section, selected }: ChangeOf<'section'>,
  grants: Grants,
  context: RoleContext,
): Outcome {
  const { catalogue, role, enabledFeatures } = context;
  const found = catalogue.section.get(section);
  if (!found || found.retired)
    return { events: [], refusals: [refusal('UNKNOWN_SECTION', { subject: ['section'] })] };
  const covered = catalogue
    .permissionsOf(section)
    .filter((permission) => enabledFeatures.has(permission.feature));
  const events = covered.flatMap((permission): RoleEvent[] => {
    const scopes = grants.get(permission.key);
    if (selected) return scopes ? [] : grantEvents(role, permission.key, undefined, permission.scopes);
    return scopes
      ? [{ type: 'PermissionRevoked', data: { role, permission: permission.key, scopes: [...scopes] } }]
      : [];
  });
  return { events, refusals: [] };
}

function decideScopes(
  { permission: key, scopes }: ChangeOf<'scopes'>,
  grants: Grants,
  { catalogue, role }: RoleContext,
): Outcome {
  const permission = catalogue.present(key);
  if (!permission) return { events: [], refusals: [unknownPermission(['permission'], key)] };
  const held = grants.get(key);
  const refusals = unknownScopes(['scopes'], permission, scopes);
  if (!held) {
    const message = 'The role does not grant the permission.';
    refusals.push(refusal('NOT_FOUND', { message, subject: ['permission'], permissions: [key] }));
  }
  return { events: held ? grantEvents(role, key, held, inOrder(permission, scopes)) : [], refusals };
}

/** Privileged permissions among the grants that the events add, change or end, and that the actor may not give. */
export function escalations(events: readonly RoleEvent[], context: RoleContext): string[] {
  return events.flatMap((event) => {
    switch (event.type) {
      case 'PermissionGranted':
      case 'PermissionScopesChanged':
        return givenBeyondRight([event.data.permission], context);
      case 'PermissionRevoked':
        return takenBeyondRight([event.data.permission], context);
      default:
        return [];
    }
  });
}

/** Privileged permissions that the actor may not give. A retired one may come back with a later catalogue. */
export const givenBeyondRight = (
  permissions: Iterable<string>,
  { catalogue, mayGive }: Pick<RoleContext, 'catalogue' | 'mayGive'>,
): string[] => [...permissions].filter((key) => catalogue.permission.get(key)?.privileged && !mayGive(key));

/**
 * Privileged permissions that the actor may not take away. A retired one is nobody’s: ending its grant takes nothing.
 */
export const takenBeyondRight = (
  permissions: Iterable<string>,
  { catalogue, mayGive }: Pick<RoleContext, 'catalogue' | 'mayGive'>,
): string[] => [...permissions].filter((key) => catalogue.present(key)?.privileged && !mayGive(key));

function grantEvents(
  role: string,
  permission: string,
  from: readonly string[] | undefined,
  to: readonly string[],
): RoleEvent[] {
  if (!from) return [{ type: 'PermissionGranted', data: { role, permission, scopes: [...to] } }];
  const same = from.length === to.length && from.every((scope) => to.includes(scope));
  return same
    ? []
    : [{ type: 'PermissionScopesChanged', data: { role, permission, from: [...from], to: [...to] } }];
}

const inOrder = (permission: Permission, scopes: readonly string[]): string[] =>
  permission.scopes.filter((scope) => scopes.includes(scope));

const sorted = (grants: Grants, catalogue: Catalogue): [string, readonly string[]][] =>
  [...grants].sort(([a], [b]) => catalogue.orderOf(a) - catalogue.orderOf(b) || (a < b ? -1 : 1));

type About = NonNullable<Refusal['subject']>;

const unknownPermission = (subject: About, permission: string): Refusal =>
  refusal('UNKNOWN_PERMISSION', { subject, permissions: [permission] });

const namedTwice = (subject: About, permission: string): Refusal =>
  refusal('INVALID_INPUT', { message: 'The permission is named twice.', subject, permissions: [permission] });

function unknownScopes(subject: About, permission: Permission, scopes: readonly string[]): Refusal[] {
  const unknown = scopes.filter((scope) => !permission.scopes.includes(scope));
  if (unknown.length === 0) return [];
  const message = `Not among the permission’s scopes: ${named(unknown)}.`;
  return [refusal('UNKNOWN_SCOPE', { message, subject, permissions: [permission.key] })];
}
