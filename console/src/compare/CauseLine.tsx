import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { fullMoment, momentOfDay } from '../format/dates';
import type { CauseFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import styles from './CauseLine.module.css';

/** The entry of the history that made a difference: when, its sentence with who made it, why. Its time leads to it in the log. */
export function CauseLine({ cause }: { readonly cause: CauseFragment }): ReactNode {
  const { at, summary, reason, role, user } = cause;
  const short = momentOfDay(at, Date.now());
  return (
    <p className={styles.cause}>
      <time dateTime={at}>
        {/* The log as of its time begins with it. */}
        <Link
          to="/audit"
          search={{ asOf: at, role: role?.key, user: user?.key }}
          preload={false}
          aria-label={t('compare.entry', { moment: short })}
          title={fullMoment(at)}
        >
          {short}
        </Link>
      </time>
      <span>
        {summary}
        {reason && <q>{reason}</q>}
      </span>
    </p>
  );
}
