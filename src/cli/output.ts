import Table from 'cli-table3';
import { rateOf } from '../rate';

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

export const message = (text: string): void => void process.stderr.write(`${text}\n`);

/** One line of data. */
export const line = (text: string): boolean => process.stdout.write(`${text}\n`);

/** A failure that the user is told as it is, without a stack trace; exit code 1. */
export class CliFailure extends Error {}

const REPORT_EVERY_MS = 1_000;

export interface Progress {
  /** `total` null: not known. */
  update(done: number, total: number | null): void;
  finish(): void;
}

/** Progress of long work: done, total, rate, time left. One line that is rewritten, or plain lines without a terminal. */
export function progress(label: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  const started = Date.now();
  let reported = 0;
  let last = '';
  let shown = '';
  const render = (done: number, total: number | null): string => {
    const { perSecond, secondsLeft } = rateOf(done, total, Date.now() - started);
    const left = secondsLeft === null ? '' : `, ${secondsLeft} s left`;
    const of = total === null ? '' : ` of ${total.toLocaleString('en')}`;
    return `${label}: ${done.toLocaleString('en')}${of}, ${perSecond.toLocaleString('en')}/s${left}`;
  };
  return {
    update(done, total) {
      last = render(done, total);
      const now = Date.now();
      if (now - reported < (stream.isTTY ? 100 : REPORT_EVERY_MS)) return;
      reported = now;
      shown = last;
      stream.write(stream.isTTY ? `\r\x1b[K${last}` : `${last}\n`);
    },
    finish() {
      if (stream.isTTY && last) stream.write(`\r\x1b[K${last}\n`);
      else if (last !== shown) stream.write(`${last}\n`);
    },
  };
}
