import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CatalogueFile } from '../../src/domain/catalogue/file';
import { ROOT } from '../data';
import type { Pairs } from './pairs';

/** The pairs as what an operator brings in: a catalogue, users, and a role for each set of permissions that occurs. */
export interface Files {
  readonly catalogue: string;
  readonly users: string;
  readonly roles: string;
  /** A role's name, its permissions and its users, as they were written. */
  readonly written: readonly WrittenRole[];
  readonly usernameOf: (user: string) => string;
  readonly keyOf: (permission: string) => string;
}

export interface WrittenRole {
  readonly name: string;
  readonly permissions: readonly string[];
  readonly usernames: readonly string[];
}

const SECTION = 'real-data';
const FEATURE = 'REAL_DATA';

export function writeFiles(pairs: Pairs, directory: string): Files {
  const keys = new Map(pairs.permissions.map((permission, index) => [permission, `data-${index + 1}/use`]));
  const keyOf = (permission: string): string => keys.get(permission)!;
  const usernameOf = (user: string): string => `user-${user}`;
  const write = (name: string, text: string): string => {
    const file = path.join(directory, name);
    writeFileSync(file, text);
    return file;
  };
  const written = rolesOf(pairs, usernameOf, keyOf);
  const users = pairs.users.map((user) => `${usernameOf(user)},User ${user}\n`);
  const roles = written.map(({ name, permissions, usernames }) =>
    JSON.stringify({ name, grants: permissions.map((permission) => ({ permission })), users: usernames }),
  );
  return {
    catalogue: write('catalogue.json', JSON.stringify(catalogueOf(pairs, keyOf))),
    users: write('users.csv', `username,name\n${users.join('')}`),
    roles: write('roles.ndjson', `${roles.join('\n')}\n`),
    written,
    usernameOf,
    keyOf,
  };
}

/** The catalogue that comes with Rolebook, and the permissions of the data in a section of their own. */
function catalogueOf(pairs: Pairs, keyOf: (permission: string) => string): CatalogueFile {
  const own = JSON.parse(readFileSync(path.join(ROOT, 'schema', 'catalogue.json'), 'utf8')) as CatalogueFile;
  return {
    ...own,
    version: own.version + 1,
    features: [...own.features, { key: FEATURE, name: 'Real data', required: false }],
    sections: [...own.sections, { key: SECTION, name: 'Real data', description: 'Permissions of the data.' }],
    permissions: [
      ...own.permissions,
      ...pairs.permissions.map((permission) => ({
        key: keyOf(permission),
        section: SECTION,
        feature: FEATURE,
        description: `Permission ${permission} of the data`,
        privileged: false,
        scopes: [],
      })),
    ],
  };
}

function rolesOf(
  pairs: Pairs,
  usernameOf: (user: string) => string,
  keyOf: (permission: string) => string,
): WrittenRole[] {
  const sets = new Map<string, { permissions: string[]; usernames: string[] }>();
  for (const [user, held] of pairs.held) {
    const permissions = [...held].map(keyOf).sort();
    const set = permissions.join('\n');
    const role = sets.get(set) ?? { permissions, usernames: [] };
    role.usernames.push(usernameOf(user));
    sets.set(set, role);
  }
  return [...sets.values()].map((role, index) => ({
    name: `Role ${String(index + 1).padStart(5, '0')}`,
    ...role,
  }));
}
