import { utcMoment } from '../format/dates';
import { t } from '../messages/i18n';
import { momentOf } from '../past/moment';
import { shifted } from '../past/steps';

/** The two moments of a comparison, as instants of ISO 8601 in UTC. */
export interface Moments {
  readonly from: string;
  /** Undefined: now. */
  readonly to: string | undefined;
}

/** Moments that an address names; or why it names none. */
export function momentsOf(from: string | undefined, to: string | undefined, now: number): Moments | string {
  const earlier = momentOf(from, now);
  if (earlier.state === 'now') return t('compare.noMoment');
  if (earlier.state !== 'past')
    return t(earlier.state === 'ahead' ? 'past.ahead' : 'past.unreadable', { text: earlier.text });
  if (earlier.at >= (to ?? new Date(now).toISOString())) return t('compare.order');
  return { from: earlier.at, to };
}

/** Name of the later moment. */
export const laterName = (to: string | undefined): string =>
  to === undefined ? t('compare.now') : utcMoment(to);

/** Head of the later moment’s column. */
export const laterHead = (to: string | undefined): string =>
  to === undefined ? t('compare.nowHead') : utcMoment(to);

/** First time after a moment: what was recorded at the moment itself is in it already. */
export const justAfter = (moment: string): string => shifted(moment, 1);
