import { csv } from '../../console/src/audit/csv';

/** The export of the audit log. */

test('cells with commas, quotes and line breaks are quoted', () => {
  expect(
    csv(
      ['a', 'b'],
      [
        ['1, 2', 'say "no"'],
        ['two\nlines', 'plain'],
      ],
    ),
  ).toBe('\uFEFFa,b\r\n"1, 2","say ""no"""\r\n"two\nlines",plain\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('%j is no formula in a spreadsheet', (text) => {
  const [, line = ''] = csv(['a'], [[text]]).split('a\r\n');
  expect(line.replace(/^"/, '')).toMatch(/^'/);
});

test('a dash inside of a text is one', () => {
  expect(csv(['a'], [['2026-03-03', 'on-call']])).toContain('2026-03-03,on-call');
});
