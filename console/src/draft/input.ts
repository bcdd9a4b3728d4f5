import type { CreateRoleInput, GrantInput, UpdateRoleInput } from '../generated/graphql';
import { descriptionOf, grantedKeys, nameOf, type RoleDraft } from './role-draft';

/** Entries of a save that are no edit of the role. */
export interface SaveNote {
  /** One for a form, so that a save whose answer was lost is told of once. */
  readonly idempotencyKey: string;
  readonly reason: string;
}

const noteOf = ({ idempotencyKey, reason }: SaveNote) => ({
  idempotencyKey,
  ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
});

/** Scopes are left out where nobody touched them: the role keeps those it has, or gets all that come along. */
const grantsOf = (draft: RoleDraft): GrantInput[] =>
  grantedKeys(draft).map((permission) => {
    const edit = draft.edits.scopes[permission];
    return edit ? { permission, scopes: edit.keep } : { permission };
  });

/**
 * Input that saves a draft of a role that exists: the difference from its base. Where permissions differ, the API takes the
 * whole set; it is a whole set of the version that `expectedVersion` names, so that nobody else's change is undone.
 */
export function updateInput(draft: RoleDraft, note: SaveNote): UpdateRoleInput {
  const { base, edits } = draft;
  if (base.id === null || base.version === null)
    throw new Error('A role that is not created yet cannot be updated.');
  const grantsDiffer = Object.keys(edits.ticks).length > 0 || Object.keys(edits.scopes).length > 0;
  return {
    id: base.id,
    expectedVersion: base.version,
    ...(edits.name === undefined ? {} : { name: edits.name }),
    ...(edits.description === undefined ? {} : { description: edits.description.trim() || null }),
    ...(grantsDiffer ? { grants: grantsOf(draft) } : {}),
    ...listed('assignUserIds', Object.keys(edits.assign)),
    ...listed('unassignUserIds', Object.keys(edits.unassign)),
    ...noteOf(note),
  };
}

/** Input that creates the role of a draft. */
export function createInput(draft: RoleDraft, note: SaveNote): CreateRoleInput {
  return {
    name: nameOf(draft),
    description: descriptionOf(draft).trim() || null,
    grants: grantsOf(draft),
    ...listed('userIds', Object.keys(draft.edits.assign)),
    ...noteOf(note),
  };
}

const listed = (name: string, ids: string[]): Record<string, string[]> =>
  ids.length === 0 ? {} : { [name]: ids };
