import { InvalidArgumentError } from 'commander';

/** Values of options, checked: a wrong one is a usage error (exit code 2). */

export function parseTime(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw new InvalidArgumentError('Expected a time such as 2026-11-24 or 2026-11-24T08:00:00Z.');
  return time;
}

export function parseAccount(text: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(text))
    throw new InvalidArgumentError('An account’s id has 1 to 64 of A-Z a-z 0-9 _ -.');
  return text;
}
