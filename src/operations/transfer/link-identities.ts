import type { ExternalIdentity } from '../../domain/user/events';
import { operatorContext } from '../../operator/operator';
import type { OperatorAnswer, OperatorItem } from '../../operator/operator-bus';
import type { OperatorTarget, Registered } from '../register-user';

/**
 * Links the identities in a file to users who were there already: a registration links the one of its line itself. What is
 * linked is decided again and changes nothing. `wanted`: identities by line, null for none. Answers by line, for those that
 * were asked for.
 */
export async function linkIdentities(
  { bus, account, record }: OperatorTarget,
  registered: readonly Registered[],
  wanted: readonly (ExternalIdentity | null)[],
): Promise<readonly (readonly OperatorAnswer[])[]> {
  const items = registered.map(({ answer }, line): readonly OperatorItem[] => {
    const identity = wanted[line];
    if (!answer.accepted || answer.written > 0 || identity == null) return [];
    const command = { type: 'linkUserIdentity', user: answer.owner.id, ...identity } as const;
    return [{ command, context: operatorContext(account, record) }];
  });
  const asked = items.flat();
  const answers = asked.length === 0 ? [] : await bus.executeAll(asked, { ahead: true });
  let answered = 0;
  return items.map(({ length }) => answers.slice(answered, (answered += length)));
}
