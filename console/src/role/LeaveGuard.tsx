import { useBlocker } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { askBeforeLeaving, isFree } from '../app/leaving';
import { t } from '../messages/i18n';
import { Dialog } from '../ui/surfaces/Dialog';
import { TwoActs } from '../ui/surfaces/TwoActs';

interface Props {
  /** Number of changes that are not saved. */
  readonly count: number;
  readonly onDiscard: () => void;
}

/** Asks before a page with changes that are not saved is left. Another tab of the same page is no leave. */
export function LeaveGuard({ count, onDiscard }: Props): ReactNode {
  const pending = count > 0;
  const [wayOut, setWayOut] = useState<{ readonly go: () => void } | null>(null);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => pending && current.pathname !== next.pathname && !isFree(),
    enableBeforeUnload: () => pending && !isFree(),
    withResolver: true,
  });
  useEffect(() => (pending ? askBeforeLeaving((go) => setWayOut({ go })) : undefined), [pending]);
  if (blocker.status !== 'blocked' && wayOut === null) return null;
  const stay = (): void => {
    blocker.reset?.();
    setWayOut(null);
  };
  const drop = (): void => {
    onDiscard();
    setWayOut(null);
    blocker.proceed?.();
    wayOut?.go();
  };
  return (
    <Dialog
      role="alertdialog"
      title={t('unsaved.title')}
      onClose={stay}
      foot={
        <TwoActs
          first={{ label: t('unsaved.drop'), act: drop }}
          second={{ label: t('unsaved.stay'), act: stay }}
        />
      }
    >
      <p>{t('unsaved.text', { count })}</p>
    </Dialog>
  );
}
