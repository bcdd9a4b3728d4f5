import { InvalidArgumentError } from 'commander';
import { MOMENT_FORM, parseMoment } from '../domain/moment';

/** Values of options, checked: a wrong one is a usage error (exit code 2). */

export function parseTime(text: string): Date {
  const time = parseMoment(text);
  if (time === null) throw new InvalidArgumentError(`Give ${MOMENT_FORM}.`);
  return time;
}

export function parseAccount(text: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(text))
    throw new InvalidArgumentError('An account’s id has 1 to 64 of A-Z a-z 0-9 _ -.');
  return text;
}
