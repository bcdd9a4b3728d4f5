import { medianRatios } from '../../bench/report/median-ratios';
import type { Figure } from '../../bench/report/figure';

/** Verdicts on interleaved runs of two versions. */

const run = (value: number, unit: Figure['unit'] = 'ms') => ({
  figures: [{ group: 'g', what: 'w', value, unit }],
});
const compare = (old: number[], now: number[], unit?: Figure['unit']) =>
  medianRatios(
    old.map((value) => run(value, unit)),
    now.map((value) => run(value, unit)),
    0.05,
  )[0];

test.each([
  ['a difference of less than the share', [100, 100, 100], [104, 104, 104], 'ms', 'within'],
  ['a larger one among the old runs', [90, 100, 120], [115, 115, 115], 'ms', 'within'],
  ['a longer time', [100, 100, 100], [106, 106, 106], 'ms', 'worse'],
  ['a shorter time', [100, 100, 100], [94, 94, 94], 'ms', 'better'],
  ['a higher rate', [100, 100, 100], [106, 106, 106], '/s', 'better'],
  ['a lower rate', [100, 100, 100], [94, 94, 94], '/s', 'worse'],
  ['medians, whatever the extremes', [1, 100, 900], [90, 950, 2_000], 'ms', 'worse'],
] as const)('%s', (_what, old, now, unit, verdict) => {
  expect(compare([...old], [...now], unit)?.verdict).toBe(verdict);
});

test('an even number of runs has the mean of the two in the middle; a figure that a run lacks is left out', () => {
  expect(compare([1, 2, 4, 9], [3, 3])).toMatchObject({ before: 3, after: 3, ratio: 1, spread: [1, 9] });
  for (const lacking of [[], [run(1)]])
    expect(medianRatios([run(1)], [...lacking, { figures: [] }], 0.05)).toEqual([]);
});
