import type { ReactNode } from 'react';
import styles from './PageHead.module.css';

interface Props {
  /** Links to the pages above. */
  readonly trail: ReactNode;
  readonly title: ReactNode;
  readonly lede?: ReactNode;
  /** Key figures, in one line of text. */
  readonly facts?: readonly ReactNode[];
  readonly actions?: ReactNode;
}

/** Head of a page: where it is, what it is, what can be done with it. */
export function PageHead({ trail, title, lede, facts = [], actions }: Props): ReactNode {
  return (
    <header className={styles.head}>
      <div className={styles.text}>
        <p className={styles.trail}>{trail}</p>
        <h1 className={styles.title}>{title}</h1>
        {lede && <p className={styles.lede}>{lede}</p>}
        {facts.length > 0 && (
          <ul className={styles.facts}>
            {facts.map((fact, index) => (
              <li key={index}>{fact}</li>
            ))}
          </ul>
        )}
      </div>
      <div className={styles.actions}>{actions}</div>
    </header>
  );
}
