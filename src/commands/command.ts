import type { CommandContext, CommandOutcome } from './outcome';
import type { Command } from './registry';

/**
 * The interface of the room: every change of roles, users and accounts is a command, and goes through a `CommandBus`.
 * Here it is checked, authorised, decided by the rules of the domain, and appended to the log. The room knows the log
 * by its port and the tables by `DecisionReads`; it must never name a store, a database or a protocol, and never decide
 * on the tables what only a stream has exactly.
 */

export { placed } from './input-fields';
export { CommandError, inputRefusal } from './outcome';
export type { CommandContext, CommandErrorCode, CommandOutcome, CommandOwner, InputRefusal } from './outcome';
export type { Command } from './registry';

/** The only entry point for changes. */
export interface CommandBus {
  /** @throws CommandError */
  execute(command: Command, context: CommandContext): Promise<CommandOutcome>;
}
