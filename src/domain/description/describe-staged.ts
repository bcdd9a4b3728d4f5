import type { DefaultRole } from '../catalogue/catalogue';
import type { StagedCatalogueEvent } from '../catalogue/events';

/** Notes on the effect of a staged event on one default role, `held` before it; none if it is about something else. */
export function describeStaged(
  { type, data }: StagedCatalogueEvent,
  role: string,
  held: DefaultRole | undefined,
): string[] {
  const note = NOTES[type] as (of: typeof data, role: string, held: DefaultRole | undefined) => string | null;
  const found = note(data, role, held);
  return found === null ? [] : [found];
}

const aboutNoRole = (): null => null;

/** Notes by type of event: a type that is missing here does not compile. */
const NOTES: {
  readonly [Type in StagedCatalogueEvent['type']]: (
    data: Extract<StagedCatalogueEvent, { readonly type: Type }>['data'],
    role: string,
    held: DefaultRole | undefined,
  ) => string | null;
} = {
  DefaultRoleDefined: ({ key, name }, role, held) =>
    key === role ? (held ? `now “${name}”` : `defined as “${name}”`) : null,
  DefaultRoleRetired: ({ key }, role) => (key === role ? 'retired' : null),
  DefaultRoleGrantAdded: (data, role, held) =>
    data.role === role && !held?.permissions.includes(data.permission) ? `+${data.permission}` : null,
  DefaultRoleGrantRemoved: (data, role) => (data.role === role ? `-${data.permission}` : null),
  RoleGroupDefined: aboutNoRole,
  RoleGroupRetired: aboutNoRole,
  FeatureDefined: aboutNoRole,
  FeatureRetired: aboutNoRole,
  SectionDefined: aboutNoRole,
  SectionRetired: aboutNoRole,
  ScopeDefined: aboutNoRole,
  ScopeRetired: aboutNoRole,
  PermissionDefined: aboutNoRole,
  PermissionRetired: aboutNoRole,
  RoleConflictDeclared: aboutNoRole,
  RoleConflictWithdrawn: aboutNoRole,
};
