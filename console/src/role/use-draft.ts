import { useCallback, useEffect, useState } from 'react';
import { useSession } from '../app/session-context';
import { keepDraft, restoreDraft } from '../draft/keep';
import type { Merge } from '../draft/merge';
import { changesOf } from '../draft/changes';
import { NO_EDITS, type RoleBase, type RoleDraft } from '../draft/role-draft';

/** A draft and the ways to change it. */
export interface DraftState {
  readonly draft: RoleDraft;
  readonly edit: (change: (draft: RoleDraft) => RoleDraft) => void;
  /** Drops all edits. */
  readonly discard: () => void;
  /** Merge of a draft that was kept while somebody else saved the role; null: there was none. */
  readonly restored: Merge | null;
}

/**
 * Holds the draft of a form. Its edits are kept in the tab, so that they outlive a session that expires. A newer base is
 * taken over only while nothing is pending: a form is never changed under the hands.
 */
export function useDraft(base: RoleBase): DraftState {
  const { session } = useSession();
  const userId = session.user.id;
  const [restored] = useState(() => restoreDraft(sessionStorage, userId, base));
  const [draft, setDraft] = useState(restored.draft);
  const [seen, setSeen] = useState(base);
  if (seen !== base) {
    setSeen(base);
    if (changesOf(draft).length === 0) setDraft({ base, edits: NO_EDITS });
  }
  useEffect(() => keepDraft(sessionStorage, userId, draft), [userId, draft]);
  const discard = useCallback(() => setDraft(({ base: now }) => ({ base: now, edits: NO_EDITS })), []);
  return { draft, edit: setDraft, discard, restored: restored.merge };
}
