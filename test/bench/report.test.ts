import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { held, ratioOf, type Figure } from '../../bench/report/figure';
import { referenceResult, resultFile, resultOf, writeFigures, writeResult } from '../../bench/report/result';
import { number, markdownFigures, rowOf, terminalTable } from '../../bench/report/table';
import { differenceOfMedians, median, percentile } from '../../bench/stats';

const figure = (value: number, more: Partial<Figure> = {}): Figure => ({
  group: 'checks',
  what: 'check in process, 1M users',
  value,
  unit: '/s',
  ...more,
});
const against = { what: '1k users', value: 30_000, unit: '/s' } as const;

test('a bound of the ratio holds up to the bound itself', () => {
  const wanted = { of: 'ratio', atLeast: 0.5 } as const;
  expect(held(figure(15_000, { against, wanted }))).toBe(true);
  expect(held(figure(14_999, { against, wanted }))).toBe(false);
  expect(ratioOf(figure(15_000, { against }))).toBe(0.5);
});

test('a bound of the value needs nothing to compare with', () => {
  const wanted = { of: 'value', atMost: 50 } as const;
  expect(held(figure(50, { unit: 'ms', wanted }))).toBe(true);
  expect(held(figure(50.1, { unit: 'ms', wanted }))).toBe(false);
});

test('a difference holds no bound but where 0 is in its interval, or all of it is near to 0', () => {
  const wanted = { of: 'interval', atMost: 0.1 } as const;
  const verdict = (...interval: [number, number]) => held(figure(1, { unit: 'ms', wanted, interval }));
  expect([verdict(-3, 3), verdict(0, 2), verdict(0.01, 0.1), verdict(-0.1, -0.01)]).toEqual(
    Array(4).fill(true),
  );
  expect([verdict(0.01, 0.11), verdict(-0.2, -0.01), verdict(NaN, 1)]).toEqual(Array(3).fill(false));
  expect(held(figure(0, { wanted }))).toBe(false);
  const row = rowOf(figure(0.2, { unit: 'ms', wanted, interval: [0.1, 0.3] }));
  expect(row.slice(1)).toEqual(['0.2 ms (0.1 to 0.3)', '', '', 'holds 0, or ± 0.1 ms', 'NO']);
});

test('no bound, no verdict; what could not be measured does not hold', () => {
  expect(held(figure(1, { against }))).toBeNull();
  expect(held(figure(NaN, { wanted: { of: 'value', atMost: 1 } }))).toBe(false);
  expect(held(figure(1, { wanted: { of: 'ratio', atMost: 1 } }))).toBe(false);
});

test('a row tells the figure, what it is measured against, the ratio, the bound and whether it held', () => {
  const wanted = { of: 'ratio', atLeast: 1 / 1.5 } as const;
  expect(rowOf(figure(15_123, { against, wanted }))).toEqual([
    'check in process, 1M users',
    '15,123/s',
    '1k users: 30,000/s',
    '0.504',
    '≥ 0.667',
    'NO',
  ]);
  expect(rowOf(figure(1.234_5, { unit: 'ms' }))).toEqual([
    'check in process, 1M users',
    '1.23 ms',
    '',
    '',
    '',
    '',
  ]);
});

test('numbers have three digits, or all of the whole ones', () => {
  expect([1_234_567.8, 123.4, 12.345, 0.001_234_5, NaN].map(number)).toEqual([
    '1,234,568',
    '123',
    '12.3',
    '0.00123',
    'not taken',
  ]);
});

test('the page of figures gets those of which something is wanted, from the newest reference', () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'rolebook-results-'));
  try {
    const page = path.join(directory, 'figures.md');
    writeFileSync(page, 'before\n<!-- figures -->\nold\n<!-- /figures -->\nafter\n');
    const wanted = { of: 'ratio', atLeast: 0.5 } as const;
    const run = { quick: false, minutes: 1, notes: ['A note.'] };
    writeResult(directory, '2026-01-01.json', resultOf([figure(1)], run));
    writeResult(
      directory,
      '2026-01-02.json',
      resultOf([figure(30_000, { against, wanted }), figure(2)], run),
    );
    writeResult(directory, resultFile('2026-01-03', 'local'), resultOf([figure(3)], run));
    writeResult(directory, resultFile('2026-01-04', 'limits'), resultOf([figure(4)], run));
    expect(referenceResult(directory, 'limits').figures).toMatchObject([{ value: 4 }]);
    expect(() => referenceResult(directory, 'limit')).toThrow('“limit”');
    const reference = referenceResult(directory);
    expect(reference.figures.map(({ ratio, held: verdict }) => [ratio, verdict])).toEqual([
      [1, true],
      [null, null],
    ]);
    writeFigures(page, reference);
    const text = readFileSync(page, 'utf8');
    expect(text).toContain(
      '| check in process, 1M users | 1k users | 1 | ≥ 0.5 | yes |\n\n<!-- /figures -->\nafter',
    );
    expect(text).toContain('A note.');
    expect(text).not.toContain('old');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test('the terminal table has every figure under its group', () => {
  const text = terminalTable([figure(1), figure(2, { group: 'start', what: 'start to ready' })]);
  expect(text.indexOf('CHECKS')).toBeLessThan(text.indexOf('check in process'));
  expect(text.indexOf('START')).toBeLessThan(text.indexOf('start to ready'));
  expect(markdownFigures([figure(1)])).not.toContain('check in process');
});

test('the interval of a difference of medians is narrow where the pairs are many, and holds the difference', () => {
  const noise = (n: number): number => ((n * 7_919) % 1_000) / 1_000;
  const pairs = (by: number) =>
    Array.from({ length: 400 }, (_, n) => [noise(n) + by, noise(n + 333)] as const);
  for (const by of [0, 0.5]) {
    const { value, interval } = differenceOfMedians(pairs(by));
    expect(Math.abs(value - by)).toBeLessThan(0.2);
    expect(interval[0]).toBeLessThan(by + 0.1);
    expect(interval[1]).toBeGreaterThan(by - 0.1);
    expect(interval[1] - interval[0]).toBeLessThan(0.4);
  }
  expect(differenceOfMedians([]).value).toBeNaN();
});

test('percentiles are samples that were seen', () => {
  const samples = [5, 1, 4, 2, 3];
  expect(median(samples)).toBe(3);
  expect(percentile(samples, 0.99)).toBe(5);
  expect(percentile(samples, 0)).toBe(1);
  expect(percentile([], 0.5)).toBeNaN();
  expect(samples).toEqual([5, 1, 4, 2, 3]);
});
