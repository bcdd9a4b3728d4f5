import type { ReactNode } from 'react';
import { dateOf, utcMoment } from '../format/dates';
import { t } from '../messages/i18n';
import { classes } from '../ui/classes';
import styles from './ChangeStrip.module.css';
import { MomentLink } from './MomentLink';
import { useSteps } from './use-steps';

/** Heights of marks: one change, a few, many. */
const sizeOf = (changes: number): string | undefined =>
  changes > 5 ? styles.many : changes > 1 ? styles.few : undefined;

/** Strip of the moments at which a role changed: each is a mark that leads there, in their order, evenly spaced. */
export function ChangeStrip(): ReactNode {
  const steps = useSteps();
  if (!steps || steps.all.length === 0) return null;
  const first = steps.all[0]?.at ?? '';
  const last = steps.all.at(-1)?.at ?? '';
  return (
    <nav className={styles.strip} aria-label={t('past.strip')}>
      <ol className={styles.marks}>
        {steps.all.map(({ at, summaries }) => (
          <li key={at}>
            <MomentLink
              at={at}
              current={at === steps.shown}
              className={classes(styles.mark, sizeOf(summaries.length))}
              label={t('past.mark', {
                moment: utcMoment(at),
                summary: summaries[0] ?? '',
                more: summaries.length - 1,
              })}
            />
          </li>
        ))}
      </ol>
      <p className={styles.ends} aria-hidden="true">
        <span>{dateOf(first)}</span>
        {steps.all.length > 1 && <span>{dateOf(last)}</span>}
      </p>
    </nav>
  );
}
