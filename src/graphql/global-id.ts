import { Field, ID, InterfaceType } from 'type-graphql';
import { isId } from '../domain/vocabulary';

/**
 * Global ids, readable: `Role:account-admin`, `User:ana`. Only this module formats and parses them. An id may hold
 * colons (an operator’s): the type ends at the first one.
 */

export type IdType = 'Account' | 'Role' | 'User' | 'HistoryEntry' | 'Operator' | 'Service' | 'Unknown';

export interface GlobalId {
  readonly type: IdType;
  readonly id: string;
}

const PATTERNS: Record<IdType, (id: string) => boolean> = {
  Account: isId,
  Role: isId,
  User: isId,
  // Sealed, or in clear where release 0.1.0 gave it so.
  HistoryEntry: (id) => /^(?:[0-9a-z]{25}|[1-9][0-9]{0,15}(?:\.[1-9][0-9]{0,6})?)$/.test(id),
  // Ids that predate the rule for them are accepted too: each id in an answer is accepted back.
  Operator: (id) => id !== '',
  Service: (id) => id !== '',
  // An actor that cannot be named is not an object to be fetched.
  Unknown: () => false,
};

export const globalId = (type: IdType, id: string | number): string => `${type}:${id}`;

/** The parts of a global id, or null for any other text. */
export function parseGlobalId(text: string): GlobalId | null {
  const colon = text.indexOf(':');
  const type = text.slice(0, Math.max(0, colon));
  const id = text.slice(colon + 1);
  if (!Object.hasOwn(PATTERNS, type)) return null;
  return PATTERNS[type as IdType](id) ? { type: type as IdType, id } : null;
}

/** The id within its type, or null for any text but a global id of that type. */
export function idOf(type: IdType, text: string): string | null {
  const parsed = parseGlobalId(text);
  return parsed?.type === type ? parsed.id : null;
}

@InterfaceType({ description: 'Anything that `node(id:)` finds under its global id.' })
export abstract class Node {
  @Field(() => ID, { description: 'Global id, readable: `<Type>:<id>`.' })
  readonly id!: string;
}
