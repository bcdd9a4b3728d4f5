import { useState, type ReactNode } from 'react';
import { t } from '../../messages/i18n';
import { Button } from '../controls/Button';
import styles from './CopyText.module.css';

/** A key or an id, in mono, with a button that copies it. */
export function CopyText({ text }: { readonly text: string }): ReactNode {
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(text).then(() => setCopied(true));
  };
  return (
    <span className={styles.text}>
      <code>{text}</code>
      <Button look="link" onPress={copy}>
        {copied ? t('copied') : t('copy')}
      </Button>
    </span>
  );
}
