import type { OperatorAnswer } from '../operator/operator-bus';
import { CliError } from './output';

/** The answer to a command that was accepted. @throws CliError with the codes of the refusals */
export function accepted(answer: OperatorAnswer | undefined): Extract<OperatorAnswer, { accepted: true }> {
  if (!answer) throw new CliError('There was no answer.');
  if (answer.accepted) return answer;
  if ('error' in answer) throw new CliError(`${answer.error.code}: ${answer.error.message}`);
  throw new CliError(answer.refusals.map(({ code, message: text }) => `${code}: ${text}`).join('\n'));
}
