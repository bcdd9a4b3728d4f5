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

/** Reads a whole number between two bounds. */
export const parseWhole =
  (least: number, most: number) =>
  (text: string): number => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
