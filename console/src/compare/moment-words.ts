import { utcMoment } from '../format/dates';
import { t, type MessageKey } from '../messages/i18n';
import type { NoMoments } from './moments';

/** Name of the later moment in a sentence. */
export const laterName = (to: string | undefined): string =>
  to === undefined ? t('compare.now') : utcMoment(to);

/** Head of the later moment’s column. */
export const laterHead = (to: string | undefined): string =>
  to === undefined ? t('compare.nowHead') : utcMoment(to);

const PROBLEMS: Record<NoMoments['problem'], MessageKey> = {
  missing: 'compare.noMoment',
  unreadable: 'past.unreadable',
  ahead: 'past.ahead',
  order: 'compare.order',
};

/** Sentence that says why there are no two moments. */
export const problemOf = ({ problem, text }: NoMoments): string => t(PROBLEMS[problem], { text });
