import { setTimeout as sleep } from 'node:timers/promises';
import {
  CommandError,
  type Command,
  type CommandBus,
  type CommandContext,
  type CommandOutcome,
} from '../commands/command';
import type { ReadModels } from '../../projections/view';

/**
 * Commands of an operator, many at once. Used by the command line: in its own process, or, when a server is running
 * on the data, through that server, for only one process writes to an embedded log.
 */
export interface OperatorBus {
  /** Decides all items, several at a time, and answers in their order once what was written can be read. */
  executeAll(items: readonly OperatorItem[]): Promise<readonly OperatorAnswer[]>;
}

export interface OperatorItem {
  readonly command: Command;
  readonly context: CommandContext;
}

/** An outcome, or the error that kept the command from being decided. */
export type OperatorAnswer =
  | CommandOutcome
  | { readonly accepted: false; readonly error: { readonly code: string; readonly message: string } };

/** How long to wait for the tables; a longer wait means that they are far behind, and the change stands anyway. */
const PROJECTION_WAIT_MS = 30_000;
const BEARABLE_LAG_MS = 1_000;

export function localOperatorBus(bus: CommandBus, readModels: ReadModels): OperatorBus {
  return {
    async executeAll(items) {
      // Guards refuse on tables that lag: whoever sends thousands of commands waits for them instead.
      while (readModels.status().lagMs > BEARABLE_LAG_MS && readModels.status().poison === null)
        await sleep(20);
      const answers = await Promise.all(items.map(({ command, context }) => answer(bus, command, context)));
      const last = answers.reduce<bigint | null>((latest, each) => {
        const position = 'position' in each && each.accepted && each.written > 0 ? each.position : null;
        return position !== null && (latest === null || position > latest) ? position : latest;
      }, null);
      if (last !== null) await readModels.waitFor(last, PROJECTION_WAIT_MS);
      return answers;
    },
  };
}

async function answer(bus: CommandBus, command: Command, context: CommandContext): Promise<OperatorAnswer> {
  try {
    return await bus.execute(command, context);
  } catch (error) {
    if (error instanceof CommandError)
      return { accepted: false, error: { code: error.code, message: error.message } };
    throw error;
  }
}
