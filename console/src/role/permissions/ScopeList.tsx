import type { ReactNode } from 'react';
import { t } from '../../messages/i18n';
import { Checkbox } from '../../ui/controls/Checkbox';
import { Note } from '../../ui/feedback/Note';
import { StateBox } from '../../ui/marks/StateBox';
import type { FormScope } from './scopes';
import styles from './ScopeList.module.css';

interface Props {
  readonly scopes: readonly FormScope[];
  readonly keep: readonly string[];
  /** Null: they are only shown. */
  readonly onKeep: ((keep: readonly string[]) => void) | null;
}

/** Scopes to tick, with a box for all. */
export function ScopeList({ scopes, keep, onKeep }: Props): ReactNode {
  const all = scopes.map(({ name }) => name);
  const isAll = keep.length === all.length;
  const flip = (name: string, on: boolean): void =>
    onKeep?.(all.filter((one) => (one === name ? on : keep.includes(one))));
  return (
    <>
      <div className={styles.head}>
        <span>{t('scopes.some', { selected: keep.length, total: all.length })}</span>
        {onKeep && (
          <Checkbox
            isSelected={isAll}
            isIndeterminate={!isAll && keep.length > 0}
            onChange={() => onKeep(isAll ? [] : all)}
          >
            {t('section.selectAll')}
          </Checkbox>
        )}
      </div>
      <ul className={styles.list}>
        {scopes.map(({ name, description }) => {
          const label = (
            <span className={styles.label}>
              <code>{name}</code>
              {description && <small>{description}</small>}
            </span>
          );
          return (
            <li key={name}>
              {onKeep ? (
                <Checkbox isSelected={keep.includes(name)} onChange={(on) => flip(name, on)}>
                  {label}
                </Checkbox>
              ) : (
                <>
                  <StateBox state={keep.includes(name) ? 'granted' : 'none'} />
                  {label}
                </>
              )}
            </li>
          );
        })}
      </ul>
      {keep.length === 0 && <Note>{t('scopes.none')}</Note>}
    </>
  );
}
