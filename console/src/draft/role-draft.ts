/**
 * The draft of a role: a base, which is the role as it was read (or an empty one), and edits on it. Edits hold only what
 * differs from the base; they are the marks of what is unsaved, the review, the input of the mutation, and what is carried
 * over to a newer base after a conflict. Nothing else about a form is state.
 */

/** A permission that the base grants, and how many scopes it kept. */
export interface BaseGrant {
  readonly scopeCount: number;
}

/** The role as it was read. A role that is not created yet has no id and no version. */
export interface RoleBase {
  readonly id: string | null;
  readonly version: number | null;
  readonly name: string;
  readonly description: string;
  readonly grants: Readonly<Record<string, BaseGrant>>;
}

/** Somebody to assign or unassign, with what the list of users shows. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly lastLoginAt: string | null;
}

/** Scopes that a permission is to keep, with the number of those it had, to tell more from fewer. */
export interface ScopeEdit {
  readonly keep: readonly string[];
  readonly before: readonly string[];
}

/** Differences from the base. */
export interface RoleEdits {
  readonly name?: string;
  readonly description?: string;
  /** Permissions that are ticked (true) or unticked (false), by key. */
  readonly ticks: Readonly<Record<string, boolean>>;
  /** Scopes of permissions that are granted in the end, by key of the permission. */
  readonly scopes: Readonly<Record<string, ScopeEdit>>;
  readonly assign: Readonly<Record<string, Person>>;
  readonly unassign: Readonly<Record<string, Person>>;
}

/** A base and the edits on it. */
export interface RoleDraft {
  readonly base: RoleBase;
  readonly edits: RoleEdits;
}

export const NO_EDITS: RoleEdits = { ticks: {}, scopes: {}, assign: {}, unassign: {} };

/** Base of a role that is being created. */
export const NEW_ROLE: RoleBase = { id: null, version: null, name: '', description: '', grants: {} };

/** Name as the form shows it. */
export const nameOf = ({ base, edits }: RoleDraft): string => edits.name ?? base.name;

/** Description as the form shows it; empty: none. */
export const descriptionOf = ({ base, edits }: RoleDraft): string => edits.description ?? base.description;

/** True if the role grants the permission once the draft is saved. */
export const isGranted = ({ base, edits }: RoleDraft, permission: string): boolean =>
  edits.ticks[permission] ?? permission in base.grants;

/** Keys of all permissions that the role grants once the draft is saved. */
export function grantedKeys({ base, edits }: RoleDraft): string[] {
  const kept = Object.keys(base.grants).filter((key) => edits.ticks[key] !== false);
  return [...kept, ...Object.keys(edits.ticks).filter((key) => edits.ticks[key] && !(key in base.grants))];
}

/** Number of scopes that the permission keeps once the draft is saved; `total`: those that come with it. */
export function scopeCountOf(draft: RoleDraft, permission: string, total: number): number {
  if (!isGranted(draft, permission)) return 0;
  const edited = draft.edits.scopes[permission];
  return edited ? edited.keep.length : (draft.base.grants[permission]?.scopeCount ?? total);
}
