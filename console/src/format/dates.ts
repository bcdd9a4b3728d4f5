/** Dates and times in the language of the console; the time zone is the reader's. */

const MINUTE = 60_000;
const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 24 * 60 * MINUTE],
  ['month', 30 * 24 * 60 * MINUTE],
  ['week', 7 * 24 * 60 * MINUTE],
  ['day', 24 * 60 * MINUTE],
  ['hour', 60 * MINUTE],
  ['minute', MINUTE],
];

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** “2 hours ago”, “yesterday”, “now”: how long ago it was, in the largest unit that fits. */
export function ago(moment: string, now: number): string {
  const past = new Date(moment).getTime() - now;
  const found = UNITS.find(([, size]) => Math.abs(past) >= size);
  return found ? relative.format(Math.trunc(past / found[1]), found[0]) : relative.format(0, 'second');
}

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'medium' });
const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' });
const utcDay = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const utcTime = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'UTC' });
const utcSeconds = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'UTC' });
const dayOfYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

/** “16 November 2026 at 14:02:11”. */
export const fullMoment = (at: string): string => moment.format(new Date(at));

/** “16 November 2026, 14:02:11 UTC”: the moment as the record names it, in no reader’s zone; seconds only where it has any. */
export function utcMoment(at: string): string {
  const date = new Date(at);
  const hours = date.getTime() % MINUTE === 0 ? utcTime : utcSeconds;
  return `${utcDay.format(date)}, ${hours.format(date)} UTC`;
}

/** “16 November 2026”, in UTC. */
export const dateOf = (at: string): string => utcDay.format(new Date(at));

/** “14:02”. */
export const timeOfDay = (at: string): string => time.format(new Date(at));

/** “16 November”, with the year where it is another than that of `now`. */
export function dayOf(at: string, now: number): string {
  const date = new Date(at);
  return (date.getFullYear() === new Date(now).getFullYear() ? day : dayOfYear).format(date);
}

/** Entries by day of the reader, in their order. */
export function byDay<Entry extends { readonly at: string }>(
  entries: readonly Entry[],
  now: number,
): { readonly day: string; readonly entries: Entry[] }[] {
  const days: { day: string; entries: Entry[] }[] = [];
  for (const entry of entries) {
    const name = dayOf(entry.at, now);
    const last = days.at(-1);
    if (last?.day === name) last.entries.push(entry);
    else days.push({ day: name, entries: [entry] });
  }
  return days;
}

/** “16 November, 14:02”, with the year where it is another than that of `now`. */
export const momentOfDay = (at: string, now: number): string => `${dayOf(at, now)}, ${timeOfDay(at)}`;
