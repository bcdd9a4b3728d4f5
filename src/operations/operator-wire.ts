import { isOperatorId } from './operator';
import type { OperatorAnswer, OperatorItem } from './operator-bus';

/** How operator commands and their answers travel as JSON: positions as text, dates as ISO 8601. */

/** Most commands in one request. */
export const MAX_ITEMS = 1_000;

export const encodeItems = (items: readonly OperatorItem[]): string => JSON.stringify(items);

/** @throws SyntaxError for a body that is not a list of commands with their context */
export function decodeItems(body: unknown): OperatorItem[] {
  if (!Array.isArray(body) || body.length > MAX_ITEMS)
    throw new SyntaxError(`Expected a list of at most ${MAX_ITEMS} commands.`);
  return body.map((item: { command?: Record<string, unknown>; context?: Record<string, unknown> }) => {
    if (typeof item?.command?.type !== 'string' || typeof item.context?.account !== 'string') {
      throw new SyntaxError('Each item needs a command and a context.');
    }
    const at = item.command.at;
    const command = at === undefined ? item.command : { ...item.command, at: new Date(String(at)) };
    return {
      command,
      context: { ...item.context, actor: { type: 'operator', id: actorId(item.context) } },
    } as unknown as OperatorItem;
  });
}

/** Whoever may use the operator's route is an operator and nothing else, whatever the body says. */
const actorId = (context: Record<string, unknown>): string => {
  const { id = 'operator' } = (context.actor ?? {}) as { id?: unknown };
  if (typeof id !== 'string' || !isOperatorId(id))
    throw new SyntaxError('The operator’s name cannot be one.');
  return id;
};

export const encodeAnswers = (answers: readonly OperatorAnswer[]): string =>
  JSON.stringify(answers, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));

export function decodeAnswers(text: string): OperatorAnswer[] {
  const parsed = JSON.parse(text) as ({ position?: string | null } & Record<string, unknown>)[];
  return parsed.map(
    (each) =>
      (each.position == null
        ? each
        : { ...each, position: BigInt(each.position) }) as unknown as OperatorAnswer,
  );
}
