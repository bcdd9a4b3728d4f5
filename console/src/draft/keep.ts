import { NO_EDITS, type RoleBase, type RoleDraft, type RoleEdits } from './role-draft';
import { changesOf } from './changes';
import { rebase, type Merge } from './merge';

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

/** A draft that was kept. Where the role changed meanwhile it is as it was kept, with what it comes to on the role of now. */
export interface Restored {
  readonly draft: RoleDraft;
  /** Null: nobody saved the role meanwhile, or nothing of the draft is left. */
  readonly merge: Merge | null;
}

/** The draft of a role that was kept, or one without edits. */
export function restoreDraft(store: DraftStore, userId: string, base: RoleBase): Restored {
  const text = store.getItem(nameOf(userId, base.id));
  if (text === null) return { draft: { base, edits: NO_EDITS }, merge: null };
  const kept = JSON.parse(text) as Kept;
  const draft = { base: kept.base, edits: { ...NO_EDITS, ...kept.edits } };
  const merge = rebase(draft, base);
  const isNewer = kept.base.version !== base.version;
  return isNewer && changesOf(merge.draft).length > 0
    ? { draft, merge }
    : { draft: merge.draft, merge: null };
}

const keyNameOf = (userId: string, roleId: string | null): string => `${nameOf(userId, roleId)}:key`;

/** A content of a form, and the idempotency key that it was sent with. */
export interface KeyOfContent {
  readonly content: string;
  readonly key: string;
}

/** Keeps the key of what was sent until the outcome is known: a page that was read anew meanwhile sends the same. */
export function keepKey(
  store: DraftStore,
  userId: string,
  roleId: string | null,
  sent: KeyOfContent | null,
): void {
  const name = keyNameOf(userId, roleId);
  if (sent === null) store.removeItem(name);
  else store.setItem(name, JSON.stringify(sent));
}

/** The key of this content, if it was sent already and its outcome is not known. */
export function keptKey(
  store: DraftStore,
  userId: string,
  roleId: string | null,
  content: string,
): string | null {
  const text = store.getItem(keyNameOf(userId, roleId));
  const sent = text === null ? null : (JSON.parse(text) as KeyOfContent);
  return sent?.content === content ? sent.key : null;
}

/** Drops all drafts of the tab, at sign-out. */
export function dropDrafts(store: DraftStore): void {
  const names = Array.from({ length: store.length }, (_, index) => store.key(index));
  for (const name of names) if (name?.startsWith(PREFIX)) store.removeItem(name);
}
