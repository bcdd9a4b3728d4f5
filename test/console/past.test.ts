import { auditSearch, filterOf } from '../../console/src/audit/audit-search';
import { momentOf } from '../../console/src/past/moment';
import { stepsOf } from '../../console/src/past/steps';

const NOW = Date.UTC(2026, 10, 16, 14, 0);

test.each([
  [undefined, { state: 'now' }],
  ['2026-03-03T14:00:00Z', { state: 'past', at: '2026-03-03T14:00:00.000Z' }],
  ['2026-03-03T15:00+01:00', { state: 'past', at: '2026-03-03T14:00:00.000Z' }],
  ['2026-03-03', { state: 'unreadable', text: '2026-03-03' }],
  ['2026-13-03T14:00:00Z', { state: 'unreadable', text: '2026-13-03T14:00:00Z' }],
  ['yesterday', { state: 'unreadable', text: 'yesterday' }],
  ['2026-11-16T15:00:00Z', { state: 'ahead', text: '2026-11-16T15:00:00Z' }],
  // A clock that is a little behind that of the server.
  ['2026-11-16T14:02:00Z', { state: 'past', at: '2026-11-16T14:02:00.000Z' }],
])('the moment %s', (text, moment) => expect(momentOf(text, NOW)).toEqual(moment));

const entry = (at: string, summary: string) => ({ id: summary, at, summary });
const ENTRIES = [entry('3', 'd'), entry('2', 'c'), entry('2', 'b'), entry('1', 'a')];

test('what was recorded at one time is one step', () =>
  expect(stepsOf(ENTRIES, '2')).toEqual({
    all: [
      { at: '1', summaries: ['a'] },
      { at: '2', summaries: ['b', 'c'] },
      { at: '3', summaries: ['d'] },
    ],
    shown: '2',
    earlier: '1',
    later: '3',
  }));

test('between two changes, the earlier one is the one that is shown', () =>
  expect(stepsOf(ENTRIES, '2.5')).toMatchObject({ shown: '2', earlier: '2', later: '3' }));

test('before the first and behind the last there is no step on', () => {
  expect(stepsOf(ENTRIES, '0')).toMatchObject({ shown: undefined, earlier: undefined, later: '1' });
  expect(stepsOf(ENTRIES, '3')).toMatchObject({ shown: '3', earlier: '2', later: undefined });
});

test('the audit log ends at the moment that is shown, and at the day that is asked for', () => {
  const search = auditSearch({ to: '2026-11-06', from: '2026-02-31x', kind: 'nothing' });
  expect(search).toMatchObject({ to: '2026-11-06', from: undefined, kind: undefined });
  expect(filterOf(search, undefined).until).toBe('2026-11-06T23:59:59.999Z');
  expect(filterOf(search, '2026-11-05T00:00:00.000Z').until).toBe('2026-11-05T00:00:00.000Z');
  expect(filterOf(search, '2026-11-09T00:00:00.000Z').until).toBe('2026-11-06T23:59:59.999Z');
  expect(filterOf({}, undefined).until).toBeUndefined();
});
