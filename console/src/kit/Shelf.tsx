import type { ReactNode } from 'react';
import styles from './Shelf.module.css';

/** A row of the kit: a component's name, and its states. */
export function Shelf({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className={styles.shelf}>
      <h2>{name}</h2>
      <div>{children}</div>
    </section>
  );
}
