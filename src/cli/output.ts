import Table from 'cli-table3';
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

/** One line of data. */
export const line = (text: string): boolean => process.stdout.write(`${text}\n`);

/** A failure that the user is told as it is, without a stack trace; exit code 1. */
export class CliFailure extends Error {}
