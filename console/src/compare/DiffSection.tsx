import { useId, type ReactNode } from 'react';
import { count } from '../format/numbers';
import styles from './DiffSection.module.css';

interface Props {
  readonly title: string;
  readonly number: number;
  readonly children: ReactNode;
}

/** Part of a comparison, with the number of its differences. */
export function DiffSection({ title, number, children }: Props): ReactNode {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id} className={styles.title}>
        {title} <span>{count(number)}</span>
      </h2>
      {children}
    </section>
  );
}
