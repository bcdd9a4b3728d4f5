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

/**
 * Progress of long work: done, total, rate, time left. One line that is rewritten, or plain lines without a terminal.
 * `from`: what was done before this work began.
 */
export function progress(label: string, from = 0, stream: NodeJS.WriteStream = process.stderr): Progress {
  const started = Date.now();
  let reported = 0;
  /** What is not shown yet: it comes for each of a million events, and is rendered a few times a second. */
  let unshown: readonly [done: number, total: number | null] | null = null;
  const render = ([done, total]: readonly [number, number | null]): string => {
    const { perSecond, secondsLeft } = rateOf(done, total, Date.now() - started, from);
    const left = secondsLeft === null ? '' : `, ${secondsLeft} s left`;
    const of = total === null ? '' : ` of ${total.toLocaleString('en')}`;
    return `${label}: ${done.toLocaleString('en')}${of}, ${perSecond.toLocaleString('en')}/s${left}`;
  };
  return {
    update(done, total) {
      unshown = [done, total];
      const now = Date.now();
      if (now - reported < (stream.isTTY ? 100 : REPORT_EVERY_MS)) return;
      reported = now;
      stream.write(stream.isTTY ? `\r\x1b[K${render(unshown)}` : `${render(unshown)}\n`);
      unshown = null;
    },
    finish() {
      const line = unshown === null ? '' : render(unshown);
      if (stream.isTTY) stream.write(line ? `\r\x1b[K${line}\n` : reported > 0 ? '\n' : '');
      else if (line) stream.write(`${line}\n`);
    },
  };
}

/** Progress of work that has steps of its own, each told by its name. */
export function stepProgress(): {
  readonly update: (step: string, done: number, total: number | null) => void;
  readonly finish: () => void;
} {
  let step = '';
  let shown: Progress | null = null;
  const finish = (): void => {
    shown?.finish();
    shown = null;
  };
  return {
    update(name, done, total) {
      if (name !== step) finish();
      step = name;
      // A step may be taken up where it was left.
      shown ??= progress(name, done);
      shown.update(done, total);
    },
    finish,
  };
}
