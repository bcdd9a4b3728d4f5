import type { Person, RoleDraft, ScopeEdit } from './role-draft';

/** One change that Save makes. */
export type Change =
  | { readonly kind: 'name' | 'description'; readonly before: string; readonly after: string }
  | { readonly kind: 'grant' | 'revoke'; readonly permission: string }
  | { readonly kind: 'scopes'; readonly permission: string; readonly edit: ScopeEdit }
  | { readonly kind: 'assign' | 'unassign'; readonly person: Person };

/** Changes of a draft, in the order of the page: name, description, permissions, users. */
export function changesOf({ base, edits }: RoleDraft): Change[] {
  const ticks = Object.entries(edits.ticks).map(([permission, granted]): Change => ({
    kind: granted ? 'grant' : 'revoke',
    permission,
  }));
  // Scopes of a permission that is granted anew belong to that change.
  const scopes = Object.entries(edits.scopes)
    .filter(([permission]) => !(permission in edits.ticks))
    .map(([permission, edit]): Change => ({ kind: 'scopes', permission, edit }));
  return [
    ...text('name', base.name, edits.name),
    ...text('description', base.description, edits.description),
    ...ticks,
    ...scopes,
    ...Object.values(edits.assign).map((person): Change => ({ kind: 'assign', person })),
    ...Object.values(edits.unassign).map((person): Change => ({ kind: 'unassign', person })),
  ];
}

function text(kind: 'name' | 'description', before: string, after: string | undefined): Change[] {
  return after === undefined ? [] : [{ kind, before, after }];
}

/** Mark of a permission in the list: granted anew, revoked, or with other scopes. */
export function markOf({ edits }: RoleDraft, permission: string): 'added' | 'removed' | 'changed' | null {
  const ticked = edits.ticks[permission];
  if (ticked !== undefined) return ticked ? 'added' : 'removed';
  return permission in edits.scopes ? 'changed' : null;
}

/** True if somebody would lose something that was there: the review says so first. */
export const takesAway = (changes: readonly Change[]): boolean =>
  changes.some(
    (change) =>
      change.kind === 'revoke' ||
      change.kind === 'unassign' ||
      (change.kind === 'scopes' && change.edit.before.some((scope) => !change.edit.keep.includes(scope))),
  );
