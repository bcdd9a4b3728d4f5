import { malformed, type ScimError } from './errors';
import { USER_SCHEMA } from './schema';

/**
 * Filters of lists (RFC 7644, section 3.4.2.2): those that name one user, or a status, and none that would read all. The
 * library’s own parser is not used: of a path like `a.__proto__.b` it makes a change of every object, and it does not read
 * an escaped quote.
 */

/** One condition; all of a filter must hold. */
export type Condition =
  | { readonly by: 'id' | 'userName' | 'externalId'; readonly value: string }
  | { readonly by: 'active'; readonly value: boolean };

const ATTRIBUTES: ReadonlyMap<string, Condition['by']> = new Map(
  (['id', 'userName', 'externalId', 'active'] as const).map((each) => [each.toLowerCase(), each]),
);
const LONGEST = 1_000;
const MOST_CONDITIONS = 10;
const OF_USER = `${USER_SCHEMA}:`.toLowerCase();
/** A comparison, and the `and` in front of the next one. */
const COMPARISON = /\s*([\w:.$-]+)\s+eq\s+("(?:[^"\\]|\\.)*"|true|false)\s*(?:$|(\sand\s))/iy;

/** @throws ScimError `invalidFilter` for a filter that does not parse, and for one that is not supported */
export function conditionsOf(text: unknown): readonly Condition[] {
  if (typeof text !== 'string' || text.length > LONGEST) throw unsupported();
  const conditions: Condition[] = [];
  COMPARISON.lastIndex = 0;
  for (let more: string | undefined = 'and'; more !== undefined;) {
    const found = COMPARISON.exec(text);
    if (!found || conditions.length === MOST_CONDITIONS) throw unsupported();
    const [, attribute = '', value = ''] = found;
    conditions.push(conditionOf(attribute, value));
    more = found[3];
  }
  return conditions;
}

function conditionOf(attribute: string, text: string): Condition {
  const by = ATTRIBUTES.get(attribute.toLowerCase().replace(OF_USER, ''));
  const value = valueOf(text);
  if (by === 'active') {
    // Some clients send booleans as text.
    const active = typeof value === 'string' ? value.toLowerCase() : String(value);
    if (active === 'true' || active === 'false') return { by, value: active === 'true' };
  } else if (by !== undefined && typeof value === 'string') return { by, value };
  throw unsupported();
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('"') ? text : text.toLowerCase());
  } catch {
    throw unsupported();
  }
}

const unsupported = (): ScimError =>
  malformed(
    'invalidFilter',
    'A filter compares `userName`, `externalId`, `id` or `active` by `eq`, several joined by `and`.',
  );
