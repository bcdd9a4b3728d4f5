import fc from 'fast-check';
import { parseMoment } from '../../src/domain/moment';

describe('Moments', () => {
  test.each([
    ['2026-11-27', '2026-11-27T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-11-27T08:30Z', '2026-11-27T08:30:00.000Z'],
    ['2026-11-27T08:30:15Z', '2026-11-27T08:30:15.000Z'],
    ['2026-11-27t08:30:15.25z', '2026-11-27T08:30:15.250Z'],
    ['2026-11-27T08:30:15,9999999+01:00', '2026-11-27T07:30:15.999Z'],
    ['2026-11-27T00:30+0530', '2026-11-26T19:00:00.000Z'],
    ['2026-12-31T23:00-02', '2027-01-01T01:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['0050-06-01', '0050-06-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is %s', (text, moment) => {
    expect(parseMoment(text)?.toISOString()).toBe(moment);
  });

  test.each([
    ['a day that does not exist', '2026-02-30'],
    ['another', '2026-13-01'],
    ['a nought', '2026-00-10'],
    ['no leap year', '2100-02-29'],
    ['no zone', '2026-11-20T10:00'],
    ['no zone, with seconds', '2026-11-20T10:00:00'],
    ['an hour that does not exist', '2026-11-20T24:00Z'],
    ['a minute that does not exist', '2026-11-20T10:60Z'],
    ['a second that does not exist', '2026-11-20T10:00:60Z'],
    ['a zone that does not exist', '2026-11-20T10:00+24:00'],
    ['a blank for the T', '2026-11-20 10:00Z'],
    ['blanks around it', ' 2026-11-20'],
    ['a line end', '2026-11-20\n'],
    ['the year 0', '0000-06-01'],
    ['a year before 1 by its zone', '0001-01-01T00:00:00+01:00'],
    ['a year before 0 by its zone', '0000-01-01T00:00:00+01:00'],
    ['a year after 9999 by its zone', '9999-12-31T23:59:59-01:00'],
    ['an expanded year', '+002026-11-20'],
    ['a week', '2026-W48-5'],
    ['words', 'yesterday'],
    ['a number', '1764201600000'],
    ['other digits', '２０２６-11-20'],
    ['nothing', ''],
    ['much', `2026-11-20T10:00:00.${'1'.repeat(1_000_000)}Z`],
  ])('%s is none', (_what, text) => {
    expect(parseMoment(text)).toBeNull();
  });

  test('every moment of those years is read as it is written', () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date('0001-01-01T00:00:00Z'),
          max: new Date('9999-12-31T23:59:59.999Z'),
          noInvalidDate: true,
        }),
        (date) => {
          expect(parseMoment(date.toISOString())).toEqual(date);
          const day = date.toISOString().slice(0, 10);
          expect(parseMoment(day)?.toISOString()).toBe(`${day}T00:00:00.000Z`);
        },
      ),
    );
  });
});
