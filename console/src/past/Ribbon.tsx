import type { ReactNode } from 'react';
import { utcMoment } from '../format/dates';
import { t } from '../messages/i18n';
import { MomentLink } from './MomentLink';
import styles from './Ribbon.module.css';
import { useSteps } from './use-steps';

/** The ribbon over every page of the past: the moment, the steps to its neighbours, the way back. */
export function Ribbon({ asOf }: { readonly asOf: string }): ReactNode {
  const steps = useSteps();
  return (
    <section className={styles.ribbon} aria-label={t('past.label')}>
      <p role="status">
        <time dateTime={asOf}>{t('past.asOf', { moment: utcMoment(asOf) })}</time>{' '}
        <span>{t('past.readOnly')}</span>
      </p>
      <nav className={styles.ways} aria-label={t('past.steps')}>
        {steps && (
          <>
            <Way to={steps.earlier} label={t('past.earlier')} />
            <Way to={steps.later} label={t('past.later')} />
          </>
        )}
        {/* The link goes with the ribbon, and focus must not go with it. */}
        <MomentLink at={undefined} onClick={() => document.getElementById('main')?.focus()}>
          {t('past.back')}
        </MomentLink>
      </nav>
    </section>
  );
}

/** A step that there is none of keeps its place, so that nobody clicks something else by repeating a click. */
function Way({ to, label }: { readonly to: string | undefined; readonly label: string }): ReactNode {
  return to === undefined ? (
    <span className={styles.none} aria-disabled="true">
      {label}
    </span>
  ) : (
    <MomentLink at={to}>{label}</MomentLink>
  );
}
