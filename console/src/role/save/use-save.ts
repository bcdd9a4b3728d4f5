import { useState } from 'react';
import { useClient } from 'urql';
import type { Fault } from '../../api/fault';
import { changesOf } from '../../draft/changes';
import { updateInput } from '../../draft/input';
import { rebase, type Merge } from '../../draft/merge';
import { NO_EDITS, type RoleDraft } from '../../draft/role-draft';
import { RolePageDocument, SaveRoleDocument, type RefusalFragment } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { announce } from '../../ui/feedback/live';
import { baseOf, type RoleOfPage } from '../sections';
import { focusFirst } from './refusals';
import { send, type Sent } from './send';
import { useKey } from './use-key';

/** A save that somebody else came before: the role as they left it, and the draft on top of that. */
export interface Conflict {
  readonly role: RoleOfPage;
  readonly merge: Merge;
}

/** Save of a form, as its bar and its dialogs show it. */
export interface Save {
  readonly state: 'idle' | 'saving' | 'waiting';
  readonly refusals: readonly RefusalFragment[];
  readonly fault: Fault | null;
  readonly reviewing: boolean;
  readonly review: (open: boolean) => void;
  readonly reason: string;
  readonly setReason: (reason: string) => void;
  /** True if the review was of something that changed meanwhile: nothing was saved, and it opened anew. */
  readonly isStale: boolean;
  /** Saves. `basis`: of the preview that was reviewed; it is done exactly so, or not at all. */
  readonly save: (basis?: string) => Promise<void>;
  readonly conflict: Conflict | null;
  /** Shows what somebody else saved, and what the draft comes to on top of it. */
  readonly showConflict: () => Promise<void>;
  /** Goes on with the draft on the newer role, or drops the draft for it. */
  readonly settle: (draft: RoleDraft) => void;
}

interface Params {
  readonly draft: RoleDraft;
  readonly edit: (change: (draft: RoleDraft) => RoleDraft) => void;
  readonly onSaved: () => void;
  /** Conflict that a draft was restored into. */
  readonly found: Conflict | null;
}

/** Saves the draft of a role that exists. */
export function useSave({ draft, edit, onSaved, found }: Params): Save {
  const client = useClient();
  const form = useSaveState();
  const key = useKey(draft.base.id);
  const [conflict, setConflict] = useState<Conflict | null>(found);

  const save = async (expectedBasis?: string): Promise<void> => {
    const note = { idempotencyKey: '', reason: form.reason };
    const idempotencyKey = key.keyFor(updateInput(draft, note));
    const input = { ...updateInput(draft, { ...note, idempotencyKey }), ...basisIn(expectedBasis) };
    const refusals = await form.run(
      () => send(client, SaveRoleDocument, { input }, form.waiting),
      (data) => data.updateRole?.errors ?? [],
    );
    if (refusals === null) return;
    key.settle();
    if (refusals.some(({ code }) => code === 'PREVIEW_STALE')) return settleStale();
    if (refusals.some(({ code }) => code === 'VERSION_CONFLICT')) return showConflict();
    if (refusals.length > 0) return;
    const saved = changesOf(draft).length;
    // Saved edits are those of the base that the answer brings: they leave the draft before it is read anew.
    edit((now) => ({ ...now, edits: NO_EDITS }));
    form.setReason('');
    announce(t('save.done', { count: saved }));
    onSaved();
  };

  const readConflict = async (): Promise<Conflict | null> => {
    const variables = { id: draft.base.id ?? '' };
    const { data } = await client
      .query(RolePageDocument, variables, { requestPolicy: 'network-only' })
      .toPromise();
    return data?.role ? { role: data.role, merge: rebase(draft, baseOf(data.role)) } : null;
  };
  const showConflict = async (): Promise<void> => {
    const theirs = await readConflict();
    if (!theirs) return;
    form.clear();
    setConflict(theirs);
  };
  /** Goes on where the review was of something that changed: the role itself, or what else it rests on. */
  const settleStale = async (): Promise<void> => {
    const theirs = await readConflict();
    form.clear();
    if (theirs && theirs.role.version !== draft.base.version) setConflict(theirs);
    else form.reviewAnew();
  };
  const settle = (next: RoleDraft): void => {
    edit(() => next);
    setConflict(null);
  };
  return { ...form, save, conflict, showConflict, settle };
}

/** The basis of a preview, in an input that has one. */
export const basisIn = (expectedBasis: string | undefined) =>
  expectedBasis === undefined ? {} : { expectedBasis };

/** State of a save that does not depend on what is saved. */
export function useSaveState() {
  const [state, setState] = useState<Save['state']>('idle');
  const [refusals, setRefusals] = useState<readonly RefusalFragment[]>([]);
  const [fault, setFault] = useState<Fault | null>(null);
  const [reviewing, openReview] = useState(false);
  const [isStale, setStale] = useState(false);
  const review = (open: boolean): void => {
    setStale(false);
    openReview(open);
  };
  const [reason, setReason] = useState('');
  const clear = (): void => {
    setRefusals([]);
    setFault(null);
    review(false);
  };
  const refuse = (found: readonly RefusalFragment[]): void => {
    setRefusals(found);
    focusFirst(found);
  };
  /** Opens the review anew, where something that it showed has changed meanwhile. */
  const reviewAnew = (): void => {
    clear();
    openReview(true);
    setStale(true);
  };
  /** Runs a save. @returns its refusals, null where there is no answer */
  const run = async <Data>(
    act: () => Promise<Sent<Data>>,
    refusalsOf: (data: Data) => readonly RefusalFragment[],
  ): Promise<readonly RefusalFragment[] | null> => {
    setState('saving');
    clear();
    const sent = await act();
    setState('idle');
    if (sent.fault) {
      setFault(sent.fault);
      return null;
    }
    const found = refusalsOf(sent.data);
    refuse(found);
    return found;
  };
  return {
    state,
    refusals,
    fault,
    reviewing,
    review,
    reviewAnew,
    isStale,
    reason,
    setReason,
    clear,
    run,
    refuse,
    waiting: () => setState('waiting'),
  };
}
