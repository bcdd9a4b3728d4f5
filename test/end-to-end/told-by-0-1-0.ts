import { CATALOGUE_CHANGES } from '../../projections/view';
import { HistoryEventType } from '../../src/graphql/history/history-event.type';

/**
 * Questions of release 0.1.0 in the form that is asked today, and today's answers as it would have told them. Types of
 * entries had the names of events. It said nothing of what publications changed in default roles and permissions: not in
 * any history, not in `updatedAt` of default roles, and not from which version a publication came. What was had the id of
 * what is, and the actions and actors' names of now.
 */

type Json = string | number | boolean | null | readonly Json[] | { readonly [field: string]: Json };
export type Fields = { readonly [field: string]: Json };
interface Page {
  readonly totalCount?: number;
  readonly edges: readonly { readonly node: Fields }[];
}

const VALUES = new Map(Object.entries(HistoryEventType).map(([value, type]) => [String(type), value]));

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

/**
 * A question of 0.1.0 in today's form: it explained access by roles alone, an order was one name of an enum, and actors and
 * what an entry is about had ids.
 */
export const askedToday = (query = ''): string =>
  query
    .replaceAll('via { id }', 'via { role { id } }')
    .replaceAll(/(?<=(actor|createdBy|assignedBy) \{ type )id(?= name \})/g, 'id: key')
    .replaceAll(/(?<=summary role \{ )id name \} user \{ id(?= name \})/g, 'id: key name } user { id: key')
    .replace('$orderBy: RoleOrder,', '$orderBy: RoleOrderInput,')
    .replace('UserOrder = USERNAME_ASC', 'UserOrderInput = { field: USERNAME }');

/** Its variables, from JSON. */
export const variablesToday = (variables: string): object =>
  JSON.parse(variables, (name, value: unknown) => {
    if (name === 'types') return (value as string[]).map((type) => VALUES.get(type));
    if (name !== 'orderBy' || typeof value !== 'string') return value;
    const [field, direction] = value.split('_');
    return { field, direction };
  }) as object;

/** Types of entries that 0.1.0 did not have. */
export const ADDED_TYPES = Object.keys(CATALOGUE_CHANGES).map((type) => VALUES.get(type));

interface Context {
  /** Entries that the whole history of the account has more than then. */
  readonly added: number;
  /** Tells a value inside an object as of the past, or inside an entry of history. */
  readonly ofPast?: boolean;
}

/** `then`: the answer of 0.1.0. */
export function asThen(today: Json | undefined, then: Json | undefined, context: Context): Json | undefined {
  if (isList(today))
    return today.map((each, at) => asThen(each, isList(then) ? then[at] : undefined, context)!);
  if (!isObject(today) || !isObject(then)) return today;
  const fields = isHistory(today) ? historyThen(today, then as unknown as Page, context.added) : today;
  const ofPast = context.ofPast === true || isOfPast(today) || isOfPast(today['node']);
  const within = { ...context, ofPast };
  const told = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, asThen(value, whatWas(name, then), within)]),
  ) as Fields;
  return {
    ...told,
    ...viaThen(told),
    ...typeThen(fields),
    ...roleThen(fields, then),
    ...publicationThen(fields),
    ...identityThen(fields, then, ofPast),
  };
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

/** An entry by the name that its event has in the log. */
function typeThen({ id, type = null }: Fields): Fields {
  return isEntry(id) ? { type: HistoryEventType[String(type)] ?? type } : {};
}

/** Value that an answer is compared with: access was explained by the role alone. */
const whatWas = (name: string, then: Fields): Json | undefined => {
  const was = then[name];
  return name === 'via' && isList(was) ? was.map((role) => ({ role })) : was;
};

function viaThen({ via }: Fields): Fields {
  return isList(via) ? { via: via.map((assignment) => (assignment as Fields)['role'] ?? null) } : {};
}

/** A default role changed last when a publication changed it, or as then: never earlier. */
function roleThen({ kind, updatedAt }: Fields, then: Fields): Fields {
  if (kind !== 'DEFAULT' || typeof updatedAt !== 'string') return {};
  const before = then['updatedAt'] ?? null;
  return before === null || updatedAt >= String(before) ? { updatedAt: before } : {};
}

/** Ids had no moment, `key` was that of the catalogue, and what was had the actions and the actors' names of now. */
function identityThen({ id, key, kind, type }: Fields, then: Fields, ofPast: boolean): Fields {
  if (typeof id !== 'string') return {};
  const [bare = ''] = PAST.exec(id)?.slice(1) ?? [id];
  const isOfNow = (field: string): boolean =>
    field === 'allowedActions' || (field === 'name' && type === 'USER');
  const ofNow = ofPast ? Object.entries(then).filter(([field]) => isOfNow(field)) : [];
  const ofCatalogue = kind === 'DEFAULT' ? String(key).replace(/^Role:/, '') : null;
  return { id: bare, ...Object.fromEntries(ofNow), ...(key === bare ? { key: ofCatalogue } : {}) };
}
const PAST = /^((?:Account|Role|User):[^@]+)@(.+)$/;

/** Tells an object that is as of a moment of its own. */
function isOfPast(value: Json | undefined): boolean {
  const id = isObject(value) ? value['id'] : null;
  return typeof id === 'string' && (PAST.test(id) || isEntry(id));
}

/** The version before a publication was not told. */
function publicationThen({ type, changes, summary }: Fields): Fields {
  if (type !== 'CATALOGUE_PUBLISHED') return {};
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

const isEntry = (id: Json | undefined): boolean => typeof id === 'string' && id.startsWith('HistoryEntry:');

function isHistory(value: Fields): value is Page & Fields {
  const { edges } = value;
  if (!isList(edges) || edges.length === 0) return false;
  const { node } = edges[0] as { readonly node?: Fields };
  return isEntry(node?.['id']);
}
