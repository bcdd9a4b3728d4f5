import { InvalidArgumentError } from 'commander';
import { MOMENT_FORM, parseMoment } from '../domain/moment';
import { isId } from '../domain/vocabulary';

/** Values of options, checked: a wrong one is a usage error (exit code 2). */

export function parseTime(text: string): Date {
  const time = parseMoment(text);
  if (time === null) throw new InvalidArgumentError(`Give ${MOMENT_FORM}.`);
  return time;
}

export function parseAccount(text: string): string {
  if (!isId(text)) throw new InvalidArgumentError('An account’s id has 1 to 64 of A-Z a-z 0-9 _ -.');
  return text;
}

/** Reads an id of a role or user as people paste it: `account-admin` or, as in the API, `Role:account-admin`. */
export function plainId(type: 'Role' | 'User', id: string): string {
  return id.startsWith(`${type}:`) ? id.slice(type.length + 1) : id;
}

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const LONGEST_DAYS = 366;

/** Reads a duration, as `30d`, `12h` or `45m`; in milliseconds, up to a year. */
export function parseDuration(text: string): number {
  const [, count = '', unit = 'd'] = /^([1-9]\d{0,5})([mhd])$/.exec(text) ?? [];
  const ms = Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  if (ms > 0 && ms <= LONGEST_DAYS * UNIT_MS.d) return ms;
  throw new InvalidArgumentError(
    `Give minutes, hours or days, as 45m, 12h or 30d: ${LONGEST_DAYS}d at most.`,
  );
}

/** Reads a whole number between two bounds. */
export const parseWhole =
  (least: number, most: number) =>
  (text: string): number => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
