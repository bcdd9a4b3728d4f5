import {
  durationText,
  estimatedTotal,
  every,
  ProgressMeter,
  rateOf,
  rateText,
} from '../../src/shared/progress';

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

describe('a meter', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('counts from what was done before, and never back', () => {
    const meter = new ProgressMeter(1_000);
    expect([meter.done, meter.total, meter.share]).toEqual([1_000, null, null]);
    jest.advanceTimersByTime(2_000);
    meter.update(1_500, 2_000);
    meter.update(1_200, 1_000);
    expect([meter.done, meter.total, meter.share]).toEqual([1_500, 1_500, 1]);
    meter.update(1_500, 2_000);
    expect(meter.rate()).toEqual({ perSecond: 250, secondsLeft: 2 });
  });

  test('reports are due once in a while, or when forced', () => {
    const isDue = every(1_000);
    expect(isDue()).toBe(false);
    jest.advanceTimersByTime(1_000);
    expect([isDue(), isDue(), isDue(true), isDue()]).toEqual([true, false, true, false]);
  });
});

test('the number of events is estimated by how far along the log they reach', () => {
  expect(estimatedTotal(10, 50n, 100n)).toBe(20);
  expect(estimatedTotal(10, 200n, 100n)).toBe(10);
  expect(estimatedTotal(0, 0n, 100n)).toBeNull();
});
