import { memoryCheck } from './flood/verdict';

const MB = 2 ** 20;
/** Samples of so many MB each. */
const samples = (...sizes: number[]) =>
  sizes.flatMap((size) => Array.from({ length: 5 }, () => ({ main: size * MB, projector: 10 * MB, rss: 0 })));

test('memory that stays as it was after the first fifth is flat, up to the bound', () => {
  expect(memoryCheck(samples(20, 90, 95, 97, 100), 50_000).holds).toBe(true);
  expect(memoryCheck(samples(20, 90, 95, 97, 101), 50_000).holds).toBe(false);
});

test('a run whose caches are still being filled is not judged; missing samples are a fault', () => {
  expect(memoryCheck(samples(20, 40, 60, 80, 100), 5_000).holds).toBeNull();
  expect(memoryCheck([], 50_000).holds).toBe(false);
  const silent = samples(20, 90, 90, 90, 90).map((each) => ({ ...each, projector: null }));
  expect(memoryCheck(silent, 50_000).holds).toBe(false);
});
