import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Input } from 'react-aria-components/Input';
import { SearchField as AriaSearchField } from 'react-aria-components/SearchField';
import { t } from '../../messages/i18n';
import { Button } from './Button';
import { Icon } from '../marks/icons';
import styles from './SearchField.module.css';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onSearch: (text: string) => void;
  /** The field that `/` focuses: one of a view. */
  readonly shortcut?: boolean;
  readonly autoFocus?: boolean;
}

const PAUSE = 200;

/** A field that searches as one types, after a short pause. */
export function SearchField({
  label,
  value,
  onSearch,
  shortcut = false,
  autoFocus = false,
}: Props): ReactNode {
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // A text that comes from elsewhere, as from the way back in the browser, replaces the one that was typed.
  if (shown !== value) {
    setShown(value);
    setText(value);
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (next: string): void => {
    setShown(next);
    onSearch(next);
  };
  const change = (next: string): void => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => search(next), PAUSE);
  };
  return (
    <AriaSearchField
      aria-label={label}
      value={text}
      onChange={change}
      className={styles.field}
      autoFocus={autoFocus}
    >
      <Icon name="search" className={styles.icon} />
      <Input className={styles.input} placeholder={label} data-shortcut={shortcut ? 'search' : undefined} />
      {text === '' ? (
        shortcut && <kbd className={styles.key}>/</kbd>
      ) : (
        <Button look="icon" aria-label={t('search.clear')}>
          <Icon name="close" />
        </Button>
      )}
    </AriaSearchField>
  );
}
