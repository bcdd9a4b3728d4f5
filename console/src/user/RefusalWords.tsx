import type { ReactNode } from 'react';
import type { RefusalFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import { Note } from '../ui/feedback/Note';
import { refusalWords, type RoleNames } from './refusal-words';

interface Props {
  readonly refusals: readonly RefusalFragment[];
  readonly names?: RoleNames;
}

const NO_NAMES: RoleNames = new Map();

/** Refusals of a command about a user: nothing was changed, why, and what to do about it. */
export function RefusalWords({ refusals, names = NO_NAMES }: Props): ReactNode {
  if (refusals.length === 0) return null;
  return (
    <Note look="problem" alert>
      <p>
        <strong>{t('refused')}</strong>
      </p>
      {refusals.map((refusal) => (
        <p key={`${refusal.code} ${refusal.ids.join()}`}>{refusalWords(refusal, names)}</p>
      ))}
    </Note>
  );
}
