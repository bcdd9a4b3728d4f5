import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Resolves once `reached` does, or the signal is aborted. What says at once that nothing comes, as tables do that are closed, is
 * waited out: a loop around this must never spin.
 */
export function waitUnless(signal: AbortSignal, reached: Promise<boolean>, ms: number): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const startedAt = performance.now();
  const whole = async (came: boolean): Promise<void> => {
    const left = ms - (performance.now() - startedAt);
    if (!came && left > 1) await sleep(left, undefined, { signal }).catch(() => undefined);
  };
  return new Promise((resolve, reject) => {
    const done = (): void => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done, { once: true });
    reached.then(whole).then(done, reject);
  });
}
