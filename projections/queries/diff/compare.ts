import type { AccessChange, UserAccessDiff } from '../../diff-rows';
import type { RoleNumber, UserNumber } from '../../numbers';
import { rolesHeld } from '../../tables/memberships';
import { activeAmong } from '../../tables/users';
import type { Asking, AsOfContext } from '../as-of-context';
import { inOrder } from '../effective';
import { RoleAccess, together, type Access } from './role-access';

/** Comparison of what users may do at two moments. */

export type Changes = Pick<UserAccessDiff, 'gained' | 'lost'>;
export type Roles = readonly RoleNumber[];

/** Access of users at one of two moments, the later of which may not have come. */
export interface AccessSide {
  readonly reading: AsOfContext;
  /** Roles that have effect for users: none for those who are not active. */
  rolesOf(users: readonly UserNumber[]): Promise<ReadonlyMap<UserNumber, Roles>>;
  /** Reads roles, so that `of` knows them. */
  load(roles: Iterable<RoleNumber>): Promise<void>;
  of(role: RoleNumber): Access;
}

/** A moment. */
export class MomentSide implements AccessSide {
  private readonly access: RoleAccess;

  constructor(
    private readonly asking: Asking,
    /** The one permission that is compared; null: all. */
    only: string | null,
  ) {
    this.access = new RoleAccess(asking, only);
  }

  load(roles: Iterable<RoleNumber>): Promise<void> {
    return this.access.load(roles);
  }

  of(role: RoleNumber): Access {
    return this.access.of(role);
  }

  get reading(): AsOfContext {
    return this.asking.reading;
  }

  async rolesOf(users: readonly UserNumber[]): Promise<ReadonlyMap<UserNumber, Roles>> {
    const { question, reading } = this.asking;
    return question.step(
      () => {
        const held = rolesHeld(reading, users);
        const active = activeAmong(reading, users);
        return new Map(users.flatMap((user) => (active.has(user) ? [[user, held.get(user) ?? []]] : [])));
      },
      (found) => users.length + [...found.values()].reduce((sum, roles) => sum + roles.length, 0),
    );
  }
}

/** Compares users. Those with the same roles at both moments are compared once. */
export class AccessComparison {
  readonly #known = new Map<string, Changes | null>();

  constructor(
    private readonly asking: Asking,
    private readonly from: AccessSide,
    private readonly to: AccessSide,
  ) {}

  /** Differences by user; one of whom nothing differs is left out. */
  async of(users: readonly UserNumber[]): Promise<ReadonlyMap<UserNumber, Changes>> {
    const before = await this.from.rolesOf(users);
    const after = await this.to.rolesOf(users);
    await this.from.load([...before.values()].flat());
    await this.to.load([...after.values()].flat());
    const found = new Map<UserNumber, Changes>();
    for (const user of users) {
      const changes = await this.#changes(before.get(user) ?? [], after.get(user) ?? []);
      if (changes) found.set(user, changes);
    }
    return found;
  }

  async #changes(before: Roles, after: Roles): Promise<Changes | null> {
    const key = [before, after].map((roles) => [...roles].sort((a, b) => a - b).join()).join(' ');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const had = before.map((role) => this.from.of(role));
    const has = after.map((role) => this.to.of(role));
    const changes = await this.asking.question.step(
      () => this.#compare(together(had), together(has)),
      // Merging is in memory, and costs a tenth of a row read.
      () => 1 + Math.ceil([...had, ...has].reduce((sum, { size }) => sum + size, 0) / 10),
    );
    this.#known.set(key, changes);
    return changes;
  }

  #compare(had: Access, has: Access): Changes | null {
    const gained = beyond(has, had, this.to.reading);
    const lost = beyond(had, has, this.from.reading);
    if (gained.length + lost.length === 0) return null;
    // Nothing leaves a catalogue, so the later one has an order of all.
    const { catalogue } = this.to.reading.snapshot;
    const compare = (a: AccessChange, b: AccessChange): number =>
      catalogue.orderOf(a.permission) - catalogue.orderOf(b.permission);
    return { gained: gained.sort(compare), lost: lost.sort(compare) };
  }
}

/** Permissions, or scopes of them, that one access has and another has not. `reading`: that of the one. */
function beyond(access: Access, other: Access, { snapshot }: AsOfContext): AccessChange[] {
  const { permission: permissions } = snapshot.catalogue;
  return [...access].flatMap(([permission, scopes]): AccessChange[] => {
    const others = other.get(permission);
    const more = new Set(others ? scopes.filter((scope) => !others.includes(scope)) : scopes);
    return others && more.size === 0
      ? []
      : [{ permission, scopes: inOrder(permissions.get(permission), more) }];
  });
}
