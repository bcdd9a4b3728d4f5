import fc from 'fast-check';
import type { CatalogueFile } from '../../src/domain/catalogue/file';

/** Random catalogues: each is the first one with some of its roles and permissions left out, moved or changed. */

const ROLES = [
  'agent-for-conversations',
  'supervisor-for-conversations',
  'campaign-manager',
  'finance-manager',
];
const CHANGING = ['flows/view', 'flows/manage', 'campaigns/launch', 'templates/view', 'numbers/view'];

export type Edits = typeof edits extends fc.Arbitrary<infer T> ? T : never;
export const edits = fc.record({
  /** Place among the wishes of a history. */
  after: fc.nat(),
  retiredRoles: fc.subarray(ROLES.slice(1)),
  renamed: fc.subarray([...ROLES, 'account-admin']),
  redescribed: fc.subarray(ROLES),
  retiredPermissions: fc.subarray(CHANGING),
  withoutScopes: fc.subarray(CHANGING),
  revoked: fc.subarray(CHANGING),
  granted: fc.subarray(CHANGING),
  movedFeature: fc.subarray(CHANGING.slice(0, 2)),
  reversed: fc.boolean(),
});

/** The file with the changes. Grants of the account admin are left alone but for what is retired. */
export function edited(file: CatalogueFile, version: number, changes: Edits): CatalogueFile {
  const { retiredRoles, renamed, redescribed, retiredPermissions, withoutScopes, revoked, granted } = changes;
  const kept = (permissions: readonly string[]): string[] =>
    permissions.filter((key) => !retiredPermissions.includes(key));
  const defaultRoles = file.defaultRoles
    .filter(({ key }) => !retiredRoles.includes(key))
    .map((role) => {
      const others = role.permissions.filter((key) => !revoked.includes(key));
      const mine = ROLES.includes(role.key) ? [...new Set([...others, ...granted])] : role.permissions;
      return {
        ...role,
        name: role.name + (renamed.includes(role.key) ? ` ${version}` : ''),
        description: role.description + (redescribed.includes(role.key) ? ' Changed.' : ''),
        permissions: kept(mine),
      };
    });
  return {
    ...file,
    version,
    permissions: file.permissions
      .filter(({ key }) => !retiredPermissions.includes(key))
      .map((permission) => ({
        ...permission,
        scopes: withoutScopes.includes(permission.key) ? [] : permission.scopes,
        feature: changes.movedFeature.includes(permission.key) ? 'PEOPLE' : permission.feature,
      })),
    // The order of roles is no change of any.
    defaultRoles: changes.reversed ? defaultRoles.toReversed() : defaultRoles,
    conflicts: file.conflicts.filter(({ roles }) => !roles.some((role) => retiredRoles.includes(role))),
    roleTemplates: file.roleTemplates?.map((template) => ({
      ...template,
      permissions: kept(template.permissions),
    })),
  };
}
