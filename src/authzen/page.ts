import { createHash } from 'node:crypto';
import { canonicalJson } from '../event-store/port/json';
import { MalformedRequestError, membersOf, type Members } from './entities';

/** Pages of searches. All pages of one search are read as of the position that the first one was. */

export const DEFAULT_LIMIT = 100;
/** Longest page; who asks for more gets this many, and a token. */
export const MAX_LIMIT = 1_000;

/** Place in the results of a search. */
export interface PageToken {
  /** Position as of which all pages are read. */
  readonly position: string;
  readonly limit: number;
  /** Cursor behind which the page begins; null: the beginning. */
  readonly after: string | null;
}

/** Form of tokens that clients see, which holds for one account alone. */
export interface TokenSeal {
  seal(text: string): string;
  /** Null for a text that is no token of the account. */
  open(text: string): string | null;
}

export interface PageAsked {
  readonly limit: number;
  /** Null: the first page. */
  readonly token: PageToken | null;
  /** Digest of all that must stay the same from page to page. */
  readonly search: string;
}

/** Reads `page` of a search. `kind`: what is searched for. @throws MalformedRequestError */
export function pageAsked(kind: string, body: Members, seal: TokenSeal): PageAsked {
  const { page, ...entities } = body;
  const { token, limit, properties } = page === undefined ? ({} as Members) : membersOf(page, '`page`');
  if (properties !== undefined) membersOf(properties, '`page.properties`');
  if (limit !== undefined && !(Number.isSafeInteger(limit) && (limit as number) >= 0))
    throw new MalformedRequestError('`page.limit` is a whole number, 0 or more.');
  const search = createHash('sha256')
    .update(canonicalJson([kind, entities, properties ?? null]))
    .digest('base64url');
  const wanted = limit === undefined ? null : Math.min(limit as number, MAX_LIMIT);
  if (token === undefined || token === '') return { limit: wanted ?? DEFAULT_LIMIT, token: null, search };
  const known = opened(token, search, seal);
  if (wanted !== null && wanted !== known.limit)
    throw new MalformedRequestError('`page.limit` differs from that of the page before.');
  return { limit: known.limit, token: known, search };
}

/** Text of the token of the page that begins behind `after`. */
export const tokenText = (seal: TokenSeal, search: string, { position, limit, after }: PageToken): string =>
  seal.seal(Buffer.from(JSON.stringify([search, position, limit, after])).toString('base64url'));

function opened(token: unknown, search: string, seal: TokenSeal): PageToken {
  const text = typeof token === 'string' ? seal.open(token) : null;
  const values = text === null ? null : parsed(Buffer.from(text, 'base64url').toString('utf8'));
  if (values === null) throw new MalformedRequestError('`page.token` is not one of this account.');
  const [of, position, limit, after] = values;
  if (of !== search)
    throw new MalformedRequestError('`page.token` is of another search: send all but the token as before.');
  return { position, limit, after };
}

type Values = [search: string, position: string, limit: number, after: string | null];

/** A cursor of a list is sealed in the same way, and no token. */
function parsed(text: string): Values | null {
  try {
    const values = JSON.parse(text) as unknown;
    const fits =
      Array.isArray(values) &&
      values.length === 4 &&
      typeof values[2] === 'number' &&
      values[0]?.length === 43;
    return fits ? (values as Values) : null;
  } catch {
    return null;
  }
}
