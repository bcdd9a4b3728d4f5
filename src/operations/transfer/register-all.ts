import type { OperatorAnswer, OperatorItem } from '../../operator/operator-bus';
import {
  holderOf,
  isOfErased,
  isOfTakenId,
  registerByUsername,
  registerUnderId,
  takenId,
  type NamedRegistration,
  type NewUser,
  type OperatorTarget,
  type Registered,
} from '../register-user';

/** A registration that a file asks for. */
export interface Asked extends OperatorItem {
  /** Without an id in the file, it is made from the username. */
  readonly command: NamedRegistration;
}

/** Registers many at once, ahead of the tables; answers in their order. */
export async function registerAll(target: OperatorTarget, asked: readonly Asked[]): Promise<Registered[]> {
  const items = asked.map(({ command, context }) => ({ command, context }));
  const answers = await target.bus.executeAll(items, { ahead: true });
  const registered: Registered[] = [];
  for (const [index, { command }] of asked.entries()) {
    const answer = answers[index];
    if (!answer) throw new Error('An answer is missing.');
    const isMade = command.user == null;
    const again = isMade && (takenId(answer) !== null || holderOf(answer) !== null || isOfErased(answer));
    const last = again
      ? await registerByUsername(target, nameOf(command), answer)
      : await registerUnderId(target, command, answer);
    registered.push({ ...last, answer: inWords(last.answer, command.username) });
  }
  return registered;
}

const nameOf = ({ username, name, externalId, kind, identity }: NamedRegistration): NewUser => ({
  username,
  name,
  externalId,
  kind,
  identity,
});

/** Rewords a refusal about an id that the file does not have. */
function inWords(answer: OperatorAnswer, username: string): OperatorAnswer {
  if (takenId(answer) === null || !('refusals' in answer)) return answer;
  const message = `The user ${username} is there already, with another name or under another username, or is of another kind.`;
  const refusals = answer.refusals.map((each) => (isOfTakenId(each) ? { ...each, message } : each));
  return { ...answer, refusals };
}
