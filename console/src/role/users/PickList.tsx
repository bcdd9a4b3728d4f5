import type { ReactNode } from 'react';
import type { Person } from '../../draft/role-draft';
import { Checkbox } from '../../ui/controls/Checkbox';
import { classes } from '../../ui/classes';
import styles from './PickList.module.css';
import { LastLogin } from './UserTable';

interface Props {
  readonly title: string;
  readonly people: readonly Person[];
  readonly checked: boolean;
  readonly dimmed?: boolean;
  readonly onFlip: (person: Person, on: boolean) => void;
}

/** People to choose, or who are chosen. */
export function PickList({ title, people, checked, dimmed = false, onFlip }: Props): ReactNode {
  return (
    <section className={classes(styles.list, dimmed && styles.dimmed)} aria-label={title}>
      <h3>{title}</h3>
      <ul>
        {people.map((person) => (
          <li key={person.id}>
            <Checkbox isSelected={checked} onChange={(on) => onFlip(person, on)}>
              <span className={styles.person}>
                {person.name}
                <small>{person.username}</small>
              </span>
            </Checkbox>
            <span className={styles.login}>
              <LastLogin at={person.lastLoginAt} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
