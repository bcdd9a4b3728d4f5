import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Each requirement of the console has a browser test that is named after it. */

const ROOT = path.join(__dirname, '../..');
const TESTS = path.join(ROOT, 'test/browser');

const required = [
  ...readFileSync(path.join(ROOT, 'docs/console/requirements.md'), 'utf8').matchAll(/^\| (R\d+) +\|/gm),
].map(([, number]) => number);

/** Numbers that names of tests begin with: one, or several before the words. */
const proven = readdirSync(TESTS)
  .filter((file) => file.endsWith('.test.mjs'))
  .flatMap((file) => [...readFileSync(path.join(TESTS, file), 'utf8').matchAll(/^\s*test\('((?:R\d+ )+)/gm)])
  .flatMap(([, numbers = '']) => numbers.trim().split(' '));

test('requirements of the console are numbered from 1 without a gap', () => {
  expect(required).toEqual(required.map((_, index) => `R${index + 1}`));
  expect(required.length).toBeGreaterThan(20);
});

test('each has one browser test, and each such test a requirement', () => {
  const inOrder = [...proven].sort((one, other) => Number(one.slice(1)) - Number(other.slice(1)));
  expect(inOrder).toEqual(required);
});
