import type { Random } from '../random';
import type { Document } from './documents';
import type { Known } from './known';

/** Requests that grow with a size, up to where the server refuses them as too costly. */
interface Family {
  readonly name: string;
  readonly root: string;
  readonly largest: number;
  write(size: number, known: Known, random: Random): { readonly query: string; readonly variables?: object };
}

/** Most edges of one page. */
const PAGE = 200;

/** Pages beside each other, as many as the size needs. */
function pages(size: number, field: (alias: string, first: number) => string): string {
  const count = Math.ceil(size / PAGE);
  return Array.from({ length: count }, (_, page) =>
    field(`p${page}`, Math.min(PAGE, size - page * PAGE)),
  ).join(' ');
}

const FAMILIES: readonly Family[] = [
  {
    name: 'pages of users with their roles',
    root: 'users',
    largest: 8_000,
    write: (size) => ({
      query: `{ ${pages(size, (alias, first) => `${alias}: users(first: ${first}) { edges { node { id name roles { id name } } } }`)} }`,
    }),
  },
  {
    name: 'pages of roles with their sections',
    root: 'roles',
    largest: 4_000,
    write: (size) => ({
      query: `query Heavy($n: Int = ${Math.min(size, PAGE)}) { roles(first: $n) {
        edges { node { ${Array.from({ length: Math.ceil(size / PAGE) }, (_, n) => `s${n}: sections { permissions { selected } }`).join(' ')} } } } }`,
    }),
  },
  {
    name: 'many checks in a variable',
    root: 'checkPermissions',
    largest: 1_000,
    write: (size, known, random) => ({
      query: `query Heavy($checks: [PermissionCheckInput!]!) { checkPermissions(checks: $checks) { allowed reason via { role { id name kind } } } }`,
      variables: {
        checks: Array.from({ length: size }, () => ({
          user: { id: known.activeUser(random) },
          permission: random.pick(known.permissions).key,
        })),
      },
    }),
  },
  {
    name: 'pages of history',
    root: 'history',
    largest: 8_000,
    write: (size) => ({
      query: `{ ${pages(size, (alias, first) => `${alias}: history(first: ${first}) { edges { node { id at summary actor { name } changes { field before after } } } }`)} }`,
    }),
  },
  {
    name: 'searches beside each other',
    root: 'users',
    largest: 500,
    write: (size) => ({
      query: `{ ${Array.from({ length: size }, (_, n) => `s${n}: users(search: "a${n % 10}", first: 1) { edges { node { id } } }`).join(' ')} }`,
    }),
  },
  {
    name: 'what users may do, and why',
    root: 'users',
    largest: 400,
    write: (size) => ({
      query: `{ ${pages(size, (alias, first) => `${alias}: users(first: ${first}) { edges { node { effectivePermissions { granted { permission { key } } } } } }`)} }`,
    }),
  },
];

/** Outcome of a request at the limit. */
export interface HeavyAnswer {
  readonly tooCostly: boolean;
  /** Cost of the request and the limit, if the answer says so. */
  readonly cost?: number;
  readonly limit?: number;
}

/** A request whose size is being led to the limit. */
export interface Probe {
  readonly document: Document;
  /** Right at the limit: the largest that was taken, or the smallest that was refused. */
  readonly atLimit: boolean;
  answered(answer: HeavyAnswer): void;
}

/** Sizes that differ by less than this are at the limit both. */
const NEAR = 1.02;

/** Limit of one family, as far as answers told. */
class Bounds {
  taken = 0;
  #refused: number;
  #guess: number | null = null;

  constructor(private readonly family: Family) {
    this.#refused = family.largest + 1;
  }

  get found(): boolean {
    return this.#refused <= Math.max(this.taken + 1, this.taken * NEAR);
  }

  next(random: Random): number {
    if (this.found) {
      const both = this.taken >= 1 && this.#refused <= this.family.largest;
      return both && random.chance(0.5) ? this.#refused : Math.max(1, this.taken);
    }
    const guess = this.#guess;
    if (guess !== null && guess > this.taken && guess < this.#refused) return guess;
    return Math.floor((this.taken + this.#refused) / 2);
  }

  /** The cost of a size may change as the log grows: an answer that contradicts an earlier one moves both bounds. */
  learn(size: number, { tooCostly, cost, limit }: HeavyAnswer): void {
    if (tooCostly) {
      this.#refused = Math.min(this.#refused, size);
      if (this.taken >= this.#refused) this.taken = Math.floor(this.#refused * 0.9);
      this.#guess = cost && limit ? Math.floor((size * limit) / cost) : null;
      return;
    }
    this.taken = Math.max(this.taken, size);
    if (this.#refused <= this.taken)
      this.#refused = Math.min(this.family.largest + 1, Math.ceil(this.taken * 1.1) + 1);
    // Just above what a refusal foretold, it is refused or the limit is not there.
    this.#guess = size === this.#guess ? Math.max(size + 1, Math.floor(size * NEAR)) : null;
  }
}

/**
 * Requests at the limit of what the server takes. Where that lies is found out from its answers, so that nothing here
 * knows how cost is counted.
 */
export class Heavy {
  readonly #families = FAMILIES.map((family) => ({ family, bounds: new Bounds(family) }));
  #next = 0;

  /** True once all limits are known. */
  get found(): boolean {
    return this.#families.every(({ bounds }) => bounds.found);
  }

  probe(known: Known, random: Random): Probe {
    const { family, bounds } = this.#families[this.#next++ % this.#families.length] as Entry;
    const atLimit = bounds.found;
    const size = bounds.next(random);
    const { query, variables = {} } = family.write(size, known, random);
    return {
      atLimit,
      document: {
        query,
        variables: variables as Record<string, unknown>,
        roots: new Map([[family.root, family.root]]),
        coordinates: new Map(),
        given: new Map(),
        pages: new Map(),
      },
      answered: (answer) => bounds.learn(size, answer),
    };
  }

  /** Limit found for each family, for the report. */
  limits(): readonly (readonly [family: string, largestTaken: number, largestAsked: number])[] {
    return this.#families.map(({ family, bounds }) => [family.name, bounds.taken, family.largest]);
  }
}

interface Entry {
  readonly family: Family;
  readonly bounds: Bounds;
}
