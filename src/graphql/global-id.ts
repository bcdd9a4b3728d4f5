import { Field, ID, InterfaceType } from 'type-graphql';
import { isId } from '../domain/vocabulary';

/**
 * Global ids, readable: `Role:account-admin`, `User:ana`. Only this module formats and parses them. An id may hold
 * colons (an operator’s): the type ends at the first one.
 *
 * An object as of a moment is another object than the one of now, in every cache that goes by ids: its id ends with the
 * position of the moment, `Role:account-admin@<position>`.
 */

export type IdType = keyof typeof PATTERNS;

export interface GlobalId {
  readonly type: IdType;
  readonly id: string;
  /** Position of the moment that the object is as of; left out: now. */
  readonly at?: string;
}

/** Types whose objects do not change with time. */
const LASTING: ReadonlySet<IdType> = new Set(['Change', 'HistoryEntry', 'Operator', 'Service', 'Unknown']);
/** A position in any of its forms, or the id of an event; only the log knows if there is one. */
const MOMENT = /^[0-9a-z.~-]{1,64}$/;

/** A key of the catalogue, which may be any text. */
const isKey = (id: string): boolean => id !== '';
/** A role, and a key of the catalogue in it. */
const isInRole = (id: string): boolean => {
  const [role, key] = partsOf(id);
  return isId(role) && isKey(key);
};
/** A user, and the id of an API key of theirs. */
const isOfUser = (id: string): boolean => partsOf(id).every(isId);
const nothing = (): boolean => false;
/** The number of an entry of history. */
const isEntry = (id: string): boolean => /^(?:[0-9a-z]{25}|[1-9][0-9]{0,15}(?:\.[1-9][0-9]{0,6})?)$/.test(id);

const PATTERNS = {
  Account: isId,
  Role: isId,
  User: isId,
  ApiKey: isOfUser,
  // Sealed, or in clear where release 0.1.0 gave it so.
  HistoryEntry: isEntry,
  // The number is that of its first entry.
  Change: isEntry,
  // Ids that predate the rule for them are accepted too: each id in an answer is accepted back.
  Operator: (id) => id !== '',
  Service: (id) => id !== '',
  // An actor that cannot be named is not an object to be fetched.
  Unknown: nothing,
  Section: isKey,
  Permission: isKey,
  Feature: isKey,
  Scope: isKey,
  RoleGroup: isKey,
  RoleTemplate: isKey,
  RoleSection: isInRole,
  RolePermission: isInRole,
  // Parts of an object, with an id for caches alone.
  Actor: nothing,
  RoleScope: nothing,
  PermissionCatalogue: nothing,
  EffectivePermissions: nothing,
  GrantedPermission: nothing,
  WithheldPermission: nothing,
  RoleAssignment: nothing,
} as const satisfies Record<string, (id: string) => boolean>;

/** `at`: position of the moment that the object is as of; null or left out: now. */
export function globalId(type: IdType, id: string | number, at: string | null = null): string {
  if (LASTING.has(type)) return `${type}:${id}`;
  const named = `${type}:${escaped(String(id))}`;
  return at === null ? named : `${named}@${at}`;
}

/** The parts of a global id, or null for any other text. */
export function parseGlobalId(text: string): GlobalId | null {
  const colon = text.indexOf(':');
  const type = text.slice(0, Math.max(0, colon));
  if (!Object.hasOwn(PATTERNS, type)) return null;
  const { id, at } = parts(text.slice(colon + 1), !LASTING.has(type as IdType));
  if (!PATTERNS[type as IdType](id) || (at !== undefined && !MOMENT.test(at))) return null;
  return { type: type as IdType, id, ...(at === undefined ? {} : { at }) };
}

/** Keys of the catalogue may hold an `@`, which would begin a moment. */
const escaped = (id: string): string => id.replace(/[%@]/g, encodeURIComponent);
const unescaped = (text: string): string => text.replace(/%40|%25/g, decodeURIComponent);

function parts(text: string, changes: boolean): { readonly id: string; readonly at?: string } {
  if (!changes) return { id: text };
  const end = text.indexOf('@');
  return end < 0 ? { id: unescaped(text) } : { id: unescaped(text.slice(0, end)), at: text.slice(end + 1) };
}

/** The id of the object that a part belongs to, which has no slash, and the key of the part, which may. */
export function partsOf(id: string): readonly [owner: string, key: string] {
  const slash = id.indexOf('/');
  return slash < 0 ? [id, ''] : [id.slice(0, slash), id.slice(slash + 1)];
}

/** The id within its type, without a moment; null for any text but a global id of that type. */
export function idOf(type: IdType, text: string): string | null {
  const parsed = parseGlobalId(text);
  return parsed?.type === type ? parsed.id : null;
}

@InterfaceType({ description: 'Anything that `node(id:)` finds under its global id.' })
export abstract class Node {
  @Field(() => ID, {
    description:
      'Global id, readable: `<Type>:<id>`. Of an object as of the past `<Type>:<id>@<position>`: what was and what is never share an id.',
  })
  readonly id!: string;
}
