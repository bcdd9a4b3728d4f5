import { InvalidArgumentError, type Command } from 'commander';
import { reasonFault } from '../domain/text';
import { isOperatorId, OPERATOR_FORM, systemHost, systemOperator, type OnRecord } from '../operator/operator';

/** The options of every command that writes: the operator and the reason, for the record. */

/** Values of `--as` and `--reason` on the command line. */
export interface RecordOptions {
  readonly as?: string;
  readonly reason?: string;
}

/**
 * Adds `--as` and `--reason`. `reasonRequired`: for changes past the account's own rules, which only operators make.
 */
export function onRecord(command: Command, { reasonRequired = false } = {}): Command {
  command.option('--as <name>', 'who does this, for the record; default the system’s user', parseOperator);
  const reason = ['--reason <text>', 'why, for the record', parseReason] as const;
  return reasonRequired ? command.requiredOption(...reason) : command.option(...reason);
}

/** Operator, machine and reason to record; without `--as`, the operator is the system’s user. */
export const recordOf = ({ as, reason }: RecordOptions): OnRecord => ({
  operator: as ?? systemOperator(),
  host: systemHost(),
  reason,
});

/** Value of `--as`. */
export function parseOperator(text: string): string {
  if (!isOperatorId(text)) throw new InvalidArgumentError(OPERATOR_FORM);
  return text;
}

function parseReason(text: string): string {
  const fault = reasonFault(text);
  if (fault !== null) throw new InvalidArgumentError(fault);
  return text;
}
