import type { OperatorAnswer, OperatorItem } from '../../operator/operator-bus';
import {
  isIdTaken,
  isOfErased,
  isOfTakenId,
  registerByUsername,
  type OperatorTarget,
  type Registration,
} from '../register-user';

/** A registration that a file asks for. */
export interface Asked extends OperatorItem {
  readonly command: {
    readonly type: 'registerUser';
    readonly user: string;
    readonly username: string;
    readonly name: string;
  };
  /** True if the id is in the file; otherwise it is derived from the username. */
  readonly given: boolean;
}

export type Registered = Registration;

/** Registers many at once, ahead of the tables; answers in their order. */
export async function registerAll(target: OperatorTarget, asked: readonly Asked[]): Promise<Registered[]> {
  const items = asked.map(({ command, context }) => ({ command, context }));
  const answers = await target.bus.executeAll(items, { ahead: true });
  const registered: Registered[] = [];
  for (const [index, { command, given }] of asked.entries()) {
    const answer = answers[index];
    if (!answer) throw new Error('An answer is missing.');
    const again = !given && (isIdTaken(answer) || isOfErased(answer));
    const last = again ? await registerByUsername(target, command, answer) : { user: command.user, answer };
    registered.push({ user: last.user, answer: inWords(last.answer, command.username) });
  }
  return registered;
}

/** Rewords a refusal about an id that the file does not have. */
function inWords(answer: OperatorAnswer, username: string): OperatorAnswer {
  if (!isIdTaken(answer) || !('refusals' in answer)) return answer;
  const message = `The user ${username} is there already, with another name or under another username.`;
  const refusals = answer.refusals.map((each) => (isOfTakenId(each) ? { ...each, message } : each));
  return { ...answer, refusals };
}
