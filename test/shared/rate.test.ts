import { durationText, rateOf, rateText } from '../../src/shared/rate';

test.each([
  [500, 2_000, 1_000, { perSecond: 500, secondsLeft: 3 }],
  [500, 2_001, 1_000, { perSecond: 500, secondsLeft: 4 }],
  [500, null, 250, { perSecond: 2_000, secondsLeft: null }],
  [0, 10, 5_000, { perSecond: 0, secondsLeft: null }],
  [10, 8, 1_000, { perSecond: 10, secondsLeft: 0 }],
  [3, 5, 10_000, { perSecond: 0.3, secondsLeft: 7 }],
  [10, 10, 0, { perSecond: 10_000, secondsLeft: 0 }],
])('%s of %s in %s ms', (done, total, elapsed, expected) => {
  expect(rateOf(done, total, elapsed)).toEqual(expected);
});

test.each([
  [1_234, '1,234/s'],
  [1.5, '1.5/s'],
  [0.3, '18/min'],
  [0.002, '0.12/min'],
  [0, ''],
])('a rate of %s a second is told as %p', (perSecond, expected) => {
  expect(rateText(perSecond)).toBe(expected);
});

test.each([
  [0, '0 s'],
  [59, '59 s'],
  [60, '1 min 0 s'],
  [3_599, '59 min 59 s'],
  [7_500, '2 h 5 min'],
])('%s seconds are told as %p', (seconds, expected) => {
  expect(durationText(seconds)).toBe(expected);
});
