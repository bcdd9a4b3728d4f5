import {
  getNamedType,
  isCompositeType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  getNullableType,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLObjectType,
} from 'graphql';
import { has, maySend, type Given, type Need, type Published, type Rights } from './published';
import { sample, sampleArguments } from './samples';

/** One thing to ask for, and who may. */
export interface Question {
  readonly name: string;
  readonly kind: 'query' | 'mutation';
  /** True if it is about objects that only a caller with a role has. */
  readonly ofRoles?: boolean;
  /** The field with its variables: types by name, and values. `user`: id of the caller. */
  ask(user: string): { readonly field: string; readonly selection: string; readonly variables: Variables };
  mayAsk(rights: Rights): boolean;
}

type Variables = Readonly<Record<string, { readonly type: string; readonly value: unknown }>>;
type Field = GraphQLField<unknown, unknown>;

interface Options {
  /** An id of an object of each type that `node` finds. */
  readonly ids: ReadonlyMap<string, string>;
  /** True: every set of the fields of an input. */
  readonly thorough?: boolean;
}

/** Every query, every field behind one that needs something of its own, and every mutation in several forms. */
export const questions = (schema: Published, { ids, thorough = false }: Options): Question[] => [
  ...rootsOf(schema, 'query').flatMap((field) => queries(field, schema, ids)),
  ...behind(schema, thorough),
  ...rootsOf(schema, 'mutation').flatMap((field) => mutations(field, schema, thorough)),
];

function rootsOf({ schema }: Published, kind: 'query' | 'mutation'): Field[] {
  const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
  return Object.values(root?.getFields() ?? {});
}

const selectionOf = ({ type }: Field): string =>
  isCompositeType(getNamedType(type)) ? '{ __typename }' : '';

const argumentsOf = (field: Field, values: Readonly<Record<string, unknown>>): Variables =>
  Object.fromEntries(
    field.args
      .filter(({ name }) => name in values)
      .map(({ name, type }) => [name, { type: String(type), value: values[name] }]),
  );

/** One question a kind of what is asked about: each type that the field finds, oneself and others. */
function queries(field: Field, { needsOf }: Published, ids: Options['ids']): Question[] {
  const needs = needsOf(field);
  const base = { kind: 'query' as const };
  const asked = (values: Readonly<Record<string, unknown>>): ReturnType<Question['ask']> => ({
    field: field.name,
    selection: selectionOf(field),
    variables: argumentsOf(field, values),
  });
  if (needs.some(({ types }) => types))
    return needs.flatMap((need) =>
      (need.types ?? []).map((type) => ({
        ...base,
        name: `Query.${field.name} of ${type}`,
        ask: () => asked(idsOf(field, ids.get(type) ?? 'missing')),
        mayAsk: (rights) => has(rights, need),
      })),
    );
  const others: Question = {
    ...base,
    name: `Query.${field.name}`,
    ask: () => asked(sampleArguments(field.args)),
    mayAsk: (rights) => needs.every((need) => has(rights, need)),
  };
  const named = (user: string): string => JSON.stringify(sampleArguments(field.args, user));
  if (named('one') === named('another')) return [others];
  const self: Question = {
    ...base,
    name: `Query.${field.name} about oneself`,
    ask: (user) => asked(sampleArguments(field.args, user)),
    mayAsk: (rights) => needs.every((need) => need.orSelf || has(rights, need)),
  };
  return [others, self];
}

const idsOf = ({ args }: Field, id: string): Record<string, unknown> =>
  Object.fromEntries(args.map(({ name, type }) => [name, isListType(getNullableType(type)) ? [id] : id]));

interface Way {
  readonly type: GraphQLObjectType;
  readonly fields: readonly Field[];
}

/** Fields of objects, those that declare something or all of them, each by the shortest way from the caller. */
function behind({ schema, needsOf }: Published, thorough: boolean): Question[] {
  const me = rootsOf({ schema } as Published, 'query').find(({ name }) => name === 'me')!;
  const ways = new Map<string, Way>();
  const next: Way[] = [{ type: getNamedType(me.type) as GraphQLObjectType, fields: [me] }];
  const found: Question[] = [];
  for (let way = next.shift(); way; way = next.shift()) {
    if (ways.has(way.type.name)) continue;
    ways.set(way.type.name, way);
    for (const field of Object.values(way.type.getFields())) {
      const fields = [...way.fields, field];
      if (thorough || needsOf(field).length > 0)
        found.push(wayTo(`${way.type.name}.${field.name}`, fields, needsOf));
      const type = getNamedType(field.type);
      if (isObjectType(type) && field.args.every((arg) => !isNonNullType(arg.type)))
        next.push({ type, fields });
    }
  }
  return found;
}

function wayTo(name: string, fields: readonly Field[], needsOf: Published['needsOf']): Question {
  const [root, ...inner] = fields;
  const selection = inner.reduceRight(
    (within, field) => `{ ${field.name} ${within} }`,
    selectionOf(fields.at(-1)!),
  );
  return {
    name,
    kind: 'query',
    ofRoles: true,
    ask: () => ({ field: root!.name, selection, variables: {} }),
    mayAsk: (rights) => fields.flatMap(needsOf).every((need) => has(rights, need)),
  };
}

/** One question a form of the input: what must be given, and with it each further field, or each set of them. */
function mutations(field: Field, { needsOf }: Published, thorough: boolean): Question[] {
  const [arg] = field.args;
  const input = arg && getNamedType(arg.type);
  if (!isInputObjectType(input)) throw new Error(`${field.name} takes no input.`);
  const fields = Object.values(input.getFields());
  const fixed = Object.fromEntries(
    fields.filter(({ type }) => isNonNullType(type)).map(({ name, type }) => [name, sample(type)]),
  );
  const extras = fields.filter(
    ({ name, type }) => !isNonNullType(type) && (thorough || !OF_EVERY_MUTATION.includes(name)),
  );
  const values = extras.map(({ name, type }): readonly (readonly [string, unknown])[] => {
    const value = sample(type);
    const idle = Array.isArray(value) ? [] : value === true ? false : null;
    return [value, idle].map((each) => [name, each] as const);
  });
  const forms = thorough ? sets(values) : [[], ...values.flat().map((each) => [each])];
  return forms.map((form) =>
    mutation(field, { input, value: { ...fixed, ...Object.fromEntries(form) } }, needsOf),
  );
}

/** Fields that are asked for in the thorough test alone: they are the same everywhere. */
const OF_EVERY_MUTATION = ['idempotencyKey', 'reason', 'expectedVersion', 'dryRun'];

interface Input {
  readonly input: GraphQLInputObjectType;
  readonly value: Readonly<Record<string, unknown>>;
}

function mutation(field: Field, { input, value }: Input, needsOf: Published['needsOf']): Question {
  const given = Object.entries(value).map(([name, each]): Given => ({
    needs: needsOf(input.getFields()[name]!),
    value: each,
  }));
  const ofMutation: readonly Need[] = needsOf(field);
  return {
    name: `Mutation.${field.name} ${JSON.stringify(value)}`,
    kind: 'mutation',
    ask: () => ({
      field: field.name,
      selection: selectionOf(field),
      variables: argumentsOf(field, { [field.args[0]!.name]: value }),
    }),
    mayAsk: (rights) => maySend(rights, ofMutation, given),
  };
}

/** Every choice of at most one value of each list. */
const sets = <T>(lists: readonly (readonly T[])[]): T[][] =>
  lists.reduce<T[][]>(
    (chosen, list) => chosen.flatMap((set) => [set, ...list.map((each) => [...set, each])]),
    [[]],
  );
