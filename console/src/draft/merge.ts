import type { RoleBase, RoleDraft, RoleEdits } from './role-draft';

/** A field that both changed, to different values: the draft's is shown, and the dialog says whose is overwritten. */
export interface Overlap {
  readonly field: 'name' | 'description' | 'scopes';
  /** Permission, of scopes. */
  readonly permission?: string;
  readonly theirs: string;
  readonly yours: string;
}

/** A draft carried over to a newer base. */
export interface Merge {
  readonly draft: RoleDraft;
  /** Changes that somebody else made between the two bases, of what a draft can hold. */
  readonly theirs: BaseDifference;
  readonly overlaps: readonly Overlap[];
}

/** Difference of two bases of one role. */
export interface BaseDifference {
  readonly name?: string;
  readonly description?: string;
  readonly granted: readonly string[];
  readonly revoked: readonly string[];
  readonly narrowed: readonly string[];
}

/** Differences that lead from one base to another. */
export function differenceOf(before: RoleBase, after: RoleBase): BaseDifference {
  const keys = Object.keys(after.grants);
  return {
    ...(before.name === after.name ? {} : { name: after.name }),
    ...(before.description === after.description ? {} : { description: after.description }),
    granted: keys.filter((key) => !(key in before.grants)),
    revoked: Object.keys(before.grants).filter((key) => !(key in after.grants)),
    narrowed: keys.filter((key) => {
      const was = before.grants[key];
      return was !== undefined && was.scopeCount !== after.grants[key]?.scopeCount;
    }),
  };
}

/**
 * Carries the edits of a draft over to a newer base. Edits that the newer base already holds fall away; the others stay as
 * they are, since each is about one field, one permission or one user.
 */
export function rebase(draft: RoleDraft, newer: RoleBase): Merge {
  const { base, edits } = draft;
  const theirs = differenceOf(base, newer);
  const ticks = Object.fromEntries(
    Object.entries(edits.ticks).filter(([key, granted]) => key in newer.grants !== granted),
  );
  const scopes = Object.fromEntries(
    // Scopes of a permission that they revoked go with it, unless the draft grants it anew.
    Object.entries(edits.scopes).filter(([key]) => key in newer.grants || ticks[key] === true),
  );
  const carried: RoleEdits = {
    ...edits,
    name: edits.name === newer.name ? undefined : edits.name,
    description: edits.description === newer.description ? undefined : edits.description,
    ticks,
    scopes,
  };
  return { draft: { base: newer, edits: carried }, theirs, overlaps: overlapsOf(carried, theirs) };
}

function overlapsOf(edits: RoleEdits, theirs: BaseDifference): Overlap[] {
  const found: Overlap[] = [];
  for (const field of ['name', 'description'] as const) {
    const [yours, other] = [edits[field], theirs[field]];
    if (yours !== undefined && other !== undefined) found.push({ field, theirs: other, yours });
  }
  for (const permission of theirs.narrowed) {
    const yours = edits.scopes[permission];
    if (yours) found.push({ field: 'scopes', permission, theirs: '', yours: yours.keep.join(', ') });
  }
  return found;
}
