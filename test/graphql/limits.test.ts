import {
  buildASTSchema,
  getIntrospectionQuery,
  getNamedType,
  getNullableType,
  getVariableValues,
  isCompositeType,
  isIntrospectionType,
  isListType,
  isObjectType,
  parse,
  printSchema,
  type GraphQLField,
  type GraphQLObjectType,
  type OperationDefinitionNode,
} from 'graphql';
import fc from 'fast-check';
import { estimate } from '../../src/graphql/limits/cost';
import { declaredCost, INTROSPECTION_SIZES } from '../../src/graphql/limits/field-cost';
import { checkVariables, MAX_TEXT, MAX_VALUES } from '../../src/graphql/limits/input';
import { checkLength, checkShape, checkTokens } from '../../src/graphql/limits/shape';
import { createSchema } from '../../src/graphql/schema';

const schema = createSchema();
const LIMIT = 20_000;

/** Cost of the first operation, with variables as a client sends them. */
const costOf = (query: string, variables = {}) => {
  const document = parse(query, { noLocation: true });
  const operation = document.definitions[0] as OperationDefinitionNode;
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (!coerced) throw new Error(errors.map(({ message }) => message).join());
  return estimate(schema, document, operation, coerced);
};
const cost = (query: string, variables = {}): number => costOf(query, variables).cost;
const fieldsOf = (wanted: (type: GraphQLObjectType) => boolean) =>
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(wanted)
    .flatMap((type) =>
      Object.values(type.getFields()).map((field) => ({ name: `${type.name}.${field.name}`, field })),
    );

describe('What a request costs', () => {
  const names = (first: string) => `query ($n: Int) { roles(first: ${first}) { edges { node { name } } } }`;

  test('grows with the page that is asked for, by literal, variable or default', () => {
    const twenty = cost('{ roles { edges { node { name } } } }');
    expect(cost(names('20'))).toBe(twenty);
    expect(cost(names('$n'), { n: 20 })).toBe(twenty);
    expect(cost(names('$n'))).toBe(twenty);
    expect(cost(names('200'))).toBeGreaterThan(twenty * 5);
    expect(cost(names('1000000'))).toBe(cost(names('200')));
  });

  test('takes what a variable is left out for: its default, also inside of an input', () => {
    const pages = (head: string) =>
      `query ${head} { users(first: 200) { edges { node { roles { users(first: $n) { edges { node { id } } } } } } } }`;
    expect(cost(pages('($n: Int = 200)'))).toBe(cost(pages('($n: Int)'), { n: 200 }));
    expect(cost(pages('($n: Int = 200)'))).toBeGreaterThan(LIMIT);
    const check = '{ user: { id: "User:a" }, permission: "p" }';
    const checks = Array.from({ length: 600 }, () => check).join();
    const defaults = `query ($c: [PermissionCheckInput!]! = [${checks}]) { checkPermissions(checks: $c) { allowed } }`;
    const literal = `{ checkPermissions(checks: [${checks}]) { allowed } }`;
    expect(cost(defaults)).toBe(cost(literal));
    expect(cost(literal)).toBeGreaterThan(600 * 10);
  });

  test('is the same through fragments as without, however often they are spread', () => {
    const plain = costOf('{ roles { edges { node { name users { edges { node { name } } } } } } }');
    const fragments = costOf(
      '{ roles { ...C } } fragment C on RoleConnection { edges { node { ...R } } } fragment R on Role { name users { ... { edges { node { name } } } } }',
    );
    expect({ ...fragments, items: null }).toEqual({ ...plain, items: null });
    const searches = Array.from({ length: 30 }, (_, n) => `s${n}: users(search: "ab") { totalCount }`);
    const spread = `{ ...A ...B } fragment A on Query { ${searches.slice(0, 15).join(' ')} }
      fragment B on Query { ${searches.slice(15).join(' ')} }`;
    expect(cost(spread)).toBe(cost(`{ ${searches.join(' ')} }`));
    expect(cost(spread)).toBeGreaterThan(LIMIT);
  });

  test('leaves out what is skipped, and nothing else', () => {
    const query = (directive: string) =>
      `query ($yes: Boolean = true) { me { id } users(first: 200, search: "a") ${directive} { edges { node { roles { name } } } } }`;
    const whole = cost(query(''));
    for (const directive of ['@skip(if: $yes)', '@skip(if: true)', '@include(if: false)'])
      expect(cost(query(directive))).toBeLessThan(whole / 100);
    for (const directive of ['@include(if: $yes)', '@skip(if: false)'])
      expect(cost(query(directive))).toBe(whole);
  });

  test('counts what is put in by its size, each time that it is put in', () => {
    const grants = Array.from({ length: 10_000 }, (_, n) => ({ permission: `p/${n}` }));
    const mutation = (count: number) =>
      `mutation ($g: [GrantInput!]!) { ${Array.from({ length: count }, (_, n) => `m${n}: grantPermissions(input: { roleId: "Role:r", grants: $g }) { projected }`).join(' ')} }`;
    expect(cost(mutation(1), { g: grants })).toBeGreaterThan(4_000);
    expect(cost(mutation(1), { g: grants })).toBeLessThan(LIMIT);
    expect(cost(mutation(10), { g: grants })).toBeGreaterThan(LIMIT);
    expect(costOf(mutation(11), { g: [] }).mutations).toBe(11);
    expect(costOf('mutation { ...M ...M } fragment M on Mutation { __typename }').mutations).toBe(2);
  });

  test('of checks by their number', () => {
    const query =
      'query ($checks: [PermissionCheckInput!]!) { checkPermissions(checks: $checks) { allowed } }';
    const checks = (count: number) => ({
      checks: Array.from({ length: count }, () => ({ user: { id: 'User:u' }, permission: 'p' })),
    });
    expect(cost(query, checks(1_000))).toBeGreaterThan(cost(query, checks(1)) * 500);
    expect(cost(query, checks(1_000))).toBeLessThan(LIMIT);
  });

  test.each([
    ['searches of two letters', 190, 'users(search: "an") { edges { cursor } }'],
    ['status with a search', 190, 'users(search: "an", status: INACTIVE) { totalCount }'],
    ['notInRole with a search', 78, 'users(search: "an", notInRole: "Role:r") { totalCount }'],
    ['notInRole', 78, 'users(notInRole: "Role:r", status: ACTIVE) { totalCount edges { cursor } }'],
    ['totals of history', 46, 'history { totalCount }'],
    [
      'totals of what several filters have in common',
      46,
      'history(filter: { types: [ROLE_CREATED] }) { totalCount }',
    ],
    ['introspection of one type', 190, '__type(name: "Role") { name }'],
    ['introspection', 190, '__schema { queryType { name } }'],
    ['holders', 46, 'usersWithPermission(permission: "roles/view") { totalCount }'],
    ['searches of roles', 46, 'roles(search: "ab") { totalCount edges { cursor } }'],
  ])('is above the limit for many %s', (_, count, field) => {
    const fields = Array.from({ length: count }, (_each, n) => `f${n}: ${field}`).join(' ');
    expect(cost(`{ ${fields} }`)).toBeGreaterThan(LIMIT);
    expect(cost(`{ f: ${field} }`)).toBeLessThan(LIMIT / 2);
  });

  test('leaves room for the whole schema, and not for its types in one another', () => {
    expect(cost(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }))).toBeLessThan(LIMIT);
    const fields = Array.from({ length: 100 }, (_, n) => `n${n}: name`).join(' ');
    expect(cost(`{ __schema { types { fields { type { fields { ${fields} } } } } } }`)).toBeGreaterThan(
      LIMIT,
    );
  });

  test('depth is that of the deepest field', () => {
    expect(costOf('{ me { id } roles { edges { node { name } } } }').depth).toBe(4);
  });

  test('is declared for every field that pages or searches, and charged for every other', () => {
    const undeclared = fieldsOf((type) => !isIntrospectionType(type)).filter(({ field }) => {
      const asks = field.args.some((arg) => arg.name === 'first' || arg.name === 'search');
      return asks && declaredCost(field, {}).work === undefined;
    });
    expect(undeclared.map(({ name }) => name)).toEqual([]);
    const uncounted = fieldsOf(() => true).filter(
      ({ field }) =>
        getNamedType(field.type).name.endsWith('Connection') && declaredCost(field, {}).count === undefined,
    );
    expect(uncounted.map(({ name }) => name)).toEqual([]);
    const extended = buildASTSchema(
      parse(
        printSchema(schema).replace(
          'type Query {',
          'type Query { added(search: String): [User!]! addedPage(first: Int): UserConnection!',
        ),
      ),
    );
    const of = (query: string): number => {
      const document = parse(query);
      return estimate(extended, document, document.definitions[0] as OperationDefinitionNode, {}).cost;
    };
    expect(of('{ added(search: "a") { id } }')).toBeGreaterThan(20);
    expect(of('{ addedPage(first: 100) { totalCount edges { node { id } } } }')).toBeGreaterThan(1_200);
  });

  test('is declared with its usual size by every list of objects that is no page', () => {
    // Items of other lists are charged as they turn out alone.
    const isListOfObjects = ({ type }: GraphQLField<unknown, unknown>): boolean =>
      isListType(getNullableType(type)) && isCompositeType(getNamedType(type));
    const lists = fieldsOf((type) => !isIntrospectionType(type)).filter(
      ({ name, field }) => isListOfObjects(field) && !/Connection\.(edges|nodes)$/.test(name),
    );
    const args = { checks: [{ user: { id: 'User:u' }, permission: 'p' }], ids: ['User:u'] };
    const unsized = lists.filter(({ field }) => !((declaredCost(field, args).size ?? 0) > 0));
    expect(unsized.map(({ name }) => name)).toEqual([]);
    expect(lists.length).toBeGreaterThan(20);
    const introspection = fieldsOf(isIntrospectionType).filter(({ field }) => isListOfObjects(field));
    expect(introspection.map(({ name }) => name).sort()).toEqual(Object.keys(INTROSPECTION_SIZES).sort());
  });

  test('is at least one for each field that an answer is certain to have', () => {
    const leaf = fc.constantFrom('id', 'name', 'username', 'status');
    const users = fc.record({
      first: fc.integer({ min: 1, max: 200 }),
      leaves: fc.array(leaf, { minLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(users, { minLength: 1, maxLength: 5 }), (pages) => {
        const fields = pages.map(
          ({ first, leaves }, n) =>
            `p${n}: users(first: ${first}) { edges { node { ${leaves.map((each, k) => `l${k}: ${each}`).join(' ')} } } }`,
        );
        const answer = pages.reduce((sum, { first, leaves }) => sum + 2 + first * (1 + leaves.length), 0);
        expect(cost(`{ ${fields.join(' ')} }`)).toBeGreaterThanOrEqual(answer);
      }),
    );
  });
});

test('every list of composites is charged for each of its items', () => {
  const { items } = costOf('{ users { edges { node { roles { id name } } } } }');
  expect([...items].map(([node, each]) => [node.name.value, each])).toEqual([
    ['roles', 2],
    ['edges', 12],
  ]);
});

describe('The shape of a request', () => {
  const refused = expect.objectContaining({ code: 'QUERY_TOO_COMPLEX' });

  test('is checked before it is validated', () => {
    expect(() => checkShape('{ me { id } }')).not.toThrow();
    expect(() => checkShape(`{ ${'a '.repeat(6)} }`)).toThrow(refused);
    expect(() => checkShape(`{ ${'... { a } '.repeat(6)} }`)).toThrow(refused);
    expect(() => checkShape(`{ ${Array.from({ length: 700 }, (_, n) => `a${n}: me`).join(' ')} }`)).toThrow(
      refused,
    );
    expect(() => checkShape(`${'{ a '.repeat(70)}${'}'.repeat(70)}`)).toThrow(refused);
    expect(() =>
      checkShape(`{ a } ${Array.from({ length: 60 }, (_, n) => `fragment f${n} on Query { a }`).join(' ')}`),
    ).toThrow(refused);
  });

  test('has few fields of one name in one place, by whatever fragments they come there', () => {
    const shared = (fragments: number, names: number): string => {
      const fields = Array.from({ length: names }, (_, n) => `a${n}: me { id }`).join(' ');
      const all = Array.from({ length: fragments }, (_, n) => n);
      return `{ ${all.map((n) => `...F${n}`).join(' ')} } ${all.map((n) => `fragment F${n} on Query { ${fields} }`).join(' ')}`;
    };
    // Parts of a screen that each ask for what they show of one object.
    expect(() => checkShape(shared(15, 5))).not.toThrow();
    expect(() => checkShape(shared(49, 3))).toThrow(refused);
    const split = (within: string): string =>
      `{ ${Array.from({ length: 45 }, (_, n) => `...F${n}`).join(' ')} } ${Array.from({ length: 45 }, (_, n) => `fragment F${n} on Query { ${within} }`).join(' ')}`;
    expect(() => checkShape(split('me { id }'))).not.toThrow();
    expect(() => checkShape(split('me { id name }'))).toThrow(refused);
  });

  test('has few fields, however often their fragments are spread', () => {
    const doubling = (levels: number): string =>
      `{ me { ...F0 } } ${Array.from({ length: levels }, (_, n) => `fragment F${n} on User { a: roles { ...G${n} } b: roles { ...G${n} } } fragment G${n} on Role { x: createdBy { ...F${n + 1} } }`).join(' ')} fragment F${levels} on User { id }`;
    expect(() => checkShape(doubling(5))).not.toThrow();
    expect(() => checkShape(doubling(20))).toThrow(refused);
  });

  test('a circle of fragments is left to be reported', () => {
    expect(() =>
      checkShape('{ me { ...A } } fragment A on User { roles { x: createdBy { ...A } } }'),
    ).not.toThrow();
    expect(() =>
      checkShape('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'),
    ).not.toThrow();
  });

  test('has few variables', () => {
    const variables = (count: number): string =>
      `query (${Array.from({ length: count }, (_, n) => `$v${n}: ID`).join(' ')}) { me { id } }`;
    expect(() => checkShape(variables(300))).not.toThrow();
    expect(() => checkShape(variables(301))).toThrow(refused);
  });

  test('has short block strings, together', () => {
    const text = (...lengths: number[]): string =>
      `{ ${lengths.map((length, n) => `a${n}: node(id: """${'x'.repeat(length - 6)}""") { id }`).join(' ')} }`;
    expect(checkTokens(text(10_000, 10_000))).toBe(true);
    expect(() => checkTokens(text(10_000, 10_001))).toThrow(refused);
    expect(() => checkTokens(text(20_001))).toThrow(refused);
  });

  test('what does not parse is left to be reported', () => {
    expect(checkTokens('{ me { id } }')).toBe(true);
    expect([checkTokens('{ me { id } } "'), checkTokens('…'), checkTokens('')]).toEqual([false, false, true]);
    expect(() => checkShape('{ broken')).not.toThrow();
    expect(() => checkShape('a '.repeat(100_000))).not.toThrow();
  });

  test('its text has so many bytes at most, whatever they are', () => {
    expect(() => checkLength('#'.repeat(100), 100)).not.toThrow();
    expect(() => checkLength('#'.repeat(101), 100)).toThrow(refused);
    expect(() => checkLength('é'.repeat(50), 100)).not.toThrow();
    expect(() => checkLength('é'.repeat(51), 100)).toThrow(refused);
  });
});

describe('Variables', () => {
  const code = (expected: string) => expect.objectContaining({ code: expected });

  test('hold so many values together, wherever they are', () => {
    expect(checkVariables({ list: [1, { a: 'b' }] })).toBe(5);
    expect(() => checkVariables({ list: Array<number>(MAX_VALUES - 2).fill(0) })).not.toThrow();
    for (const variables of [
      { list: Array<number>(MAX_VALUES).fill(0) },
      { list: Array.from({ length: 2 }, () => Array<string>(MAX_VALUES / 2).fill('')) },
      Object.fromEntries(Array.from({ length: MAX_VALUES }, (_, n) => [`v${n}`, n])),
    ])
      expect(() => checkVariables(variables)).toThrow(code('QUERY_TOO_COMPLEX'));
  });

  test('hold no long text, and nest no deeper than inputs do', () => {
    expect(() => checkVariables({ text: 'x'.repeat(MAX_TEXT) })).not.toThrow();
    expect(() => checkVariables({ a: [{ text: 'x'.repeat(MAX_TEXT + 1) }] })).toThrow(code('BAD_USER_INPUT'));
    let nested: unknown = 0;
    for (let n = 0; n < 100_000; n += 1) nested = [nested];
    expect(() => checkVariables({ nested })).toThrow(code('QUERY_TOO_COMPLEX'));
  });
});
