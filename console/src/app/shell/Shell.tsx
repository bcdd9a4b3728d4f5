import { Outlet } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { t } from '../../messages/i18n';
import { BadMoment } from '../../past/BadMoment';
import { Ribbon } from '../../past/Ribbon';
import { useMomentInAddress } from '../../past/use-as-of';
import { usePastLook } from '../../past/use-past-look';
import { ViewAsOf } from '../../past/ViewAsOf';
import { LiveRegion } from '../../ui/feedback/LiveRegion';
import { UndoBar } from '../../ui/feedback/UndoBar';
import { Brand } from './Brand';
import { KeyboardSheet } from './KeyboardSheet';
import { ProfileMenu } from './ProfileMenu';
import { Rail } from './Rail';
import styles from './Shell.module.css';
import { useFocusKept } from './use-focus-kept';
import { useShortcuts } from './use-shortcuts';

/** Surroundings of every screen: the rail, the way in by the profile, the keys, the live region. */
export function Shell(): ReactNode {
  const [sheet, setSheet] = useState(false);
  const moment = useMomentInAddress();
  useShortcuts(() => setSheet(true));
  usePastLook(moment.state === 'past');
  useFocusKept();
  return (
    <>
      <a className={styles.skip} href="#main" onClick={skip}>
        {t('shell.skip')}
      </a>
      {moment.state === 'past' && <Ribbon asOf={moment.at} />}
      <div className={styles.app}>
        <header className={styles.side}>
          <Brand />
          <Rail />
          <ViewAsOf />
          <ProfileMenu onKeys={() => setSheet(true)} />
        </header>
        <main id="main" tabIndex={-1} className={styles.main}>
          {moment.state === 'unreadable' || moment.state === 'ahead' ? <BadMoment {...moment} /> : <Outlet />}
        </main>
      </div>
      <LiveRegion />
      <UndoBar />
      {sheet && <KeyboardSheet onClose={() => setSheet(false)} />}
    </>
  );
}

/** Focuses without an address of its own: that of the base element would lead elsewhere. */
function skip(event: React.MouseEvent): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
