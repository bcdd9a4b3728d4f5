import { InvalidArgumentError, type Command } from 'commander';
import { reasonFault } from '../domain/text';
import { isOperatorId, OPERATOR_FORM, systemOperator, type OnRecord } from '../operator/operator';

/** The options of every command that writes: who does it, and why, as the record will say. */

/** Values of `--as` and `--reason` on the command line. */
export interface RecordOptions {
  readonly as?: string;
  readonly reason?: string;
}

/** Adds `--as` and `--reason`. `reasonRequired`: for what only an operator may do, past the account's own rules. */
export function onRecord(command: Command, { reasonRequired = false } = {}): Command {
  command.option('--as <name>', 'who does this, for the record; default the system’s user', parseOperator);
  const reason = ['--reason <text>', 'why, for the record', parseReason] as const;
  return reasonRequired ? command.requiredOption(...reason) : command.option(...reason);
}

/** Operator and reason to record; without `--as`, the operator is the system’s user. */
export const recordOf = ({ as, reason }: RecordOptions): OnRecord => ({
  operator: as ?? systemOperator(),
  reason,
});

function parseOperator(text: string): string {
  if (!isOperatorId(text)) throw new InvalidArgumentError(OPERATOR_FORM);
  return text;
}

function parseReason(text: string): string {
  const fault = reasonFault(text);
  if (fault !== null) throw new InvalidArgumentError(fault);
  return text;
}
