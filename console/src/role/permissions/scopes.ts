import { isGranted, type RoleDraft } from '../../draft/role-draft';
import type { ScopesOfPermissionQuery, ScopesOfRoleQuery } from '../../generated/graphql';

/** A scope as the dialog shows it; `selected`: the role as it is saved keeps it. */
export interface FormScope {
  readonly name: string;
  readonly description: string | null;
  readonly selected: boolean;
}

/** Scopes of the permission that was asked for. */
export function scopesIn(node: ScopesOfRoleQuery['node'] | ScopesOfPermissionQuery['node']): FormScope[] {
  if (!node || !('scopes' in node)) return [];
  return node.scopes.map((scope) => ({ selected: false, ...scope }));
}

/** Scopes that are ticked when the dialog opens: those of the draft; of a permission that is not granted, all. */
export function beginOf(
  draft: RoleDraft,
  permission: string,
  scopes: readonly FormScope[],
): readonly string[] {
  const edited = draft.edits.scopes[permission];
  if (edited) return edited.keep;
  const saved = isGranted(draft, permission) && permission in draft.base.grants;
  return scopes.filter(({ selected }) => !saved || selected).map(({ name }) => name);
}
