import type { RoleBase } from '../draft/role-draft';
import type { BoxFragment, NewRolePageQuery, RolePageQuery } from '../generated/graphql';

/** A permission as a form shows it. */
export interface FormPermission extends BoxFragment {
  /** Id to ask for its scopes by: of the permission in this role, or in the catalogue. */
  readonly scopesId: string;
}

/** A section as a form shows it. */
export interface FormSection {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly FormPermission[];
}

export type RoleOfPage = NonNullable<RolePageQuery['role']>;

/** Sections of a role that exists. */
export const sectionsOfRole = (role: RoleOfPage): FormSection[] =>
  role.sections.map(({ key, name, description, permissions }) => ({
    key,
    name,
    description,
    permissions: permissions.map(({ id, available, permission }) => ({
      ...permission,
      available,
      scopesId: id,
    })),
  }));

/** Sections of the catalogue, for a role that is being created. */
export const sectionsOfCatalogue = (
  catalogue: NonNullable<NewRolePageQuery['permissionCatalogue']>,
): FormSection[] =>
  catalogue.sections.map(({ key, name, description, permissions }) => ({
    key,
    name,
    description,
    permissions: permissions.map((permission) => ({ ...permission, scopesId: permission.id })),
  }));

/** Base of a draft: the role as it was read. Retired permissions are no part of it, for a form cannot change them. */
export function baseOf(role: RoleOfPage): RoleBase {
  const granted = role.sections
    .flatMap(({ permissions }) => permissions)
    .filter(({ selected, permission }) => selected && !permission.retired);
  return {
    id: role.id,
    version: role.version,
    name: role.name,
    description: role.description ?? '',
    grants: Object.fromEntries(
      granted.map(({ permission, selectedScopeCount }) => [
        permission.key,
        { scopeCount: selectedScopeCount },
      ]),
    ),
  };
}
