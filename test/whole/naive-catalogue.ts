import type { RecordedEvent } from '../../src/event-store/port/event-store';

/**
 * The catalogue as publications made it, folded from the events of its stream with plain maps; nothing of the code under
 * test is used. Sections, groups and conflicts are left out.
 */
export class NaiveCatalogue {
  version: number | null = null;
  readonly roles = new Map<string, NaiveDefaultRole>();
  readonly permissions = new Map<string, NaivePermission>();
  #staged: RecordedEvent[] = [];

  /** Entries of history that an event comes to; none but for a publication. */
  apply(event: RecordedEvent): CatalogueEntry[] {
    if (event.type !== 'CataloguePublished') {
      this.#staged.push(event);
      return [];
    }
    const copy = (role: NaiveDefaultRole): NaiveDefaultRole => ({ ...role, grants: new Set(role.grants) });
    const before = {
      roles: new Map([...this.roles].map(([key, role]) => [key, copy(role)])),
      permissions: new Map(this.permissions),
    };
    const { publication } = event.data;
    for (const staged of this.#staged) if (staged.data['publication'] === publication) this.#hold(staged);
    this.#staged = [];
    for (const [key, role] of this.roles)
      if (role.retired && !before.roles.get(key)?.retired) role.former = before.roles.get(key)!.grants;
    const from = this.version;
    this.version = Number(event.data['version']);
    return [
      entry('CataloguePublished', { changes: [`version: ${from} -> ${this.version}`] }),
      ...[...this.roles].flatMap(([key, role]) => this.#roleEntry(key, role, before)),
      ...[...this.permissions].flatMap(([key, permission]) =>
        permissionEntry(key, before.permissions.get(key), permission),
      ),
    ];
  }

  #hold({ type, data }: RecordedEvent): void {
    const role = this.roles.get(String(data['key'] ?? data['role']));
    if (type === 'DefaultRoleDefined') {
      const { name, description, group } = data as unknown as NaiveDefaultRole;
      const key = String(data['key']);
      const grants = role?.grants ?? new Set();
      this.roles.set(key, { name, description, group, retired: false, grants, former: new Set() });
    } else if (type === 'DefaultRoleRetired' && role) {
      role.retired = true;
      role.grants = new Set();
    } else if (type === 'DefaultRoleGrantAdded') {
      role?.grants.add(String(data['permission']));
    } else if (type === 'DefaultRoleGrantRemoved') {
      role?.grants.delete(String(data['permission']));
    } else if (type === 'PermissionDefined') {
      const { key, order: _, publication: __, ...definition } = data;
      this.permissions.set(String(key), { ...definition, retired: false } as unknown as NaivePermission);
    } else if (type === 'PermissionRetired') {
      const key = String(data['key']);
      this.permissions.set(key, { ...this.permissions.get(key)!, retired: true });
    }
  }

  /** A default role grants each permission with all its scopes; one that is retired has its last grants, withheld. */
  grantsOf(key: string): Map<string, readonly string[]> {
    const role = this.roles.get(key);
    const granted = [...((role?.retired ? role.former : role?.grants) ?? [])];
    return new Map(granted.map((permission) => [permission, this.permissions.get(permission)?.scopes ?? []]));
  }

  #roleEntry(
    key: string,
    role: NaiveDefaultRole,
    before: Pick<NaiveCatalogue, 'roles' | 'permissions'>,
  ): CatalogueEntry[] {
    const old = before.roles.get(key);
    const [was, is] = [old && !old.retired ? old : null, role.retired ? null : role];
    const changes = (['name', 'description', 'group'] as const)
      .filter((field) => was?.[field] !== is?.[field])
      .map((field) => `${field}: ${was?.[field] ?? null} -> ${is?.[field] ?? null}`);
    const about: string[] = [];
    for (const permission of new Set([...(was?.grants ?? []), ...(is?.grants ?? [])])) {
      const [had, has] = [was?.grants.has(permission), is?.grants.has(permission)];
      const [scopesBefore, scopesAfter] = [before, this].map(
        (each) => each.permissions.get(permission)?.scopes ?? [],
      );
      const sorted = [scopesBefore, scopesAfter].map((scopes) => [...scopes!].sort().join());
      if (had && has && sorted[0] === sorted[1]) continue;
      about.push(permission);
      if (had && has)
        changes.push(`scopes of ${permission}: ${scopesBefore!.join(', ')} -> ${scopesAfter!.join(', ')}`);
      else changes.push(had ? `permission: ${permission} -> null` : `permission: null -> ${permission}`);
    }
    const type = is ? 'DefaultRoleChanged' : 'DefaultRoleRetired';
    return changes.length === 0 ? [] : [entry(type, { role: key, about, changes })];
  }
}

/** One entry of history, told by its type, what it is about, and the changes in it. */
export interface CatalogueEntry {
  readonly type: string;
  readonly role: string | null;
  readonly permission: string | null;
  /** Permissions by which it is found. */
  readonly about: readonly string[];
  readonly changes: readonly string[];
}

const entry = (type: string, said: Partial<CatalogueEntry>): CatalogueEntry => ({
  type,
  role: null,
  permission: null,
  about: [],
  changes: [],
  ...said,
});

interface NaiveDefaultRole {
  name: string;
  description: string;
  group: string;
  retired: boolean;
  grants: Set<string>;
  /** Grants that it had when it was retired; withheld. */
  former: ReadonlySet<string>;
}

interface NaivePermission {
  readonly section: string;
  readonly description: string;
  readonly feature: string;
  readonly privileged: boolean;
  readonly scopes: readonly string[];
  readonly retired: boolean;
}

function permissionEntry(
  key: string,
  old: NaivePermission | undefined,
  permission: NaivePermission,
): CatalogueEntry[] {
  if (!old || (old.retired && permission.retired)) return [];
  const [was, is] = [old, permission].map((each) => (each.retired ? null : each));
  const changes = (['section', 'description', 'feature', 'privileged'] as const)
    .filter((field) => was?.[field] !== is?.[field])
    .map((field) => `${field}: ${was?.[field] ?? null} -> ${is?.[field] ?? null}`);
  if (old.retired !== permission.retired)
    changes.push(`permission: ${was ? key : null} -> ${is ? key : null}`);
  const [before, after] = [was, is].map((each) => each && [...each.scopes].sort().join());
  if (before !== after)
    changes.push(`scopes: ${was?.scopes.join(', ') ?? null} -> ${is?.scopes.join(', ') ?? null}`);
  const type = is ? 'PermissionChanged' : 'PermissionRetired';
  return changes.length === 0 ? [] : [entry(type, { permission: key, about: [key], changes })];
}
