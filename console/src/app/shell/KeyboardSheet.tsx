import type { ReactNode } from 'react';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { Dialog } from '../../ui/surfaces/Dialog';
import styles from './KeyboardSheet.module.css';
import { SCREENS } from './screens';

/** All keys that do something. */
export function KeyboardSheet({ onClose }: { readonly onClose: () => void }): ReactNode {
  const keys: [string[], string][] = [
    [['?'], t('keys.sheet')],
    [['/'], t('keys.search')],
    [['Ctrl', 'K'], t('keys.palette')],
    ...SCREENS.map(({ key, label }): [string[], string] => [['g', key], t('keys.go', { screen: t(label) })]),
    [['←', '→'], t('keys.steps')],
    [['Ctrl', 'Z'], t('keys.undo')],
    [['Esc'], t('keys.close')],
  ];
  return (
    <Dialog
      reads
      title={t('keys.title')}
      onClose={onClose}
      foot={<Button onPress={onClose}>{t('close')}</Button>}
    >
      <dl className={styles.keys}>
        {keys.map(([names, meaning]) => (
          <div key={meaning}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
