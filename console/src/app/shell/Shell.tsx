import { Outlet } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useLive } from '../../live/use-live';
import { t } from '../../messages/i18n';
import { Palette } from '../../palette/Palette';
import { BadMoment } from '../../past/BadMoment';
import { Ribbon } from '../../past/Ribbon';
import { useMomentInAddress } from '../../past/use-as-of';
import { usePastLook } from '../../past/use-past-look';
import { ViewAsOf } from '../../past/ViewAsOf';
import { LiveRegion } from '../../ui/feedback/LiveRegion';
import { UndoBar } from '../../ui/feedback/UndoBar';
import { Brand } from './Brand';
import { KeyboardSheet } from './KeyboardSheet';
import { OldNote } from './OldNote';
import { PrintFooter } from './PrintFooter';
import { ProfileMenu } from './ProfileMenu';
import { Rail } from './Rail';
import styles from './Shell.module.css';
import { useFocusKept } from './use-focus-kept';
import { useShortcuts } from './use-shortcuts';

/** Surroundings of every screen: the rail, the way in by the profile, the keys, the live region. */
export function Shell(): ReactNode {
  const [over, setOver] = useState<'keys' | 'palette' | null>(null);
  const moment = useMomentInAddress();
  const asOf = moment.state === 'past' ? moment.at : undefined;
  const { position, mayBeOld } = useLive(moment.state !== 'now');
  useShortcuts({ openSheet: () => setOver('keys'), openPalette: () => setOver('palette') });
  usePastLook(moment.state === 'past');
  useFocusKept();
  const close = (): void => setOver(null);
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
          <ProfileMenu onKeys={() => setOver('keys')} />
        </header>
        <main id="main" tabIndex={-1} className={styles.main}>
          {moment.state === 'unreadable' || moment.state === 'ahead' ? <BadMoment {...moment} /> : <Outlet />}
        </main>
        <PrintFooter asOf={asOf} position={position} />
      </div>
      <OldNote shown={mayBeOld} />
      <LiveRegion />
      <UndoBar />
      {over === 'keys' && <KeyboardSheet onClose={close} />}
      {over === 'palette' && <Palette onClose={close} />}
    </>
  );
}

/** Focuses without an address of its own: that of the base element would lead elsewhere. */
function skip(event: React.MouseEvent): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
