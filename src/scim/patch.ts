import { Messages } from 'scimmy';
import { checked, malformed } from './errors';
import { isJson, member, type Json } from './json';
import { PATCH_OP, ScimUser, USER_SCHEMA } from './schema';
import { demandMessage, HELD, PARTS_OF_NAME, proper, type UserValues } from './values';

/** Changes of a user by PATCH (RFC 7644, section 3.5.2), as identity providers send them. */

/** One change of one attribute that is held. */
interface Operation {
  readonly op: 'add' | 'remove' | 'replace';
  /** `userName`, `name.formatted`, ... */
  readonly path: string;
  readonly value?: unknown;
}

/** Limit of operations in one message: providers send one for each attribute that changed. */
export const MAX_OPERATIONS = 100;

/**
 * Reads what a message sets. All attributes are single: what they had before does not matter, so that nothing is read.
 * @throws ScimError for a message that is malformed, or sets a value of a wrong type
 */
export async function patchedValues(body: unknown): Promise<UserValues> {
  const operations = operationsOf(demandMessage(body, PATCH_OP));
  if (operations.length === 0) return {};
  const user = await checked(async () => {
    const message = new Messages.PatchOp({ schemas: [PATCH_OP], Operations: [...operations] });
    const before = new ScimUser(BEFORE);
    return ((await message.apply(before)) ?? before) as ScimUser;
  });
  const set = new Set(operations.map(({ path }) => path));
  if (set.has('active') && user.active === undefined)
    throw malformed('invalidValue', '`active` is true or false, and cannot be removed.');
  const name = nameOf(user, set);
  return {
    ...(set.has('userName') ? { userName: user.userName } : {}),
    ...(name === null ? {} : { name }),
    ...(set.has('externalId') ? { externalId: user.externalId ?? null } : {}),
    ...(set.has('active') ? { active: user.active } : {}),
  };
}

/** The name that operations set; null if they set none. @throws ScimError where they take it away */
function nameOf({ displayName, name }: ScimUser, set: ReadonlySet<string>): string | null {
  const { formatted, givenName, familyName } = name ?? {};
  // One that was not set is not there: nothing was before.
  const whole = displayName || formatted;
  if (whole) return whole;
  if (set.has('displayName') || set.has('name.formatted'))
    throw malformed('invalidValue', 'A user must have a name.');
  // One part alone makes no name: the other is not known.
  return givenName && familyName ? `${givenName} ${familyName}` : null;
}

/** Stands for the user before the change. Where an attribute is not set, its value is not looked at. */
const BEFORE = { schemas: [USER_SCHEMA], userName: '-', name: {} };

function operationsOf(message: Json): readonly Operation[] {
  const list = member(message, 'Operations');
  if (!Array.isArray(list) || list.length === 0)
    throw malformed('invalidSyntax', '`Operations` must be a list of at least one operation.');
  if (list.length > MAX_OPERATIONS)
    throw malformed('invalidValue', `A message has at most ${MAX_OPERATIONS} operations.`);
  return list.flatMap(operationOf);
}

const OPS: ReadonlySet<unknown> = new Set(['add', 'remove', 'replace']);

function operationOf(given: unknown): readonly Operation[] {
  if (!isJson(given)) throw malformed('invalidSyntax', 'An operation must be an object.');
  const named = member(given, 'op');
  const op = typeof named === 'string' ? named.toLowerCase() : null;
  if (!OPS.has(op)) throw malformed('invalidSyntax', '`op` must be add, remove or replace.');
  const change = { op: op as Operation['op'], value: member(given, 'value') };
  const path = member(given, 'path');
  if (path == null || path === '') return withoutPath(change);
  if (typeof path !== 'string') throw malformed('invalidPath', 'A path must be a text.');
  return at(path, change, true);
}

type Change = Omit<Operation, 'path'>;

/** Sets each member of the value, whose names may be paths themselves, as Entra ID sends them. */
function withoutPath({ op, value }: Change): readonly Operation[] {
  if (op === 'remove') throw malformed('noTarget', 'A `remove` needs a path.');
  if (!isJson(value)) throw malformed('invalidValue', 'An operation without a path needs an object.');
  return Object.entries(value).flatMap(([path, each]) => at(path, { op, value: each }, false));
}

const LONGEST_PATH = 500;
const OF_USER = new RegExp(`^${USER_SCHEMA.replaceAll('.', '\\.')}:`, 'i');
/** An attribute, a filter of its values, a sub-attribute. */
const PATH = /^([a-z$][\w$-]*)(\[[^[\]]*\])?(?:\.([a-z$][\w$-]*))?$/i;
/** Attributes that clients cannot set. */
const READ_ONLY: ReadonlySet<string> = new Set(['id', 'meta', 'schemas']);

/** `isNamed`: the path was given as such; a member of a whole object that cannot be set is passed over instead. */
function at(path: string, change: Change, isNamed: boolean): readonly Operation[] {
  const local = path.replace(OF_USER, '');
  // Another schema’s.
  if (/^urn:/i.test(local)) return [];
  const [, attribute = '', filter, sub] =
    (local.length <= LONGEST_PATH && PATH.exec(local)) || refusePath(isNamed);
  const root = attribute.toLowerCase();
  if (READ_ONLY.has(root) && isNamed)
    throw malformed('mutability', 'The attribute is set by this server alone.');
  const name = HELD.get(root);
  if (name === undefined) return [];
  if (filter !== undefined || (name !== 'name' && sub !== undefined))
    throw malformed('invalidPath', 'The attribute has one value, without parts.');
  return name === 'name' ? ofName(sub, change) : [operation(name, name, change)];
}

/** No attribute at all, where the name is a member of an object: it is passed over as any unknown one. */
function refusePath(isNamed: boolean): readonly string[] {
  if (isNamed) throw malformed('invalidPath', 'A path does not parse.');
  return [];
}

function ofName(sub: string | undefined, { op, value }: Change): readonly Operation[] {
  const part = sub === undefined ? undefined : PARTS_OF_NAME.get(sub.toLowerCase());
  if (part !== undefined) return [operation(`name.${part}`, part, { op, value })];
  if (sub !== undefined) return [];
  if (op === 'remove') return [operation('name.formatted', 'formatted', { op, value })];
  if (!isJson(value)) throw malformed('invalidValue', '`name` must be an object.');
  return Object.entries(value).flatMap(([each, text]) => {
    const known = PARTS_OF_NAME.get(each.toLowerCase());
    return known === undefined ? [] : [operation(`name.${known}`, known, { op, value: text })];
  });
}

/** Null is no value (RFC 7643, section 2.5): to set it is to remove what is there. */
function operation(path: string, name: string, { op, value }: Change): Operation {
  const given = proper(name, value);
  if (op === 'remove' || given === null) return { op: 'remove', path };
  return { op, path, value: given };
}
