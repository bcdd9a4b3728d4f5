import type { RoleNumber } from '../../numbers';
import type { Grant } from '../../view';
import { byId, type Asking, type AsOfContext, type RoleAt } from '../as-of-context';
import { inOrder, withheldReason } from '../effective';

/** Scopes by permission, as far as they have effect. */
export type Access = ReadonlyMap<string, readonly string[]>;

const NOTHING: Access = new Map();
/** Roles that are read in one step: some thousand grants. */
const AT_ONCE = 20;

/**
 * Access that roles give to each active user in them at one moment, each role read once: what is withheld is left out, and a
 * role that has ended gives nothing.
 */
export class RoleAccess {
  readonly #known = new Map<RoleNumber, Access>();

  /** `only`: the one permission that counts; null: all. */
  constructor(
    private readonly asking: Asking,
    private readonly only: string | null,
  ) {}

  /** Reads roles, so that `of` knows them. */
  async load(roles: Iterable<RoleNumber>): Promise<void> {
    const missing = [...new Set(roles)].filter((role) => !this.#known.has(role));
    for (let from = 0; from < missing.length; from += AT_ONCE) {
      const some = missing.slice(from, from + AT_ONCE);
      await this.asking.question.step(
        () => this.#read(some),
        (grants) => grants + some.length,
      );
    }
  }

  of(role: RoleNumber): Access {
    return this.#known.get(role) ?? NOTHING;
  }

  /** Returns the number of grants read. */
  #read(numbers: readonly RoleNumber[]): number {
    const { reading } = this.asking;
    for (const n of numbers) this.#known.set(n, NOTHING);
    const [roles] = reading.rolesBy([numbers], byId);
    const living = roles!.filter(({ ended }) => ended === null);
    const grants = reading.grants(living);
    let count = 0;
    for (const role of living) count += this.#keep(role, grants.get(role.id) ?? []);
    return count;
  }

  #keep({ n }: RoleAt, grants: readonly Grant[]): number {
    if (n !== null) this.#known.set(n, accessBy(this.asking.reading, grants, this.only));
    return grants.length;
  }
}

/** Access that grants give to an active user. `only`: the one permission that counts; null: all. */
export function accessBy(reading: AsOfContext, grants: readonly Grant[], only: string | null = null): Access {
  const { catalogue } = reading.snapshot;
  const access = new Map<string, readonly string[]>();
  for (const { permission, scopes } of grants) {
    if (only !== null && permission !== only) continue;
    if (withheldReason(reading, permission, false) !== null) continue;
    access.set(permission, inOrder(catalogue.present(permission), new Set(scopes)));
  }
  return access;
}

/** Access through several roles together. */
export function together(accesses: readonly Access[]): Access {
  if (accesses.length < 2) return accesses[0] ?? NOTHING;
  const all = new Map<string, Set<string>>();
  for (const access of accesses)
    for (const [permission, scopes] of access) {
      const known = all.get(permission);
      if (known) for (const scope of scopes) known.add(scope);
      else all.set(permission, new Set(scopes));
    }
  return new Map([...all].map(([permission, scopes]) => [permission, [...scopes]]));
}
