/**
 * Dates and times as people write them. Every entry point parses them here: a text accepted by one is accepted by all,
 * as the same time.
 */

/** Description of the accepted forms, for messages. */
export const MOMENT_FORM =
  'a date such as 2026-11-27, which is its start in UTC, or a time with its zone such as 2026-11-27T08:30Z or 2026-11-27T08:30:15.250+01:00';

const DATE = /^(\d{4})-(\d{2})-(\d{2})/;
const TIME = /^[Tt](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?([Zz]|[+-]\d{2}(?::?\d{2})?)$/;
const MAX_LENGTH = 40;
const MINUTE_MS = 60_000;

/**
 * The time that a text in ISO 8601 names: a plain date, or a date and time with a zone. Truncated to the millisecond.
 * Null for anything else: days and hours that do not exist, a time without a zone, years before 1 and after 9999 (UTC).
 */
export function parseMoment(text: string): Date | null {
  const date = text.length <= MAX_LENGTH ? DATE.exec(text) : null;
  const day = date && startOfDay(date.slice(1).map(Number));
  if (!date || !day) return null;
  const rest = text.slice(date[0].length);
  const time = rest === '' ? 0 : msIntoDay(rest);
  const moment = new Date(day.getTime() + (time ?? Number.NaN));
  // A zone can move the time out of the years that ISO 8601 writes with four digits.
  const year = moment.getUTCFullYear();
  return year >= 1 && year <= 9_999 ? moment : null;
}

function startOfDay([year = 0, month = 0, day = 0]: readonly number[]): Date | null {
  const start = new Date(0);
  // `Date.UTC` would take years before 100 for years of the last century.
  start.setUTCFullYear(year, month - 1, day);
  // `Date.UTC` would read a day that its month lacks as one of the next month.
  return start.getUTCMonth() === month - 1 && start.getUTCDate() === day ? start : null;
}

/** Milliseconds from the start of the day in UTC; null for a time that does not exist. */
function msIntoDay(text: string): number | null {
  const [, hour, minute, second = '0', fraction = '', zone = ''] = TIME.exec(text) ?? [];
  const offset = minutesAhead(zone);
  if (hour === undefined || offset === null) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
  return (Number(hour) * 60 + Number(minute) - offset) * MINUTE_MS + Number(second) * 1_000 + ms;
}

function minutesAhead(zone: string): number | null {
  if (/^z$/i.test(zone)) return 0;
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59) return null;
  const ahead = Number(hours) * 60 + Number(minutes);
  return sign === '-' ? -ahead : ahead;
}
