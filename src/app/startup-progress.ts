import type { Logger } from 'pino';
import { every, ProgressMeter } from '../shared/progress';

const REPORT_EVERY_MS = 1_000;

/** Logs the progress of a long start, a line a second: done, total, rate, time left. */
export function startupProgress(logger: Logger): (step: string, done: number, total: number | null) => void {
  const meters = new Map<string, ProgressMeter>();
  const isDue = every(REPORT_EVERY_MS);
  return (step, done, total) => {
    // A step may be resumed.
    const meter = meters.get(step) ?? new ProgressMeter(done);
    meters.set(step, meter);
    meter.update(done, total);
    const finished = total !== null && done >= total;
    if (!isDue(finished && meter.elapsedMs > REPORT_EVERY_MS)) return;
    logger.info({ done, total, ...meter.rate() }, step);
  };
}
