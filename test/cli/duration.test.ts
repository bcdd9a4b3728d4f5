import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../../src/cli/values';

test.each([
  ['1m', 60_000],
  ['45m', 45 * 60_000],
  ['12h', 12 * 3_600_000],
  ['30d', 30 * 86_400_000],
  ['366d', 366 * 86_400_000],
])('%s is a duration', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', '30', '0d', '-1d', '1.5h', '1w', 'd', '367d', '30 d', '1d1h', '9999999m'])(
  '%p is none',
  (text) => {
    expect(() => parseDuration(text)).toThrow(InvalidArgumentError);
  },
);
