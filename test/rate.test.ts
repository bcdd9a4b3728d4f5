import { rateOf } from '../src/rate';

test.each([
  [500, 2_000, 1_000, { perSecond: 500, secondsLeft: 3 }],
  [500, 2_001, 1_000, { perSecond: 500, secondsLeft: 4 }],
  [500, null, 250, { perSecond: 2_000, secondsLeft: null }],
  [0, 10, 5_000, { perSecond: 0, secondsLeft: null }],
  [10, 8, 1_000, { perSecond: 10, secondsLeft: 0 }],
  [10, 10, 0, { perSecond: 10_000, secondsLeft: 0 }],
])('%s of %s in %s ms', (done, total, elapsed, expected) => {
  expect(rateOf(done, total, elapsed)).toEqual(expected);
});
