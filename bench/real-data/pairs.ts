import { readFileSync } from 'node:fs';

/** Pairs of user and permission: all that a company can say of itself before it has roles. */
export interface Pairs {
  /** Source of the pairs, for the report. */
  readonly source: string;
  /** In the order of the file. */
  readonly users: readonly string[];
  readonly permissions: readonly string[];
  /** Permissions of each user. */
  readonly held: ReadonlyMap<string, ReadonlySet<string>>;
  readonly count: number;
}

/**
 * Reads pairs from text, a `user permission` each line, between blanks, tabs, commas or semicolons, with or without
 * quotes; further fields, empty lines and what follows `#` or `%` are passed over, and so is a heading.
 */
export function readPairs(file: string): Pairs {
  const pairs: [string, string][] = [];
  for (const [index, line] of readFileSync(file, 'utf8').split(/\r?\n/).entries()) {
    const fields = line
      .replace(/[#%].*$/, '')
      .replaceAll('"', '')
      .split(/[\s,;]+/)
      .filter(Boolean);
    const [user, permission] = fields;
    if (index === 0 && /^user/i.test(user ?? '') && /^(permission|resource)/i.test(permission ?? ''))
      continue;
    if (user === undefined) continue;
    if (permission === undefined)
      throw new Error(`${file}, line ${index + 1}: no permission beside ${user}.`);
    pairs.push([user, permission]);
  }
  return collect(file, pairs);
}

export function collect(source: string, pairs: Iterable<readonly [string, string]>): Pairs {
  const held = new Map<string, Set<string>>();
  const permissions = new Set<string>();
  let count = 0;
  for (const [user, permission] of pairs) {
    const own = held.get(user) ?? new Set<string>();
    if (!own.has(permission)) count += 1;
    held.set(user, own.add(permission));
    permissions.add(permission);
  }
  return { source, users: [...held.keys()], permissions: [...permissions], held, count };
}
