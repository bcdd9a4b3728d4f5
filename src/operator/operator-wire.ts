import { parseMoment } from '../domain/moment';
import { inputRefusal } from '../commands/command';
import { isOperatorId, OPERATOR_FORM } from './operator';
import type { OperatorAnswer, OperatorItem } from './operator-bus';

/** JSON form of operator commands and their answers: positions as text, dates as ISO 8601. */

/** Limit of commands in one request. */
export const MAX_ITEMS = 1_000;

export const encodeItems = (items: readonly OperatorItem[]): string => JSON.stringify(items);

/** Result of decoding one entry of a body: a command to decide, or the reason that it is not one. */
export type Decoded =
  | { readonly item: OperatorItem; readonly answer?: never }
  | { readonly answer: OperatorAnswer; readonly item?: never };

/**
 * Reads a body. Only the parts that distinguish a command are checked here: the bus checks the fields of each, so that
 * one malformed command is refused alone.
 * @throws SyntaxError for a body that is not a list, or one that is too long
 */
export function decodeItems(body: unknown): Decoded[] {
  if (!Array.isArray(body) || body.length > MAX_ITEMS)
    throw new SyntaxError(`A list of at most ${MAX_ITEMS} commands is wanted.`);
  return body.map(decodeItem);
}

function decodeItem(entry: unknown): Decoded {
  const { command, context } = isObject(entry) ? entry : NOTHING;
  if (!isObject(command) || typeof command.type !== 'string') return noCommand('command');
  if (!isObject(context) || typeof context.account !== 'string') return noCommand('context');
  const actor = actorId(context);
  if (typeof actor === 'string' && !isOperatorId(actor)) return refused(['actor', 'id'], OPERATOR_FORM);
  const { at } = command;
  return {
    item: {
      // A text that is not a date becomes an invalid one, which the bus refuses.
      command: typeof at === 'string' ? { ...command, at: parseMoment(at) ?? NO_MOMENT } : command,
      // The bus refuses a host that is no name of one.
      context: { ...context, actor: { type: 'operator', id: actor, ...hostOf(context) } },
    } as unknown as OperatorItem,
  };
}

const NO_MOMENT = new Date(Number.NaN);

type Json = Readonly<Record<string, unknown>>;
const NOTHING: Json = {};
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function noCommand(field: 'command' | 'context'): Decoded {
  return refused(
    [field],
    `An item needs a command with a type and a context with an account; its ${field} is not one.`,
  );
}

function refused(field: readonly string[], message: string): Decoded {
  const refusals = [inputRefusal('INVALID_INPUT', { field, message })];
  return { answer: { accepted: false, refusals, position: null } };
}

/** Id of the actor. A caller of the operator's route is an operator and nothing else, whatever the body claims. */
const actorId = ({ actor }: Json): unknown =>
  isObject(actor) && actor.id !== undefined ? actor.id : 'operator';

const hostOf = ({ actor }: Json): Json =>
  isObject(actor) && actor.host !== undefined ? { host: actor.host } : NOTHING;

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
