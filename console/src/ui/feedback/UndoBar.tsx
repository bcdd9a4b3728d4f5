import { useEffect, type ReactNode } from 'react';
import { t } from '../../messages/i18n';
import { Button } from '../controls/Button';
import { announce } from './live';
import { undoNow, useOffer } from './undo';
import styles from './UndoBar.module.css';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input:not([type=checkbox]), textarea, [contenteditable]');

/** Bar that takes a change back, by its button or by Ctrl Z, as long as that is offered. */
export function UndoBar(): ReactNode {
  const offer = useOffer();
  const isOffered = offer?.state === 'offered';
  useEffect(() => {
    if (!isOffered) return;
    const press = (event: KeyboardEvent): void => {
      const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
      if (key.toLowerCase() !== 'z' || !(ctrlKey || metaKey) || shiftKey || altKey || isTyping(event.target))
        return;
      event.preventDefault();
      void undo();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [isOffered]);
  return (
    <div role="status" className={styles.place}>
      {offer && (
        <div className={styles.bar}>
          <p>{offer.state === 'refused' ? t('undo.refused', { why: offer.refusal ?? '' }) : offer.text}</p>
          {offer.state !== 'refused' && (
            <Button look="link" isPending={offer.state === 'undoing'} onPress={() => void undo()}>
              {t('undo')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

async function undo(): Promise<void> {
  if (await undoNow()) announce(t('undo.done'));
}
