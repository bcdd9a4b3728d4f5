import type { ReactNode } from 'react';
import { byDay } from '../format/dates';
import type { HistoryLineFragment } from '../generated/graphql';
import styles from './HistoryDays.module.css';
import { HistoryEntry } from './HistoryEntry';

interface Props {
  /** Newest first. */
  readonly entries: readonly HistoryLineFragment[];
  /** Description of a permission, by its key. */
  readonly nameOf: (permission: string) => string;
  /** Ways on from an entry, shown when it is opened. */
  readonly waysFrom?: (entry: HistoryLineFragment) => ReactNode;
}

/** Entries of the record by day, one line a change. */
export function HistoryDays({ entries, nameOf, waysFrom }: Props): ReactNode {
  return byDay(entries, Date.now()).map(({ day, entries: ofDay }) => (
    <section key={day} className={styles.day} aria-label={day}>
      <h2>{day}</h2>
      <ol>
        {ofDay.map((entry) => (
          <HistoryEntry key={entry.id} entry={entry} nameOf={nameOf} waysOn={waysFrom?.(entry)} />
        ))}
      </ol>
    </section>
  ));
}
