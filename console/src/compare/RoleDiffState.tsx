import type { ReactNode } from 'react';
import { t } from '../messages/i18n';
import { Empty } from '../ui/feedback/Empty';
import { FaultNote } from '../ui/feedback/FaultNote';
import { Skeleton } from '../ui/feedback/Skeleton';
import type { AskedRoleDiff } from './use-role-diff';

/** Stands in place of differences that are not there: on the way, refused, or of a role that there is none of. */
export function RoleDiffState({
  asked: { diff, fault, reload },
}: {
  readonly asked: AskedRoleDiff;
}): ReactNode {
  if (fault?.kind === 'forbidden') return <Empty title={t('roles.forbidden')} />;
  if (fault) return <FaultNote fault={fault} onRetry={reload} />;
  if (diff === undefined) return <Skeleton rows={10} />;
  return (
    <Empty title={t('role.none')}>
      <p>{t('role.noneHelp')}</p>
    </Empty>
  );
}
