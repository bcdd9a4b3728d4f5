import type { Logger } from 'pino';

const REPORT_EVERY_MS = 1_000;

/** Logs the progress of a long start, a line a second: done, total, rate, time left. */
export function startProgress(logger: Logger): (step: string, done: number, total: number | null) => void {
  const begun = new Map<string, number>();
  let reported = Date.now();
  return (step, done, total) => {
    const now = Date.now();
    const since = begun.get(step) ?? now;
    begun.set(step, since);
    const finished = total !== null && done >= total;
    if (now - reported < REPORT_EVERY_MS && !(finished && now - since > REPORT_EVERY_MS)) return;
    reported = now;
    const rate = Math.round(done / Math.max(0.001, (now - since) / 1000));
    const left = total === null || rate === 0 ? undefined : Math.ceil((total - done) / rate);
    logger.info({ done, total, perSecond: rate, secondsLeft: left }, step);
  };
}
