import { momentOf } from '../past/moment';
import { shifted } from '../past/steps';

/** The two moments of a comparison, as instants of ISO 8601 in UTC. */
export interface Moments {
  readonly from: string;
  /** Undefined: now. */
  readonly to: string | undefined;
}

/** Reason why an address names no two moments; of the first one, its text. */
export interface NoMoments {
  readonly problem: 'missing' | 'unreadable' | 'ahead' | 'order';
  readonly text: string;
}

/** Moments that an address names; or why it names none. */
export function momentsOf(
  from: string | undefined,
  to: string | undefined,
  now: number,
): Moments | NoMoments {
  const earlier = momentOf(from, now);
  if (earlier.state === 'now') return { problem: 'missing', text: '' };
  if (earlier.state !== 'past') return { problem: earlier.state, text: earlier.text };
  if (earlier.at >= (to ?? new Date(now).toISOString())) return { problem: 'order', text: earlier.at };
  return { from: earlier.at, to };
}

/** First time after a moment: what was recorded at the moment itself is in it already. */
export const justAfter = (moment: string): string => shifted(moment, 1);
