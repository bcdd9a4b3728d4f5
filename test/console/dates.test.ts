import { ago, byDay, dayOf } from '../../console/src/format/dates';
import { count } from '../../console/src/format/numbers';

const NOW = Date.UTC(2026, 10, 16, 14, 0);
const before = (hours: number): string => new Date(NOW - hours * 3_600_000).toISOString();

test.each([
  [0, 'now'],
  [0.5, '30 minutes ago'],
  [2, '2 hours ago'],
  [25, 'yesterday'],
  [24 * 8, 'last week'],
  [24 * 40, 'last month'],
  [24 * 800, '2 years ago'],
])('%d hours before is “%s”', (hours, text) => expect(ago(before(hours), NOW)).toBe(text));

test('days of other years say their year', () => {
  expect(dayOf('2026-03-03T12:00:00Z', NOW)).toBe('3 March');
  expect(dayOf('2025-03-03T12:00:00Z', NOW)).toBe('3 March 2025');
});

test('entries of one day stand together, in their order', () => {
  const entries = ['2026-11-16T13:00:00Z', '2026-11-16T12:00:00Z', '2026-11-12T12:00:00Z'].map((at) => ({
    at,
  }));
  expect(byDay(entries, NOW)).toEqual([
    { day: '16 November', entries: entries.slice(0, 2) },
    { day: '12 November', entries: entries.slice(2) },
  ]);
});

test('numbers have their separators', () => expect(count(10_000)).toBe('10,000'));
