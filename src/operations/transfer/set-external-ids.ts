import { operatorContext } from '../../operator/operator';
import type { OperatorAnswer, OperatorItem } from '../../operator/operator-bus';
import type { OperatorTarget, Registered } from '../register-user';

/** Gives users who were there already the external ids in a file. Only those are asked for that may be a change. */
export class ExternalIdSetter {
  /** Users who were given another one by a line of the file, so that later lines on them have to be asked for too. */
  readonly #changed = new Set<string>();

  constructor(private readonly target: OperatorTarget) {}

  /**
   * `wanted`: external ids by line, null for none. Answers by line, for those that were asked for; changes of one user are
   * made in the order of the lines. Those of an earlier call are done.
   */
  async set(
    registered: readonly Registered[],
    wanted: readonly (string | null)[],
  ): Promise<readonly (readonly OperatorAnswer[])[]> {
    for (const { answer, differs } of registered)
      if (answer.accepted && differs) this.#changed.add(answer.owner.id);
    const { bus, account, record } = this.target;
    const items = registered.map(({ answer }, line): readonly OperatorItem[] => {
      const externalId = wanted[line];
      if (!answer.accepted || externalId == null || !this.#changed.has(answer.owner.id)) return [];
      const command = { type: 'updateUser', user: answer.owner.id, externalId } as const;
      return [{ command, context: operatorContext(account, record) }];
    });
    const asked = items.flat();
    const answers = asked.length === 0 ? [] : await bus.executeAll(asked, { ahead: true });
    let answered = 0;
    return items.map(({ length }) => answers.slice(answered, (answered += length)));
  }
}
