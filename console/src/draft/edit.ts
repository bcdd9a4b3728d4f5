import type { Person, RoleDraft, RoleEdits } from './role-draft';

/** Edits of a draft, each a new draft. An edit that leads back to the base leaves no trace. */

const edited = (draft: RoleDraft, edits: Partial<RoleEdits>): RoleDraft => ({
  ...draft,
  edits: { ...draft.edits, ...edits },
});

function without<Value>(
  record: Readonly<Record<string, Value>>,
  keys: readonly string[],
): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}

/** Sets the name. */
export const rename = (draft: RoleDraft, name: string): RoleDraft =>
  edited(draft, { name: name === draft.base.name ? undefined : name });

/** Sets the description. */
export const describe = (draft: RoleDraft, description: string): RoleDraft =>
  edited(draft, { description: description === draft.base.description ? undefined : description });

/** Ticks or unticks permissions. Scopes that were chosen before for one that is unticked are forgotten. */
export function tick(draft: RoleDraft, permissions: readonly string[], granted: boolean): RoleDraft {
  const differs = permissions.filter((key) => key in draft.base.grants !== granted);
  const ticks = {
    ...without(draft.edits.ticks, permissions),
    ...Object.fromEntries(differs.map((key) => [key, granted])),
  };
  return edited(draft, {
    ticks,
    scopes: granted ? draft.edits.scopes : without(draft.edits.scopes, permissions),
  });
}

/** Scopes of one permission: those that come with it, and those that the base keeps. */
export interface ScopesOfPermission {
  readonly all: readonly string[];
  readonly before: readonly string[];
}

/** Keeps these scopes of a permission, which is granted by that. */
export function keepScopes(
  draft: RoleDraft,
  permission: string,
  keep: readonly string[],
  { all, before }: ScopesOfPermission,
): RoleDraft {
  const ticked = tick(draft, [permission], true);
  const wasGranted = permission in draft.base.grants;
  const natural = wasGranted ? before : all;
  const same = keep.length === natural.length && keep.every((scope) => natural.includes(scope));
  const others = without(ticked.edits.scopes, [permission]);
  return edited(ticked, { scopes: same ? others : { ...others, [permission]: { keep, before: natural } } });
}

/** Assigns people to the role. */
export function assign(draft: RoleDraft, people: readonly Person[]): RoleDraft {
  const ids = people.map(({ id }) => id);
  const back = ids.filter((id) => id in draft.edits.unassign);
  const added = people.filter(({ id }) => !back.includes(id)).map((person) => [person.id, person]);
  return edited(draft, {
    unassign: without(draft.edits.unassign, back),
    assign: { ...draft.edits.assign, ...Object.fromEntries(added) },
  });
}

/** Takes the role from somebody: from a user of the base by an edit, from one who was only chosen by dropping that. */
export function unassign(draft: RoleDraft, person: Person): RoleDraft {
  if (person.id in draft.edits.assign)
    return edited(draft, { assign: without(draft.edits.assign, [person.id]) });
  return edited(draft, { unassign: { ...draft.edits.unassign, [person.id]: person } });
}
