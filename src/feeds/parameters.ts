import { isEventType } from '../domain/schemas';
import { isId } from '../domain/vocabulary';
import { RequestError } from '../graphql/errors';
import type { FeedFilter } from './filter';

/** Parameters of a feed, as addresses have them. */

export interface FeedParameters {
  /** Position, or id of an event, as it was sent; null: from the beginning. */
  readonly after: string | null;
  /** Account that an operator narrows the feed to; null: not named. */
  readonly account: string | null;
  readonly filter: FeedFilter;
  /** Most events of a page; null where the feed stays open. */
  readonly limit: number | null;
}

const NAMES = ['after', 'account', 'types', 'role', 'user', 'limit', 'follow'] as const;
type Name = (typeof NAMES)[number];

const PAGE = 1_000;
const LARGEST_PAGE = 10_000;

export const badParameter = (message: string): RequestError =>
  new RequestError('BAD_USER_INPUT', message, {}, 400);

/**
 * Reads the parameters of a request. One that there is not is refused: a feed with a mistyped `after` would begin anew.
 * @throws RequestError 400
 */
export function readParameters(
  query: unknown,
  { lastEventId, follows }: { readonly lastEventId: string | undefined; readonly follows: boolean },
): FeedParameters {
  const given = textsOf(query);
  const follow = follows || flag(given);
  if (follow && given.limit !== undefined)
    throw badParameter('`limit` is for pages, not for a feed that stays open.');
  return {
    after: lastEventId || given.after || null,
    account: idOf(given, 'account'),
    filter: { types: typesOf(given.types), role: idOf(given, 'role'), user: idOf(given, 'user') },
    limit: follow ? null : limitOf(given.limit),
  };
}

function textsOf(query: unknown): Partial<Record<Name, string>> {
  for (const [name, value] of Object.entries(query ?? {})) {
    if (!(NAMES as readonly string[]).includes(name))
      throw badParameter(`There is a parameter that is none of ${NAMES.join(', ')}.`);
    if (typeof value !== 'string') throw badParameter(`\`${name}\` is given more than once.`);
  }
  return query as Partial<Record<Name, string>>;
}

function flag({ follow }: Partial<Record<Name, string>>): boolean {
  if (follow === undefined || follow === 'false') return false;
  if (follow === 'true') return true;
  throw badParameter('`follow` is `true` or `false`.');
}

/** Ids are taken as the API gives them too. */
const GLOBAL = { account: 'Account:', role: 'Role:', user: 'User:' } as const;

function idOf(given: Partial<Record<Name, string>>, name: 'account' | 'role' | 'user'): string | null {
  const text = given[name];
  if (text === undefined) return null;
  const id = text.startsWith(GLOBAL[name]) ? text.slice(GLOBAL[name].length) : text;
  if (!isId(id)) throw badParameter(`\`${name}\` is not an id.`);
  return id;
}

function typesOf(text: string | undefined): ReadonlySet<string> | null {
  if (text === undefined) return null;
  const types = text.split(',').map((type) => type.trim());
  if (!types.every(isEventType)) throw badParameter('`types` has one that is no type of event.');
  return new Set(types);
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return PAGE;
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > LARGEST_PAGE)
    throw badParameter(`\`limit\` is a number from 1 to ${LARGEST_PAGE}.`);
  return limit;
}
