import { MAX_CHANGES } from '../domain/role/context';
import { compileSchema, faultsAt, type Fault } from '../domain/schemas';
import { isLonger, isReasonTooLong, reasonFault } from '../domain/text';
import { isActor, isId } from '../domain/vocabulary';
import type { UnsoundEventError } from '../event-store/port/event-store';
import { NO_ACCOUNT } from '../keys/port/key-book';
import { Batch } from './batch/batch';
import { Context } from './inputs';
import { inputRefusal, type CommandContext, type InputRefusal } from './outcome';
import { definitionOf, type Command } from './registry';

/** Refuses malformed input before anything is read or decided: the same for every entry point. */

const KEY_LIMIT = 200;
/** No list may be longer than the changes that one mutation may make. */
const MAX_ENTRIES = MAX_CHANGES;
/** The whole set of a form is mostly unchanged; catalogues of 10,000 permissions exist. */
const MAX_WHOLE_SET = 10_000;

/** Refusals of malformed input, in a command and in its context. */
export function inputRefusals(command: Command, context: CommandContext): InputRefusal[] {
  const { type, ...fields } = command;
  const definition = definitionOf(type);
  if (!definition) return [invalid('There is no such command.', ['type'])];
  const tooLong = lengthRefusals(fields);
  if (tooLong.length > 0) return tooLong;
  const faults = [...faultsAt(compileSchema(definition.input), fields), ...contextFaults(context)];
  if (faults.length > 0) return faults.map(({ path, message }) => invalid(message, path));
  return [...textRefusals(context), ...idRefusals(command, context)];
}

/** Refusals of what a context alone has: its key and its reason. */
export function contextRefusals(context: CommandContext): InputRefusal[] {
  const faults = contextFaults(context);
  return faults.length > 0
    ? faults.map(({ path, message }) => invalid(message, path))
    : textRefusals(context);
}

/** A batch is of this process: a value of that name from elsewhere is an unknown field. */
function contextFaults(context: CommandContext): Fault[] {
  const { batch, ...fields } = context;
  return faultsAt(compileSchema(Context), batch instanceof Batch ? fields : context);
}

/** Lists that are too long, reported before any entry is checked: a body full of entries would block the event loop. */
export function lengthRefusals(input: object): InputRefusal[] {
  return Object.entries(input).flatMap(([field, value]: [string, unknown]) => {
    const limit = field === 'grants' ? MAX_WHOLE_SET : MAX_ENTRIES;
    if (!Array.isArray(value)) return [];
    if (value.length > limit) return [tooMany(value.length, limit, [field])];
    return value.flatMap((each: unknown, index) => {
      const scopes = (each as { readonly scopes?: unknown } | null | undefined)?.scopes;
      if (!Array.isArray(scopes) || scopes.length <= MAX_ENTRIES) return [];
      return [tooMany(scopes.length, MAX_ENTRIES, [field, String(index), 'scopes'])];
    });
  });
}

const tooMany = (entries: number, limit: number, field: readonly string[]): InputRefusal =>
  inputRefusal('TOO_MANY', { field, message: `${entries} entries; one mutation takes ${limit}.` });

/** An event that is unsound although its command passed all rules, reported as a fault of its input. */
export const unsoundRefusals = ({ faults }: UnsoundEventError): InputRefusal[] =>
  faults.map(({ path, message }) => invalid(message, path.slice(1)));

const invalid = (message: string, field: readonly string[]): InputRefusal =>
  inputRefusal('INVALID_INPUT', { field, message });

function textRefusals({ reason, idempotencyKey }: CommandContext): InputRefusal[] {
  const refusals: InputRefusal[] = [];
  const fault = reason == null ? null : reasonFault(reason);
  if (reason != null && fault !== null)
    refusals.push(
      isReasonTooLong(reason)
        ? inputRefusal('REASON_TOO_LONG', { field: ['reason'] })
        : invalid(fault, ['reason']),
    );
  if (idempotencyKey && isLonger(idempotencyKey, KEY_LIMIT)) {
    const message = `An idempotency key has at most ${KEY_LIMIT} characters.`;
    refusals.push(invalid(message, ['idempotencyKey']));
  }
  return refusals;
}

/** A malformed id names nothing; a malformed id for a new user is refused. */
function idRefusals(command: Command, { account, actor }: CommandContext): InputRefusal[] {
  const ids = {
    role: 'role' in command ? command.role : null,
    user: 'user' in command ? command.user : null,
  };
  if (command.type === 'registerUser' && ids.user != null && command.generation !== undefined)
    return [invalid('An id is either given or made from the username.', ['generation'])];
  const code = command.type === 'registerUser' ? 'INVALID_INPUT' : 'NOT_FOUND';
  const refusals = Object.entries(ids)
    .filter(([, id]) => id != null && !isId(id))
    .map(([field]) => inputRefusal(code, { field: [field] }));
  if (!isId(account)) refusals.push(inputRefusal('NOT_FOUND', { field: ['account'] }));
  if (command.type === 'openAccount' && account === NO_ACCOUNT)
    refusals.push(
      invalid(`No account is called ${NO_ACCOUNT}: keys of operators are kept under it.`, ['account']),
    );
  if (command.type === 'openAccount' && RESERVED.includes(account))
    refusals.push(invalid(`No account is called ${account}: checkpoints have that address.`, ['account']));
  return isActor(actor) ? refusals : [...refusals, invalid(ACTOR_ID, ['actor', 'id'])];
}

/** Names below the address of the log’s proof, beside which accounts stand. */
const RESERVED = ['catalogue', 'checkpoint', 'tile'];
const ACTOR_ID = 'An actor’s id is one line of 1 to 200 characters.';
