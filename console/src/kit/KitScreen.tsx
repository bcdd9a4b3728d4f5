import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { t } from '../messages/i18n';
import { useAsOf } from '../past/use-as-of';
import { PageHead } from '../ui/surfaces/PageHead';
import { Toggle } from '../ui/controls/Toggle';
import { useTitle } from '../ui/use-title';
import { KitControls } from './KitControls';
import { KitDialogs } from './KitDialogs';
import { KitFeedback } from './KitFeedback';
import { KitFields } from './KitFields';
import { KitTable } from './KitTable';

/** Every component in every state, to look at in every theme. */
export function KitScreen(): ReactNode {
  const asOf = useAsOf();
  const navigate = useNavigate();
  useTitle(t('kit.title'));
  const flip = (past: boolean): void =>
    void navigate({ to: '.', search: { asOf: past ? new Date().toISOString() : undefined } });
  return (
    <>
      <PageHead
        trail="/console/_kit"
        title={t('kit.title')}
        lede={t('kit.lede')}
        actions={
          <Toggle on={asOf !== undefined} onFlip={flip}>
            {t('kit.past')}
          </Toggle>
        }
      />
      <KitControls />
      <KitFields />
      <KitFeedback />
      <KitDialogs />
      <KitTable />
    </>
  );
}
