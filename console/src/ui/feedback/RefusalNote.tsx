import type { ReactNode } from 'react';
import type { RefusalFragment } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { Note } from './Note';

/** Refusals of a mutation that belong to no field: nothing was changed, and why. */
export function RefusalNote({ refusals }: { readonly refusals: readonly RefusalFragment[] }): ReactNode {
  if (refusals.length === 0) return null;
  return (
    <Note look="problem" alert>
      <p>
        <strong>{t('refused')}</strong>
      </p>
      {refusals.map(({ code, message, ids, permissions }) => (
        <p key={`${code} ${message}`}>
          {message}{' '}
          {[...permissions, ...ids].length > 0 && <code>{[...permissions, ...ids].join(', ')}</code>}
        </p>
      ))}
    </Note>
  );
}
