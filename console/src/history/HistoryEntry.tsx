import { useState, type ReactNode } from 'react';
import { fullMoment, timeOfDay } from '../format/dates';
import type { HistoryLineFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import { MomentLink } from '../past/MomentLink';
import { Icon } from '../ui/marks/icons';
import { Sign } from '../ui/marks/Sign';
import { linesOf } from './change-lines';
import styles from './HistoryEntry.module.css';

interface Props {
  readonly entry: HistoryLineFragment;
  readonly nameOf: (permission: string) => string;
  /** Links, shown when it is open. */
  readonly waysOn?: ReactNode;
}

/** A change: its time, its sentence with who made it, the reason in quotes; it opens to before and after. */
export function HistoryEntry({ entry, nameOf, waysOn }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  const lines = linesOf(entry.changes, nameOf);
  const sentence = (
    <>
      {entry.summary}
      {entry.reason && <q className={styles.reason}>{entry.reason}</q>}
    </>
  );
  return (
    <li className={styles.entry}>
      <time dateTime={entry.at}>
        <MomentLink at={entry.at} label={t('past.viewMoment', { moment: fullMoment(entry.at) })}>
          {timeOfDay(entry.at)}
        </MomentLink>
      </time>
      <div className={styles.text}>
        {lines.length === 0 && !waysOn ? (
          <p>{sentence}</p>
        ) : (
          <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
            <span>{sentence}</span>
            <Icon name="chevron" className={styles.chevron} />
          </button>
        )}
        {open && lines.length > 0 && (
          <ul className={styles.changes} aria-label={t('history.changes')}>
            {lines.map(({ mark, text }) => (
              <li key={`${mark} ${text}`}>
                <Sign mark={mark} />
                <span>{text}</span>
              </li>
            ))}
          </ul>
        )}
        {open && waysOn && <p className={styles.ways}>{waysOn}</p>}
      </div>
    </li>
  );
}
