import { setTimeout as sleep } from 'node:timers/promises';
import {
  CommandError,
  type Command,
  type CommandBus,
  type CommandContext,
  type CommandOutcome,
} from '../commands/command';
import type { Position } from '../event-store/port/event-store';
import { isStopped, type ReadModels } from '../../projections/view';

/**
 * Commands of an operator, many at once. Used by the command line: in its own process, or, if a server is running on
 * the data, through that server, for only one process writes to an embedded log.
 */
export interface OperatorBus {
  /** Decides all items, many at a time, and answers in their order. */
  executeAll(items: readonly OperatorItem[], options?: ExecuteOptions): Promise<readonly OperatorAnswer[]>;
}

export interface ExecuteOptions {
  /** Answers as soon as all is written, ahead of the tables; otherwise once the changes can be read. */
  readonly ahead?: boolean;
}

export interface OperatorItem {
  readonly command: Command;
  readonly context: CommandContext;
}

/** An outcome, or the error that kept the command from being decided. */
export type OperatorAnswer =
  | CommandOutcome
  | { readonly accepted: false; readonly error: { readonly code: string; readonly message: string } };

/** Time limit of the wait for the tables, in milliseconds. Beyond it they lag far; the change is recorded anyway. */
const PROJECTION_WAIT_MS = 30_000;
const BEARABLE_LAG_MS = 2_000;
/** Number of commands decided in one go: some milliseconds in which nothing else in the process runs. */
export const AT_ONCE = 125;

/** `onFault`: called with an unexpected error, which the answer reports without details. */
export function localOperatorBus(
  bus: CommandBus,
  readModels: ReadModels,
  onFault: (error: unknown, context: CommandContext) => void = () => undefined,
): OperatorBus {
  return {
    async executeAll(items, { ahead = false } = {}) {
      const answers: OperatorAnswer[] = [];
      for (let start = 0; start < items.length; start += AT_ONCE) {
        // Guards refuse on tables that lag: whoever sends thousands of commands waits for them instead.
        while (readModels.status().lagMs > BEARABLE_LAG_MS && !isStopped(readModels.status()))
          await sleep(20);
        const some = items.slice(start, start + AT_ONCE);
        answers.push(...(await Promise.all(some.map((item) => answer(bus, item, onFault)))));
      }
      const last = lastWritten(answers);
      if (last !== null && !ahead) await readModels.waitFor(last, PROJECTION_WAIT_MS);
      return answers;
    },
  };
}

/** Position of the last event written; null if nothing was written. */
export function lastWritten(answers: readonly OperatorAnswer[]): Position | null {
  return answers.reduce<Position | null>((latest, each) => {
    const position = each.accepted && each.written > 0 ? each.position : null;
    return position !== null && (latest === null || position > latest) ? position : latest;
  }, null);
}

/**
 * Every item has an answer of its own: a fault in one implies nothing about the others, which may be written already.
 */
async function answer(
  bus: CommandBus,
  { command, context }: OperatorItem,
  onFault: (error: unknown, context: CommandContext) => void,
): Promise<OperatorAnswer> {
  try {
    return await bus.execute(command, context);
  } catch (error) {
    if (error instanceof CommandError)
      return { accepted: false, error: { code: error.code, message: error.message } };
    onFault(error, context);
    const message = 'The command failed for a reason that is not its own; the log of the server says more.';
    return { accepted: false, error: { code: 'INTERNAL_SERVER_ERROR', message } };
  }
}
