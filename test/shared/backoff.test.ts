import fc from 'fast-check';
import { backoff, jittered } from '../../src/shared/backoff';

const pauses = (pauseAfter: (failures: number) => number): number[] =>
  [1, 2, 3, 4, 5, 1_000_000].map(pauseAfter);

test('pauses double from the first to the longest, however many failures there are', () => {
  expect(pauses(backoff({ first: 100, longest: 1_000 }))).toEqual([100, 200, 400, 800, 1_000, 1_000]);
});

test('jitter shortens a pause by at most its share', () => {
  const with0 = { first: 2_000, longest: 32_000, jitter: 0.75, random: () => 0 };
  expect(pauses(backoff(with0))).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000]);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (ms, jitter) => {
        const pause = jittered(ms, jitter);
        expect(pause).toBeLessThanOrEqual(ms);
        expect(pause).toBeGreaterThanOrEqual(ms * (1 - jitter) * (1 - Number.EPSILON));
      },
    ),
  );
});

test('without jitter nothing is left to chance', () => {
  expect(jittered(250, 0)).toBe(250);
  expect(jittered(250, 1, () => 0)).toBe(0);
});
