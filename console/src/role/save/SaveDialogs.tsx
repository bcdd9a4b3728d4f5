import type { ReactNode } from 'react';
import type { Change } from '../../draft/changes';
import { ConflictDialog } from './ConflictDialog';
import { ReviewDialog } from './ReviewDialog';
import type { Save } from './use-save';

interface Props {
  readonly save: Save;
  readonly changes: readonly Change[];
  readonly userCount: number;
}

/** Dialogs of a save: the review before it, the conflict after it. */
export function SaveDialogs({ save, changes, userCount }: Props): ReactNode {
  return (
    <>
      {save.reviewing && <ReviewDialog save={save} changes={changes} userCount={userCount} />}
      {save.conflict && <ConflictDialog conflict={save.conflict} onSettle={save.settle} />}
    </>
  );
}
