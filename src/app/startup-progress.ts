import type { Logger } from 'pino';
import { rateOf } from '../shared/rate';

const REPORT_EVERY_MS = 1_000;

/** Logs the progress of a long start, a line a second: done, total, rate, time left. */
export function startupProgress(logger: Logger): (step: string, done: number, total: number | null) => void {
  const begun = new Map<string, { readonly at: number; readonly from: number }>();
  let reported = Date.now();
  return (step, done, total) => {
    const now = Date.now();
    // A step may be taken up where it was left.
    const { at, from } = begun.get(step) ?? { at: now, from: done };
    begun.set(step, { at, from });
    const finished = total !== null && done >= total;
    if (now - reported < REPORT_EVERY_MS && !(finished && now - at > REPORT_EVERY_MS)) return;
    reported = now;
    logger.info({ done, total, ...rateOf(done, total, now - at, from) }, step);
  };
}
