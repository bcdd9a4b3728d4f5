import { CommandError } from '../../src/commands/command';
import { EventStoreError } from '../../src/event-store/port/event-store';
import { untilReached } from '../../src/app/until-reached';

const away = new EventStoreError('UNAVAILABLE', 'reading: no answer for 4000 ms');

/** Work that fails with each of these in turn, and then gives `done`. */
function workOf(...failures: readonly Error[]) {
  const left = [...failures];
  const reasons: string[] = [];
  const pauses: number[] = [];
  const result = untilReached(
    () => {
      const failure = left.shift();
      return failure ? Promise.reject(failure) : Promise.resolve('done');
    },
    {
      onAway: (why) => reasons.push(why),
      pause: (milliseconds) => {
        pauses.push(milliseconds);
        return Promise.resolve();
      },
    },
  );
  return { result, reasons, pauses, left };
}

test('work on a log that is away is done again for as long as that lasts, with pauses that grow to a limit', async () => {
  const { result, pauses } = workOf(...Array.from({ length: 100 }, () => away));
  expect(await result).toBe('done');
  expect(pauses).toHaveLength(100);
  expect(pauses.slice(0, 5)).toEqual([500, 1_000, 2_000, 4_000, 5_000]);
  expect(new Set(pauses.slice(4))).toEqual(new Set([5_000]));
});

test('each failure says why, also what a command says to its caller in other words', async () => {
  const { result, reasons } = workOf(
    away,
    new EventStoreError('UNKNOWN_OUTCOME', 'appending: gone; it may have been written'),
    new CommandError('LOG_UNAVAILABLE', 'The log cannot be reached; nothing was written.', { cause: away }),
    new CommandError('STALE_REPLICA', 'This replica lags 9 s behind the log and cannot decide.'),
  );
  expect(await result).toBe('done');
  expect(reasons).toEqual([
    away.message,
    'appending: gone; it may have been written',
    away.message,
    'This replica lags 9 s behind the log and cannot decide.',
  ]);
});

test.each([
  ...(
    ['TOO_LARGE', 'INVALID_EVENT', 'INVALID_ARGUMENT', 'DENIED', 'CORRUPT', 'LOCKED', 'CLOSED'] as const
  ).map((code) => new EventStoreError(code, code)),
  ...(['FORBIDDEN', 'CONTENTION', 'CLOCK_SKEW'] as const).map((code) => new CommandError(code, code)),
  new TypeError('x is not a function'),
])('what waiting does not mend is thrown at once: %s', async (failure) => {
  const { result, pauses, left } = workOf(failure, away);
  await expect(result).rejects.toBe(failure);
  expect([pauses, left]).toEqual([[], [away]]);
});
