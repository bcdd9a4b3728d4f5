import {
  buildSchema,
  GraphQLInputObjectType,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import { needsOfChange } from '../../src/commands/needs';
import { rightsNeeded } from '../../src/commands/field-rights';
import { commands, definitionOf } from '../../src/commands/registry';
import { demandDeclared, undeclared } from '../../src/graphql/needs/check';
import { declareMutations } from '../../src/graphql/needs/mutations';
import { declare, needsOf } from '../../src/graphql/needs/needs';
import { printSorted } from '../../src/graphql/needs/print';
import { createSchema } from '../../src/graphql/schema';

/** Needs of fields: declared of every root field and of whatever leads to people and history, or there is no schema. */

const OPEN = { needs: [{ anyOf: [] }] };
const type = (
  name: string,
  fields: Record<string, GraphQLObjectType>,
  extensions: object = {},
): GraphQLObjectType =>
  new GraphQLObjectType({
    name,
    fields: {
      id: { type: GraphQLString },
      ...Object.fromEntries(Object.entries(fields).map(([key, of]) => [key, { type: of, extensions }])),
    },
  });

describe('A field that declares nothing fails the start', () => {
  const query = (extensions: object, fields: Record<string, GraphQLObjectType>): GraphQLSchema =>
    new GraphQLSchema({
      query: new GraphQLObjectType({
        name: 'Query',
        fields: {
          known: { type: GraphQLString, extensions: OPEN },
          ...Object.fromEntries(Object.entries(fields).map(([key, of]) => [key, { type: of, extensions }])),
        },
      }),
    });
  const user = type('User', {});

  test('as a query', () => {
    expect(() => demandDeclared(query({}, { secrets: type('Secret', {}) }))).toThrow('Query.secrets');
    expect(() => demandDeclared(query(OPEN, { secrets: type('Secret', {}) }))).not.toThrow();
  });

  test('as a mutation', () => {
    const mutation = (extensions: Record<string, unknown>): GraphQLSchema =>
      new GraphQLSchema({
        mutation: new GraphQLObjectType({
          name: 'Mutation',
          fields: { doIt: { type: GraphQLString, extensions } },
        }),
      });
    expect(undeclared(mutation({}))).toEqual(['Mutation.doIt']);
    expect(undeclared(mutation(OPEN))).toEqual([]);
  });

  test.each([
    ['User', user],
    ['Actor', type('Actor', {})],
    ['HistoryEntry', type('HistoryEntry', {})],
    ['a page of users', type('UserConnection', { nodes: user })],
  ])('as a field of an object that leads to %s', (_what, of) => {
    expect(undeclared(query(OPEN, { role: type('Role', { owner: of }) }))).toEqual(['Role.owner']);
    expect(undeclared(query(OPEN, { role: type('Role', { owner: of }, OPEN) }))).toEqual([]);
  });

  test('but not as a part of a page, nor of what a mutation answers', () => {
    const page = type('UserConnection', { nodes: user, edges: type('UserEdge', { node: user }) });
    const fields = { page, payload: type('SomePayload', { user }) };
    expect(undeclared(query(OPEN, fields))).toEqual([]);
    expect(undeclared(query(OPEN, { page: type('UserConnection', { owner: user }) }))).toEqual([
      'UserConnection.owner',
    ]);
  });

  test('in the schema that is served as in these', () => {
    const schema = createSchema();
    expect(() => demandDeclared(schema)).not.toThrow();
    schema.getQueryType()!.getFields()['users']!.extensions = {};
    expect(() => demandDeclared(schema)).toThrow('Query.users');
  });
});

describe('Mutations and their inputs', () => {
  const mutations = (name: string, fields: string): GraphQLSchema =>
    buildSchema(`type Query { a: Int } input In { ${fields} } type Mutation { ${name}(input: In!): Int }`);

  test('declare what the table of commands says', () => {
    const schema = mutations('updateRole', 'id: ID! name: String assignUserIds: [ID!] reason: String');
    declareMutations(schema);
    const { id, name, assignUserIds, reason } = (schema.getType('In') as GraphQLInputObjectType).getFields();
    const { updateRole } = schema.getMutationType()!.getFields();
    expect(needsOf(updateRole!)).toEqual([{ anyOf: ['roles/manage', 'roles/assign'] }]);
    expect([id, name, assignUserIds].map((field) => needsOf(field!))).toEqual([
      [{ anyOf: ['roles/manage'], when: 'ALONE' }],
      [{ anyOf: ['roles/manage'], when: 'GIVEN' }],
      [{ anyOf: ['roles/assign'], when: 'NAMED' }],
    ]);
    expect(needsOf(reason!)).toBeUndefined();
  });

  test('fail the start where no command has the name, or the field', () => {
    expect(() => declareMutations(mutations('dropAll', 'id: ID!'))).toThrow('Mutation.dropAll is no command');
    expect(() => declareMutations(mutations('deleteRole', 'id: ID! colour: String'))).toThrow(
      'In.colour is a field of no command',
    );
  });

  test('fail it where two mutations share an input and need different things for it', () => {
    const schema = buildSchema(`type Query { a: Int } input In { id: ID! }
      type Mutation { deleteRole(input: In!): Int eraseUser(input: In!): Int }`);
    expect(() => declareMutations(schema)).toThrow('In.id needs one thing in one mutation');
  });

  test('need in the schema what is asked for, whatever is given', () => {
    for (const type of Object.keys(commands)) {
      const { always, fields } = needsOfChange(type)!;
      const { input, rights } = definitionOf(type)!;
      const optional = Object.keys(rights).filter((field) => !input.required?.includes(field));
      for (const given of subsets(optional)) {
        const asked = rightsNeeded(input, rights, Object.fromEntries(given.map((field) => [field, ['x']])));
        for (const anyOf of always) expect(anyOf.some((right) => asked.includes(right))).toBe(true);
        for (const field of given)
          if (fields[field]!.when !== 'alone') expect(asked).toContain(fields[field]!.right);
      }
    }
  });
});

const subsets = (list: readonly string[]): string[][] =>
  list.reduce<string[][]>((sets, each) => sets.flatMap((set) => [set, [...set, each]]), [[]]);

describe('The text of a schema', () => {
  test('has the needs behind the type of each field, and reads back as the same schema', () => {
    const schema =
      buildSchema(`directive @needs(anyOf: [String!]!, orSelf: Boolean, types: [String!], when: String) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
      type Query { b(of: In, at: Int = 1): [Int!]! a: Int @deprecated } input In { c: Int = 2 d: Int }`);
    const { a, b } = schema.getQueryType()!.getFields();
    const { c } = (schema.getType('In') as GraphQLInputObjectType).getFields();
    declare(a!, [{ anyOf: [] }]);
    declare(b!, [
      { anyOf: ['x', 'y'], orSelf: true },
      { anyOf: ['z'], types: ['T'] },
    ]);
    declare(c!, [{ anyOf: ['x'], when: 'NAMED' }]);
    const text = printSorted(schema);
    expect(text).toContain('a: Int @needs(anyOf: []) @deprecated');
    expect(text).toContain(
      'b(at: Int = 1, of: In): [Int!]! @needs(anyOf: ["x", "y"], orSelf: true) @needs(anyOf: ["z"], types: ["T"])',
    );
    expect(text).toContain('c: Int = 2 @needs(anyOf: ["x"], when: NAMED)\n  d: Int\n');
    const without = text.replace(/(?<!directive) @needs\(anyOf.*?\)(?= |\n)/g, '');
    expect(printSorted(buildSchema(text))).toBe(without);
  });
});
