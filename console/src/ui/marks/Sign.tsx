import type { ReactNode } from 'react';
import { t } from '../../messages/i18n';
import { classes } from '../classes';
import type { Mark } from './mark';
import styles from './Sign.module.css';

const SIGNS: Record<Mark, string> = { added: '+', removed: '−', changed: '~' };

/** The sign of a change: + - ~, in its colour, and said to a screen reader. */
export function Sign({ mark }: { readonly mark: Mark }): ReactNode {
  return (
    <span className={classes(styles.sign, styles[mark])}>
      <span aria-hidden="true">{SIGNS[mark]}</span>
      <span className="visually-hidden">{t(`mark.${mark}`)}</span>
    </span>
  );
}
