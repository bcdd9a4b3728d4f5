import { CATALOGUE_CHANGES } from '../../projections/view';

/**
 * Today's answers as release 0.1.0 would have told them. It said nothing of what publications changed in default roles and
 * permissions: not in any history, not in `updatedAt` of default roles, and not from which version a publication came.
 */

type Json = string | number | boolean | null | readonly Json[] | { readonly [field: string]: Json };
export type Fields = { readonly [field: string]: Json };
interface Page {
  readonly totalCount?: number;
  readonly edges: readonly { readonly node: Fields }[];
}

/**
 * Keys of commands that 0.1.0 took and today's program refuses when they are sent again: names may not have controls of the
 * direction of text (U+200F, U+202E) since, and that is checked before the log is looked at. The change stands, and nothing
 * is written.
 */
export const REFUSED_SINCE = new Set([
  'odd \u202emada',
  'odd ann.\u200b\u2060\u200flee',
  'k\u00e9y 1 \u{1f511}',
]);

/** A question of 0.1.0 in today's form: an order was one name of an enum, in which roles of no order were default ones first. */
export const askedToday = (query: string): string =>
  query.replace('UserOrder = USERNAME_ASC', 'UserOrder = { field: USERNAME }');

/** Its variables. */
export function variablesToday<T extends object>(variables: T): T {
  const { orderBy } = variables as { readonly orderBy?: unknown };
  if (typeof orderBy !== 'string') return variables;
  const [field, direction] = orderBy.split('_');
  return { ...variables, orderBy: { field, direction } };
}

/** Types of entries that 0.1.0 did not have. */
export const ADDED_TYPES = Object.keys(CATALOGUE_CHANGES);

/** `then`: the answer of 0.1.0. `added`: how many entries the whole history of the account has more than then. */
export function asThen(today: Json | undefined, then: Json | undefined, added: number): Json | undefined {
  if (isList(today))
    return today.map((each, at) => asThen(each, isList(then) ? then[at] : undefined, added)!);
  if (!isObject(today) || !isObject(then)) return today;
  const fields = isHistory(today) ? historyThen(today, then as unknown as Page, added) : today;
  const told = Object.entries(fields).map(([name, value]) => [name, asThen(value, then[name], added)]);
  return { ...(Object.fromEntries(told) as Fields), ...roleThen(fields, then), ...publicationThen(fields) };
}

function historyThen(today: Page & Fields, then: Page, added: number): Fields {
  const kept = today.edges.filter(({ node }) => !ADDED_TYPES.includes(String(node['type'])));
  const more = today.edges.length - kept.length;
  // Entries that came in between pushed the last ones off a page that is full.
  const isFull = more > 0 && today.edges.length >= then.edges.length && kept.length < then.edges.length;
  const edges = isFull ? [...kept, ...then.edges.slice(kept.length)] : kept;
  const { totalCount } = today;
  return {
    ...today,
    edges,
    ...(totalCount === undefined ? {} : { totalCount: totalCount - (isFull ? added : more) }),
  };
}

/** A default role changed last when a publication changed it, or as then: never earlier. */
function roleThen({ kind, updatedAt }: Fields, then: Fields): Fields {
  if (kind !== 'DEFAULT' || typeof updatedAt !== 'string') return {};
  const before = then['updatedAt'] ?? null;
  return before === null || updatedAt >= String(before) ? { updatedAt: before } : {};
}

/** The version before a publication was not told. */
function publicationThen({ type, changes, summary }: Fields): Fields {
  if (type !== 'CataloguePublished') return {};
  return {
    ...(isList(changes)
      ? { changes: changes.map((change) => ({ ...(change as Fields), before: null })) }
      : {}),
    ...(typeof summary === 'string' ? { summary: summary.replace(/, after version \d+\.$/, '.') } : {}),
  };
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
const isObject = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !isList(value);

function isHistory(value: Fields): value is Page & Fields {
  const { edges } = value;
  if (!isList(edges) || edges.length === 0) return false;
  const { node } = edges[0] as { readonly node?: Fields };
  return typeof node?.['id'] === 'string' && node['id'].startsWith('HistoryEntry:');
}
