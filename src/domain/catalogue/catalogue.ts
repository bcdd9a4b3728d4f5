/**
 * The catalogue as of one publication: plain, immutable, indexed. Everything keeps the order of the file. Entries that
 * left the catalogue stay in it as `retired`, for grants of them are still on record.
 */

export interface RoleGroup {
  readonly key: string;
  readonly name: string;
  readonly retired: boolean;
}
export interface Feature {
  readonly key: string;
  readonly name: string;
  /** A required feature cannot be disabled: it guards the role pages themselves. */
  readonly required: boolean;
  readonly retired: boolean;
}
export interface Section {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly retired: boolean;
}
export interface Scope {
  readonly name: string;
  /** Absent where the catalogue was published before scopes had one. */
  readonly description?: string;
  /** Smaller scopes that a check for passes with this one. */
  readonly includes: readonly string[];
  readonly retired: boolean;
}
export interface Permission {
  readonly key: string;
  readonly section: string;
  readonly description: string;
  readonly feature: string;
  readonly privileged: boolean;
  readonly scopes: readonly string[];
  readonly retired: boolean;
}
export interface DefaultRole {
  readonly key: string;
  readonly name: string;
  readonly group: string;
  readonly description: string;
  /** Keys of the permissions granted, in the order of the file; each with all its scopes. */
  readonly permissions: readonly string[];
  readonly retired: boolean;
}
/** A suggestion for a custom role. Whoever makes one of it has a role of their own, which no publication changes. */
export interface RoleTemplate {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  /** Keys of the permissions suggested, in the order of the file; each with all its scopes. */
  readonly permissions: readonly string[];
}
export interface RoleConflict {
  readonly roles: readonly [string, string];
  readonly reason: string;
}
/** A conflict is symmetric, so its pair has one key. */
export const pairKey = (roles: readonly string[]): string => [...roles].sort().join(' + ');

/** Content of a catalogue, in the order of the file, retired entries last. */
export interface CatalogueContent {
  /** 0 if nothing was ever published. */
  readonly version: number;
  readonly contentDigest: string;
  readonly groups: readonly RoleGroup[];
  readonly features: readonly Feature[];
  readonly scopes: readonly Scope[];
  readonly sections: readonly Section[];
  readonly permissions: readonly Permission[];
  readonly defaultRoles: readonly DefaultRole[];
  readonly conflicts: readonly RoleConflict[];
  readonly roleTemplates: readonly RoleTemplate[];
}

/** The lists of a catalogue. Entries of a later list refer to those of earlier ones. */
export const CATALOGUE_LISTS = [
  'groups',
  'features',
  'scopes',
  'sections',
  'permissions',
  'defaultRoles',
  'conflicts',
  'roleTemplates',
] as const satisfies readonly (keyof CatalogueContent)[];
export type CatalogueList = (typeof CATALOGUE_LISTS)[number];

/** Entries of a list by their keys. */
export const byKey = <T extends { readonly key: string }>(items: readonly T[]): ReadonlyMap<string, T> =>
  new Map(items.map((item) => [item.key, item]));

/** A catalogue with the look-ups that rules and queries need. */
export class Catalogue {
  readonly version: number;
  readonly group: ReadonlyMap<string, RoleGroup>;
  readonly feature: ReadonlyMap<string, Feature>;
  readonly scope: ReadonlyMap<string, Scope>;
  readonly section: ReadonlyMap<string, Section>;
  /** Retired permissions included. */
  readonly permission: ReadonlyMap<string, Permission>;
  /** Retired default roles included. */
  readonly defaultRole: ReadonlyMap<string, DefaultRole>;
  readonly roleTemplate: ReadonlyMap<string, RoleTemplate>;
  private readonly inSection: ReadonlyMap<string, readonly Permission[]>;
  private readonly order: ReadonlyMap<string, number>;
  private readonly includedBy = new Map<string, ReadonlySet<string>>();

  constructor(readonly content: CatalogueContent) {
    this.version = content.version;
    this.group = byKey(content.groups);
    this.feature = byKey(content.features);
    this.section = byKey(content.sections);
    this.permission = byKey(content.permissions);
    this.defaultRole = byKey(content.defaultRoles);
    this.roleTemplate = byKey(content.roleTemplates);
    this.scope = new Map(content.scopes.map((scope) => [scope.name, scope]));
    this.order = new Map(content.permissions.map((permission, index) => [permission.key, index]));
    const inSection = new Map<string, Permission[]>();
    for (const permission of content.permissions) {
      if (permission.retired) continue;
      const list = inSection.get(permission.section);
      if (list) list.push(permission);
      else inSection.set(permission.section, [permission]);
    }
    this.inSection = inSection;
  }

  /** Present permissions of a section, in the order of the file. */
  permissionsOf(section: string): readonly Permission[] {
    return this.inSection.get(section) ?? [];
  }

  /** Index of a permission in the file, for sorting; unknown ones come last. */
  orderOf(permission: string): number {
    return this.order.get(permission) ?? Number.MAX_SAFE_INTEGER;
  }

  /** A present permission (neither unknown nor retired). */
  present(permission: string): Permission | undefined {
    const found = this.permission.get(permission);
    return found && !found.retired ? found : undefined;
  }

  /** Scopes that were kept with a grant and still belong to the permission; others have no effect any more. */
  keptScopes(permission: Permission, kept: readonly string[]): readonly string[] {
    return kept.filter((scope) => permission.scopes.includes(scope));
  }

  /** Every scope that passes a check for `scope`: itself and all that include it, at any depth. */
  satisfying(scope: string): ReadonlySet<string> {
    const known = this.includedBy.get(scope);
    if (known) return known;
    const found = new Set([scope]);
    for (const name of found) {
      for (const larger of this.content.scopes) if (larger.includes.includes(name)) found.add(larger.name);
    }
    this.includedBy.set(scope, found);
    return found;
  }

  /** Default roles that the catalogue declares in conflict with a role. */
  conflictsOf(role: string): readonly { readonly other: string; readonly conflict: RoleConflict }[] {
    return this.content.conflicts.flatMap((conflict) => {
      const [a, b] = conflict.roles;
      if (a === role) return [{ other: b, conflict }];
      return b === role ? [{ other: a, conflict }] : [];
    });
  }
}

/** The catalogue before anything was published. */
export const EMPTY_CATALOGUE = new Catalogue({
  version: 0,
  contentDigest: '',
  groups: [],
  features: [],
  scopes: [],
  sections: [],
  permissions: [],
  defaultRoles: [],
  conflicts: [],
  roleTemplates: [],
});
