import { useEffect, useState, type ReactNode } from 'react';
import { t } from '../messages/i18n';
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
  const [past, setPast] = useState(false);
  useTitle(t('kit.title'));
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (past) dataset.moment = 'past';
    return () => {
      delete dataset.moment;
    };
  }, [past]);
  return (
    <>
      <PageHead
        trail="/console/_kit"
        title={t('kit.title')}
        lede={t('kit.lede')}
        actions={
          <Toggle on={past} onFlip={setPast}>
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
