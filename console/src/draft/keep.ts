import { NO_EDITS, type RoleBase, type RoleDraft, type RoleEdits } from './role-draft';
import { changesOf } from './changes';
import { rebase } from './merge';

/**
 * Keeps drafts over a sign-in that expired: in the session storage of the tab, by user and role, so that nobody finds the
 * draft of another. A draft leaves it when it is saved or discarded, and all leave at sign-out.
 */

const PREFIX = 'rolebook.draft:';
const nameOf = (userId: string, roleId: string | null): string => `${PREFIX}${userId}:${roleId ?? 'new'}`;

/** The part of the tab's session storage that is needed. */
export interface DraftStore {
  readonly length: number;
  getItem(name: string): string | null;
  setItem(name: string, text: string): void;
  removeItem(name: string): void;
  key(index: number): string | null;
}

interface Kept {
  readonly base: RoleBase;
  readonly edits: RoleEdits;
}

/** Keeps a draft, or drops it where nothing is pending. */
export function keepDraft(store: DraftStore, userId: string, draft: RoleDraft): void {
  const name = nameOf(userId, draft.base.id);
  if (changesOf(draft).length === 0) store.removeItem(name);
  else store.setItem(name, JSON.stringify({ base: draft.base, edits: draft.edits } satisfies Kept));
}

/** Draft of the role as it is now: with the edits that were kept, carried over if the role changed meanwhile. */
export function restoreDraft(store: DraftStore, userId: string, base: RoleBase): RoleDraft {
  const text = store.getItem(nameOf(userId, base.id));
  if (text === null) return { base, edits: NO_EDITS };
  const kept = JSON.parse(text) as Kept;
  return rebase({ base: kept.base, edits: { ...NO_EDITS, ...kept.edits } }, base).draft;
}

/** Drops all drafts of the tab, at sign-out. */
export function dropDrafts(store: DraftStore): void {
  const names = Array.from({ length: store.length }, (_, index) => store.key(index));
  for (const name of names) if (name?.startsWith(PREFIX)) store.removeItem(name);
}
