import type { DefaultRole } from '../catalogue/catalogue';
import type { StagedCatalogueEvent } from '../catalogue/events';

/** Notes on what a staged event makes of one default role, `held` before it; none where it is about something else. */
export function describeStaged(
  { type, data }: StagedCatalogueEvent,
  role: string,
  held: DefaultRole | undefined,
): string[] {
  const granted = (permission: string): boolean => held?.permissions.includes(permission) ?? false;
  switch (type) {
    case 'DefaultRoleDefined':
      return data.key === role ? [held ? `now “${data.name}”` : `defined as “${data.name}”`] : [];
    case 'DefaultRoleRetired':
      return data.key === role ? ['retired'] : [];
    case 'DefaultRoleGrantAdded':
      return data.role === role && !granted(data.permission) ? [`+${data.permission}`] : [];
    case 'DefaultRoleGrantRemoved':
      return data.role === role ? [`-${data.permission}`] : [];
    case 'RoleGroupDefined':
    case 'RoleGroupRetired':
    case 'FeatureDefined':
    case 'FeatureRetired':
    case 'SectionDefined':
    case 'SectionRetired':
    case 'ScopeDefined':
    case 'ScopeRetired':
    case 'PermissionDefined':
    case 'PermissionRetired':
    case 'RoleConflictDeclared':
    case 'RoleConflictWithdrawn':
      return [];
  }
}
