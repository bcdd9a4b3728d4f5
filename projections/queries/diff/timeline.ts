import type { AccessChange } from '../../diff-rows';
import type { Ordinal, RoleNumber, UserNumber } from '../../numbers';
import type { Flag } from '../../tables/rows';

/** Changes of the access of users to permissions changed along a span, from the intervals of all that it follows from. */

/** A fact that holds in [valid_from, valid_to). */
export interface Interval {
  readonly valid_from: Ordinal;
  readonly valid_to: Ordinal;
}

export interface MembershipInterval extends Interval {
  readonly role: RoleNumber;
  /** Id of the role. */
  readonly id: string;
  readonly custom: Flag;
}
export interface GrantInterval extends Interval {
  readonly scopes: readonly string[];
}
export interface DefaultRoleInterval extends Interval {
  readonly retired: boolean;
  readonly permissions: readonly string[];
}
export interface PermissionInterval extends Interval {
  readonly retired: boolean;
  readonly feature: string;
  readonly scopes: readonly string[];
}

/** All that the access follows from, as far as it holds at some ordinal of the span. */
export interface Facts {
  /** Intervals in which users were active. */
  readonly active: ReadonlyMap<UserNumber, readonly Interval[]>;
  readonly memberships: ReadonlyMap<UserNumber, readonly MembershipInterval[]>;
  /** Grants of custom roles, by role and permission. */
  readonly grants: ReadonlyMap<RoleNumber, ReadonlyMap<string, readonly GrantInterval[]>>;
  readonly defaultRoles: ReadonlyMap<string, readonly DefaultRoleInterval[]>;
  readonly permissions: ReadonlyMap<string, readonly PermissionInterval[]>;
  /** Intervals in which the account had features enabled. */
  readonly features: ReadonlyMap<string, readonly Interval[]>;
}

/** Events behind the first ordinal, up to the second. */
export type Span = readonly [from: Ordinal, to: Ordinal];

/** Scopes of a permission that is held; null where it is not. */
type Held = ReadonlySet<string> | null;

export const holds =
  (at: number) =>
  ({ valid_from, valid_to }: Interval): boolean =>
    valid_from <= at && valid_to > at;

/** One permission of one user, along a span. */
export class AccessTimeline {
  private readonly active: readonly Interval[];
  private readonly memberships: readonly MembershipInterval[];
  private readonly permissions: readonly PermissionInterval[];
  /** Ordinals of the span at which a fact began or ended, the last one first. */
  private readonly points: readonly Ordinal[];

  constructor(
    private readonly facts: Facts,
    private readonly span: Span,
    user: UserNumber,
    private readonly permission: string,
  ) {
    this.active = facts.active.get(user) ?? [];
    this.permissions = facts.permissions.get(permission) ?? [];
    this.memberships = (facts.memberships.get(user) ?? []).filter((each) => this.#grantsOf(each).length > 0);
    this.points = this.#pointsOf(span);
  }

  /** Events that made a change: for each part of it the last one that gave it (or took it). Oldest first. */
  causesOf({ scopes }: AccessChange, isGain: boolean): readonly Ordinal[] {
    const [from, to] = this.span;
    const other = this.#at(isGain ? from : to);
    const wanted = new Set<string | null>(other ? scopes : [null, ...scopes]);
    const found = new Set<Ordinal>();
    let after = this.#at(to);
    for (const [index, ordinal] of this.points.entries()) {
      const before = this.#at(this.points[index + 1] ?? from);
      const [without, having] = isGain ? [before, after] : [after, before];
      for (const part of wanted)
        if (has(having, part) && !has(without, part)) {
          found.add(ordinal);
          wanted.delete(part);
        }
      if (wanted.size === 0) break;
      after = before;
    }
    return [...found].sort((a, b) => a - b);
  }

  /** Work of finding causes, in facts looked at. */
  get work(): number {
    return 1 + this.points.length * (1 + this.memberships.length);
  }

  #pointsOf([from, to]: Span): readonly Ordinal[] {
    const intervals: readonly Interval[] = [
      ...this.active,
      ...this.permissions,
      ...this.permissions.flatMap(({ feature }) => this.facts.features.get(feature) ?? []),
      ...this.memberships,
      ...this.memberships.flatMap((each) => this.#grantsOf(each)),
    ];
    const ordinals = intervals.flatMap(({ valid_from, valid_to }) => [valid_from, valid_to]);
    return [...new Set(ordinals)].filter((each) => each > from && each <= to).sort((a, b) => b - a);
  }

  #grantsOf({ role, id, custom }: MembershipInterval): readonly (Interval & Partial<GrantInterval>)[] {
    if (custom) return this.facts.grants.get(role)?.get(this.permission) ?? [];
    return (this.facts.defaultRoles.get(id) ?? []).filter(
      ({ retired, permissions }) => !retired && permissions.includes(this.permission),
    );
  }

  #at(ordinal: Ordinal): Held {
    const holding = holds(ordinal);
    const permission = this.permissions.find(holding);
    if (!permission || permission.retired || !this.active.some(holding)) return null;
    if (!this.facts.features.get(permission.feature)?.some(holding)) return null;
    const grants = this.memberships.filter(holding).flatMap((each) => this.#grantsOf(each).filter(holding));
    if (grants.length === 0) return null;
    // A default role grants all scopes of a permission.
    const kept = new Set(grants.flatMap(({ scopes }) => scopes ?? permission.scopes));
    return new Set(permission.scopes.filter((scope) => kept.has(scope)));
  }
}

/** `part`: a scope, or null for the permission itself. */
const has = (held: Held, part: string | null): boolean => held !== null && (part === null || held.has(part));
