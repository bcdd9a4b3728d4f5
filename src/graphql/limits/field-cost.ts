import type { GraphQLField } from 'graphql';
import { Extensions } from 'type-graphql';
import { DEFAULT_PAGE, MAX_PAGE } from '../connection';

/**
 * Cost of a field besides its selection. A unit is about that of a field of the answer, or of a row read: some 2 µs.
 */
export interface FieldCost {
  /** Cost of the field itself; left out, that of its kind (see `fieldCost`). */
  readonly work?: number;
  /** Cost of the `totalCount` of a connection. */
  readonly count?: number;
  /** Usual number of items of a list that is not a page. `Budget` counts the true number while a request runs. */
  readonly size?: number;
}

type Declared<Args> = FieldCost | ((args: Partial<Args>) => FieldCost);
export type Arguments = Readonly<Record<string, unknown>>;

/**
 * Declares the cost of a field on the field, so that the two are renamed, moved and removed together. Required for
 * fields that page or search, and for lists of objects. `Args`: arguments of the field, of which each may be absent.
 */
export const Cost = <Args = Arguments>(cost: Declared<Args>): ReturnType<typeof Extensions> =>
  Extensions({ cost });

/** Cost that a field declares; nothing if it declares none. */
export function declaredCost(field: GraphQLField<unknown, unknown>, args: Arguments): FieldCost {
  const cost = field.extensions['cost'] as Declared<Arguments> | undefined;
  return (typeof cost === 'function' ? cost(args) : cost) ?? {};
}

/** Work of a question that has to read every name. */
export const SEARCH_WORK = 1_000;
/** Work of a count that has to read every matching user, or every entry of the history. */
export const COUNT_WORK = 1_000;
/** Work of an order by value beside that of one by name. */
export const VALUE_WORK = 100;
const MUTATION_WORK = 200;
/** Work of a field that takes arguments and declares nothing: it runs a question. */
const ASKING_WORK = 20;
/** Work of looking up another `asOf` than that of the enclosing object. */
const AS_OF_WORK = 20;
export const USUAL_SIZE = 3;

/** Cost of a field, with that of its kind where it declares none. */
export function fieldCost(
  field: GraphQLField<unknown, unknown>,
  args: Arguments,
  isMutation: boolean,
): Required<FieldCost> {
  const { work: once, count = 0, size = USUAL_SIZE } = declaredCost(field, args);
  // A page at a cursor may be asked if there is something on the other side of it, which is another question.
  const work = once === undefined ? undefined : once * (hasCursor(args) ? 2 : 1);
  const asOf = isGiven(args['asOf']) ? AS_OF_WORK : 0;
  if (work !== undefined) return { work: work + asOf, count, size };
  if (isMutation) return { work: MUTATION_WORK, count: 0, size };
  return { work: Object.keys(args).length > 0 ? ASKING_WORK + asOf : 0, count: COUNT_WORK, size };
}

/** Distinguishes a search for a text from an empty one, which is no search. */
export const searches = ({ search }: { readonly search?: unknown }): boolean =>
  typeof search === 'string' && search.trim() !== '';

export const isGiven = (value: unknown): boolean => value !== null && value !== undefined;

const hasCursor = ({ after, before }: Arguments): boolean => isGiven(after) || isGiven(before);

/** Edges that a connection is asked for. Beyond the largest page the resolver refuses. */
export function pageOf({ first, last }: Arguments): number {
  const size = first ?? last;
  return typeof size === 'number' ? Math.max(0, Math.min(size, MAX_PAGE)) : DEFAULT_PAGE;
}

/** Usual sizes of lists of the schema itself, whose fields are GraphQL’s own, over types of all kinds. */
export const INTROSPECTION_SIZES: Readonly<Record<string, number>> = {
  '__Schema.types': 100,
  '__Schema.directives': 6,
  '__Type.fields': 5,
  '__Type.inputFields': 2,
  '__Type.enumValues': 2,
  '__Type.interfaces': 0.5,
  '__Type.possibleTypes': 0.5,
  '__Field.args': 1,
  '__Directive.args': 1,
};
