import Table from 'cli-table3';
import { once } from 'node:events';
import { printAbove } from './progress';

/** Data goes to stdout, progress and messages to stderr; so a pipe carries data alone. */

/** Prints rows as a table, or as JSON (an array of objects by column) with `--json`. */
export function printTable(
  columns: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  json: boolean,
): void {
  if (json) {
    const objects = rows.map((row) =>
      Object.fromEntries(columns.map((column, index) => [column, row[index]])),
    );
    process.stdout.write(`${JSON.stringify(objects, null, 2)}\n`);
    return;
  }
  const table = new Table({ head: [...columns], style: { head: [], border: [] } });
  table.push(...rows.map((row) => [...row]));
  process.stdout.write(`${table.toString()}\n`);
}

export const message = printAbove;

/** Logger of a command: warnings are messages, for people. */
export const toPeople = {
  info: () => undefined,
  warn: (_fields: object, text: string) => message(text),
};

/** Prints one line of data; resolves once the stream accepts more, so that a slow reader holds its writer back. */
export async function line(text: string): Promise<void> {
  if (!process.stdout.write(`${text}\n`)) await once(process.stdout, 'drain');
}

/** A failure shown to the user by its message, without a stack trace; exit code 1. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
