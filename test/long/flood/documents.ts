import {
  astFromValue,
  getNamedType,
  isAbstractType,
  isLeafType,
  isNonNullType,
  print,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { Random } from '../random';
import type { Known } from './known';
import { valueFor } from './values';

/** A request’s text with its variables, and what is needed to understand its answer. */
export interface Document {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  /** Its root fields by the name that each has in the answer. */
  readonly roots: ReadonlyMap<string, string>;
  /** Fields by their place in the answer, without places in lists: `a.edges.node` is `UserEdge.node`. */
  readonly coordinates: ReadonlyMap<string, string>;
  /** Arguments of each root field, by its name in the answer: values by name. */
  readonly given: ReadonlyMap<string, ReadonlyMap<string, Given>>;
  /** Variables that ask for the page which follows, by the name of the root field in the answer. */
  readonly pages: ReadonlyMap<string, string>;
}

/** An argument: written out, or the name of its variable. */
export type Given = { readonly value: unknown } | { readonly variable: string };

export interface DocumentOptions {
  readonly schema: GraphQLSchema;
  readonly random: Random;
  readonly known: Known;
  /** False for a field that the caller was forbidden, so that not every document comes to nothing. */
  readonly allowed: (coordinate: string) => boolean;
  /** Number of times each field was asked for; the seldom ones come first. Incremented here. */
  readonly asked: Map<string, number>;
}

type Kind = 'query' | 'mutation';

const DEEPEST = 5;
const MOST_LEAVES = 5;
const MOST_OBJECTS = 2;
/** Fields with fields of their own, in one document. */
const MOST_OBJECTS_IN_ALL = 10;
/** Fields that every payload is asked for, to know its outcome. */
const OUTCOME = ['errors', 'position', 'projected'];

/** The arguments of a root field, with the values that its variables have now. */
export function argumentsOf({ given, variables }: Document, alias: string): Record<string, unknown> {
  return Object.fromEntries(
    [...(given.get(alias) ?? [])].map(([name, each]) => [
      name,
      'variable' in each ? variables[each.variable] : each.value,
    ]),
  );
}

/** A random document that is valid: each named root field once, with random arguments and selections. */
export function randomDocument(kind: Kind, roots: readonly string[], options: DocumentOptions): Document {
  return new Writer(kind, options).write(roots);
}

class Writer {
  readonly #variables: Record<string, unknown> = {};
  readonly #declared: string[] = [];
  readonly #coordinates = new Map<string, string>();
  readonly #pages = new Map<string, string>();
  readonly #given = new Map<string, Map<string, Given>>();
  readonly #fragments: string[] = [];
  #objects = 0;

  constructor(
    private readonly kind: Kind,
    private readonly options: DocumentOptions,
  ) {}

  write(roots: readonly string[]): Document {
    const { schema } = this.options;
    const type = (
      this.kind === 'query' ? schema.getQueryType() : schema.getMutationType()
    ) as GraphQLObjectType;
    const named = new Map(roots.map((field, index) => [`r${index}`, field]));
    const fields = [...named].map(([alias, name]) =>
      this.#field(type, type.getFields()[name] as Field, { alias, path: '', depth: 0 }),
    );
    const declared = this.#declared.length > 0 ? `(${this.#declared.join(', ')})` : '';
    return {
      query: [`${this.kind} Flood${declared} { ${fields.join(' ')} }`, ...this.#fragments].join('\n'),
      variables: this.#variables,
      roots: named,
      coordinates: this.#coordinates,
      given: this.#given,
      pages: this.#pages,
    };
  }

  #field(parent: GraphQLObjectType, field: Field, { alias, path, depth }: Spot): string {
    const { random, asked } = this.options;
    const coordinate = `${parent.name}.${field.name}`;
    const own = path ? `${path}.${alias}` : alias;
    this.#coordinates.set(own, coordinate);
    asked.set(coordinate, (asked.get(coordinate) ?? 0) + 1);
    const shown = alias === field.name ? alias : `${alias}: ${field.name}`;
    const written = `${shown}${this.#arguments(coordinate, field.args, depth === 0 ? alias : null)}${this.#directive()}`;
    const type = getNamedType(field.type);
    if (isLeafType(type)) return written;
    this.#objects += 1;
    const inner = { path: own, depth: depth + 1 };
    if (!isAbstractType(type)) return `${written} ${this.#selection(type as GraphQLObjectType, inner)}`;
    const kinds = this.options.schema.getPossibleTypes(type).map((each) => {
      // Fields of the same name may have different types: each type has names of its own in the answer.
      const selection = this.#selection(each, { ...inner, prefix: `${each.name}_` });
      return random.chance(0.5)
        ? `... on ${each.name} ${selection}`
        : `...${this.#fragment(each, selection)}`;
    });
    return `${written} { __typename id ${kinds.join(' ')} }`;
  }

  /** A directive now and then, which changes nothing. */
  #directive(): string {
    const { random } = this.options;
    return random.chance(0.03) ? random.pick([' @include(if: true)', ' @skip(if: false)']) : '';
  }

  #fragment(type: GraphQLObjectType, selection: string): string {
    const name = `F${this.#fragments.length}`;
    this.#fragments.push(`fragment ${name} on ${type.name} ${selection}`);
    return name;
  }

  #selection(type: GraphQLObjectType, { path, depth, prefix = '' }: Omit<Spot, 'alias'>): string {
    const fields = Object.values(type.getFields()).filter(({ name }) =>
      this.options.allowed(`${type.name}.${name}`),
    );
    const isLeaf = (field: Field): boolean => isLeafType(getNamedType(field.type));
    const room = depth < DEEPEST && this.#objects < MOST_OBJECTS_IN_ALL ? MOST_OBJECTS : 0;
    const leaves = this.#seldom(type, fields.filter(isLeaf), 1 + this.options.random.below(MOST_LEAVES));
    const objects = fields.filter((field) => !isLeaf(field));
    // Connections are worth nothing without their edges.
    const least = objects.some(({ name }) => name === 'edges') ? 1 : 0;
    const chosen = this.#seldom(type, objects, Math.min(room, least + this.options.random.below(room + 1)));
    const written = [...new Set([...leaves, ...chosen, ...this.#demanded(fields, depth)])].map((field) =>
      this.#field(type, field, { alias: `${prefix}${field.name}`, path, depth }),
    );
    if (depth === 1 && this.#pages.has(path)) written.push('page: pageInfo { hasNextPage endCursor }');
    return `{ ${written.length > 0 ? written.join(' ') : '__typename'} }`;
  }

  /** Asks a payload for its outcome, and for the id of what was changed: later requests are about that. */
  #demanded(fields: readonly Field[], depth: number): Field[] {
    if (this.kind === 'query') return [];
    if (depth === 2) return fields.filter(({ name }) => name === 'id' || name === 'code');
    if (depth !== 1) return [];
    return fields.filter(({ name, type }) => OUTCOME.includes(name) || !isLeafType(getNamedType(type)));
  }

  /** Picks fields, mostly those that were asked for least. */
  #seldom(type: GraphQLObjectType, fields: readonly Field[], count: number): Field[] {
    const { random, asked } = this.options;
    const weight = ({ name }: Field): number => (asked.get(`${type.name}.${name}`) ?? 0) * random.next();
    const weighed = fields.map((field) => [weight(field), random.next(), field] as const);
    weighed.sort(([a, x], [b, y]) => a - b || x - y);
    return weighed.slice(0, count).map(([, , field]) => field);
  }

  /** `root`: the name in the answer of a root field, which can be paged through. */
  #arguments(owner: string, args: readonly GraphQLArgument[], root: string | null): string {
    const { random, known } = this.options;
    const given = new Map<string, Given>();
    if (root !== null) this.#given.set(root, given);
    const pageable = root !== null && args.some(({ name }) => name === 'after');
    const written = args.flatMap((arg) => {
      if (pageable && arg.name === 'after') {
        const variable = this.#declare(arg, null);
        this.#pages.set(root, variable);
        return [`after: $${variable}`];
      }
      if (!isNonNullType(arg.type) && !random.chance(0.4)) return [];
      const value = valueFor({ owner, name: arg.name, type: arg.type }, random, known);
      if (value === undefined) return [];
      const literal = random.chance(0.3) ? astFromValue(value, arg.type) : null;
      if (literal) {
        given.set(arg.name, { value });
        return [`${arg.name}: ${print(literal)}`];
      }
      const variable = this.#declare(arg, value);
      given.set(arg.name, { variable });
      return [`${arg.name}: $${variable}`];
    });
    return written.length > 0 ? `(${written.join(', ')})` : '';
  }

  #declare({ type }: GraphQLArgument, value: unknown): string {
    const name = `v${this.#declared.length}`;
    this.#declared.push(`$${name}: ${String(type)}`);
    this.#variables[name] = value;
    return name;
  }
}

type Field = GraphQLField<unknown, unknown>;

interface Spot {
  readonly alias: string;
  readonly path: string;
  readonly depth: number;
  /** Names that its fields have in the answer. */
  readonly prefix?: string;
}
