import { rightsOf } from './batch/batch';
import { MAX_GUARD_LAG_MS, type DecisionReads } from './decision-reads';
import { rightsNeeded } from './field-rights';
import { CommandError, type CommandContext } from './outcome';
import { definitionOf, type Command } from './registry';
import { NEWER, POISONED } from './streams/folds';

/**
 * Authorises a command. Runs before any fault of an input is reported, so that an actor without rights learns nothing.
 * @throws CommandError if the tables stopped at an event, or lag too far behind the log to decide, and if the actor
 *   lacks a right
 */
export function demandRights(command: Command, context: CommandContext, reads: DecisionReads): void {
  if (reads.newer()) throw new CommandError('LOG_NEWER', NEWER);
  if (reads.poisoned()) throw new CommandError('LOG_POISONED', POISONED);
  const lag = reads.lagMs();
  if (lag > MAX_GUARD_LAG_MS) {
    throw new CommandError(
      'STALE_REPLICA',
      Number.isFinite(lag)
        ? `This replica lags ${Math.round(lag / 1000)} s behind the log and cannot decide. Try another, or later.`
        : 'This replica has not yet read what the log held when it started, and cannot decide. Try another, or later.',
    );
  }
  const rights = rightsOf(context, reads);
  if (!rights) return;
  const missing = neededRights(command).filter((right) => !rights.may(right));
  if (missing.length > 0)
    throw new CommandError('FORBIDDEN', `This needs the permission ${missing.join(' and ')}.`);
}

/** Permissions that a command needs, all of them. */
function neededRights({ type, ...input }: Command): readonly string[] {
  const definition = definitionOf(type);
  return definition ? rightsNeeded(definition.input, definition.rights, input) : [];
}
