import type { ReactNode } from 'react';
import { classes } from '../ui/classes';
import styles from './Beside.module.css';

/** A figure of two things; null: there is none. */
export interface Figure {
  readonly label: string;
  readonly left: ReactNode;
  readonly right: ReactNode;
  readonly isSame: boolean;
}

interface Props {
  readonly label: string;
  readonly left: ReactNode;
  readonly right: ReactNode;
  readonly figures: readonly Figure[];
}

/** Figures of two roles, or of one thing at two moments, side by side. */
export function Beside({ label, left, right, figures }: Props): ReactNode {
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">{label}</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{left}</th>
          <th scope="col">{right}</th>
        </tr>
      </thead>
      <tbody>
        {figures.map((figure) => (
          <tr key={figure.label} className={classes(!figure.isSame && styles.differs)}>
            <th scope="row">{figure.label}</th>
            <td>{figure.left}</td>
            <td>{figure.right}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
