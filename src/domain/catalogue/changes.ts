import { byKey, type CatalogueContent, type DefaultRole, type Permission } from './catalogue';

/** Details of a default role, its grants left out. */
export type DefaultRoleDetails = Pick<DefaultRole, 'name' | 'description' | 'group'>;
export type PermissionDetails = Pick<
  Permission,
  'section' | 'description' | 'feature' | 'privileged' | 'scopes'
>;

interface Changed<Details> {
  /** Version of the catalogue that brought the change. */
  readonly version: number;
  /** Null where it was not in the catalogue before, or was retired. */
  readonly from: Details | null;
  /** Null where it is retired. */
  readonly to: Details | null;
}

/** Change of a default role: its details, and its grants. */
export interface DefaultRoleChange {
  readonly type: 'DefaultRoleChanged' | 'DefaultRoleRetired';
  readonly data: Changed<DefaultRoleDetails> & {
    readonly role: string;
    readonly granted: readonly string[];
    readonly revoked: readonly string[];
    /** Permissions that it grants before and after, with other scopes: a default role grants all of a permission. */
    readonly rescoped: readonly {
      readonly permission: string;
      readonly from: readonly string[];
      readonly to: readonly string[];
    }[];
  };
}

/** Change of a permission for whoever was granted it, by a default role or a custom one. */
export interface PermissionChange {
  readonly type: 'PermissionChanged' | 'PermissionRetired';
  readonly data: Changed<PermissionDetails> & { readonly permission: string };
}

export type CatalogueChange = DefaultRoleChange | PermissionChange;

/**
 * Changes that a publication makes to what people have: one of each default role, then one of each permission, in the
 * order of the catalogue. One for a role, not one for a grant: a publication is one decision, and its reader asks what
 * became of the role. A permission that is new is none, since nobody had it; the roles that grant it tell of it. The order
 * of entries changes nothing for anyone.
 */
export const catalogueChanges = (before: CatalogueContent, after: CatalogueContent): CatalogueChange[] => [
  ...roleChanges(before, after),
  ...permissionChanges(before, after),
];

/** Permissions that a change is about: of a default role those that it granted, revoked or gave other scopes. */
export const permissionsOf = ({ data }: CatalogueChange): readonly string[] =>
  'permission' in data
    ? [data.permission]
    : [...data.granted, ...data.revoked, ...data.rescoped.map(({ permission }) => permission)];

function roleChanges(before: CatalogueContent, after: CatalogueContent): DefaultRoleChange[] {
  const old = byKey(before.defaultRoles);
  const scopesBefore = byKey(before.permissions);
  const scopesAfter = byKey(after.permissions);
  return after.defaultRoles.flatMap((role): DefaultRoleChange[] => {
    const [was, is] = [present(old.get(role.key)), present(role)];
    const [had, has] = [was?.permissions ?? [], is?.permissions ?? []];
    const [from, to] = [was && roleDetails(was), is && roleDetails(is)];
    const granted = without(has, had);
    const revoked = without(had, has);
    const rescoped = without(has, granted).flatMap((permission) => {
      const [scopes, now] = [scopesBefore, scopesAfter].map((of) => of.get(permission)?.scopes ?? []);
      return isSameSet(scopes!, now!) ? [] : [{ permission, from: scopes!, to: now! }];
    });
    const sameGrants = granted.length + revoked.length + rescoped.length === 0;
    if (sameGrants && isSame(from, to, ROLE_DETAILS)) return [];
    const type = to ? 'DefaultRoleChanged' : 'DefaultRoleRetired';
    return [{ type, data: { version: after.version, role: role.key, from, to, granted, revoked, rescoped } }];
  });
}

function permissionChanges(before: CatalogueContent, after: CatalogueContent): PermissionChange[] {
  const old = byKey(before.permissions);
  return after.permissions.flatMap((permission): PermissionChange[] => {
    const known = old.get(permission.key);
    if (!known) return [];
    const [was, is] = [present(known), present(permission)];
    const [from, to] = [was && permissionDetails(was), is && permissionDetails(is)];
    if (isSame(from, to, PERMISSION_DETAILS)) return [];
    const type = to ? 'PermissionChanged' : 'PermissionRetired';
    return [{ type, data: { version: after.version, permission: permission.key, from, to } }];
  });
}

const roleDetails = ({ name, description, group }: DefaultRole): DefaultRoleDetails => ({
  name,
  description,
  group,
});
const permissionDetails = ({
  section,
  description,
  feature,
  privileged,
  scopes,
}: Permission): PermissionDetails => ({ section, description, feature, privileged, scopes });

/** Details in the order in which they are told. */
export const ROLE_DETAILS = [
  'name',
  'description',
  'group',
] as const satisfies readonly (keyof DefaultRoleDetails)[];
export const PERMISSION_DETAILS = [
  'section',
  'description',
  'feature',
  'privileged',
  'scopes',
] as const satisfies readonly (keyof PermissionDetails)[];

type Detail = string | boolean | readonly string[];

/** Tells if a detail is the same; scopes are a set. */
export const isSameDetail = (a: Detail, b: Detail): boolean =>
  typeof a === 'object' && typeof b === 'object' ? isSameSet(a, b) : a === b;

const isSame = <Details extends Readonly<Record<keyof Details, Detail>>>(
  a: Details | null,
  b: Details | null,
  details: readonly (keyof Details)[],
): boolean => (a && b ? details.every((detail) => isSameDetail(a[detail], b[detail])) : a === b);

const isSameSet = (a: readonly string[], b: readonly string[]): boolean =>
  without(a, b).length + without(b, a).length === 0;

function without(items: readonly string[], others: readonly string[]): string[] {
  const left = new Set(others);
  return items.filter((item) => !left.has(item));
}

const present = <T extends { readonly retired: boolean }>(item: T | undefined): T | null =>
  item && !item.retired ? item : null;
