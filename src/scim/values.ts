import { checked, malformed } from './errors';
import { isJson, member, type Json } from './json';
import { ScimUser, USER_SCHEMA } from './schema';

/** Values of a user as a client sends them, in Rolebook’s terms. */

/** Values to set; those that are left out stay as they are. */
export interface UserValues {
  readonly userName?: string;
  readonly name?: string;
  /** Null: none from now on. */
  readonly externalId?: string | null;
  readonly active?: boolean;
}

/** Attributes that are held, by their names in lower case: SCIM’s names ignore case. Any other is passed over. */
export const HELD: ReadonlyMap<string, string> = new Map(
  ['userName', 'displayName', 'name', 'externalId', 'active'].map((each) => [each.toLowerCase(), each]),
);
export const PARTS_OF_NAME: ReadonlyMap<string, string> = new Map(
  ['formatted', 'givenName', 'familyName'].map((each) => [each.toLowerCase(), each]),
);

/**
 * Reads a whole user.
 * @throws ScimError for a body that is not one, and for values of a wrong type
 */
export async function wholeUser(body: unknown): Promise<UserValues & { readonly userName: string }> {
  const given = held(demandMessage(body, USER_SCHEMA), HELD);
  const user = await checked(() => new ScimUser({ ...given, schemas: [USER_SCHEMA] }, 'in'));
  const { userName, active } = user;
  const externalId = given['externalId'] === null ? null : user.externalId;
  const name = user.displayName || user.name?.formatted || joined(user.name);
  return { userName, externalId, active, ...(name ? { name } : {}) };
}

/** The body as a message of a schema. @throws ScimError if it is none */
export function demandMessage(body: unknown, schema: string): Json {
  if (!isJson(body)) throw malformed('invalidSyntax', 'The body must be one JSON object.');
  const schemas = member(body, 'schemas');
  if (!Array.isArray(schemas) || !schemas.includes(schema))
    throw malformed('invalidSyntax', `\`schemas\` of the body must name ${schema}.`);
  return body;
}

/** The members of an object that are held, by their proper names and with values as they should have been sent. */
function held(object: Json, names: ReadonlyMap<string, string>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(object)) {
    const name = names.get(key.toLowerCase());
    if (name === 'name') found[name] = isJson(value) ? held(value, PARTS_OF_NAME) : value;
    else if (name !== undefined) found[name] = proper(name, value);
  }
  return found;
}

/** A value as it should have been sent: clients send booleans as text, and single values in a list. */
export function proper(name: string, value: unknown): unknown {
  const [only] = Array.isArray(value) && value.length === 1 ? value : [];
  const single: unknown = isJson(only) && 'value' in only ? only['value'] : value;
  if (name !== 'active' || typeof single !== 'string') return single;
  return BOOLEANS.get(single.toLowerCase()) ?? single;
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** A name made of its parts; empty if there are none. */
const joined = (parts: ScimUser['name']): string =>
  [parts?.givenName, parts?.familyName].filter(Boolean).join(' ');
