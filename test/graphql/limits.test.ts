import { parse, type OperationDefinitionNode } from 'graphql';
import { estimate } from '../../src/graphql/limits/cost';
import { checkShape } from '../../src/graphql/limits/shape';
import { createSchema } from '../../src/graphql/schema';

describe('What a request costs', () => {
  const schema = createSchema();
  const cost = (query: string, variables = {}) => {
    const document = parse(query);
    return estimate(schema, document, document.definitions[0] as OperationDefinitionNode, variables);
  };
  const names = (first: string) => `query ($n: Int) { roles(first: ${first}) { edges { node { name } } } }`;

  test('grows with the page that is asked for, by literal, variable or default', () => {
    const twenty = cost(names('20')).cost;
    expect(cost('{ roles { edges { node { name } } } }').cost).toBe(twenty);
    expect(cost(names('$n'), { n: 20 }).cost).toBe(twenty);
    expect(cost(names('$n')).cost).toBe(twenty);
    expect(cost(names('200')).cost).toBeGreaterThan(twenty * 5);
    expect(cost(names('1000000')).cost).toBe(cost(names('200')).cost);
  });

  test('is the same through fragments as without', () => {
    const plain = cost('{ roles { edges { node { name users { edges { node { name } } } } } } }');
    const fragments = cost(
      '{ roles { ...C } } fragment C on RoleConnection { edges { node { ...R } } } fragment R on Role { name users { ... { edges { node { name } } } } }',
    );
    expect(fragments).toEqual(plain);
  });

  test('counts checks by their number', () => {
    const query =
      'query ($checks: [PermissionCheckInput!]!) { checkPermissions(checks: $checks) { allowed } }';
    const checks = (count: number) => ({ checks: Array.from({ length: count }, () => ({})) });
    expect(cost(query, checks(1_000)).cost).toBeGreaterThan(cost(query, checks(1)).cost * 500);
    expect(cost(query, checks(1_000)).cost).toBeLessThan(20_000);
  });

  test('depth is that of the deepest field', () => {
    expect(cost('{ me { id } roles { edges { node { name } } } }').depth).toBe(4);
  });
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

  test('what does not parse is left to be reported', () => {
    expect(() => checkShape('{ broken')).not.toThrow();
    expect(() => checkShape('a '.repeat(100_000))).not.toThrow();
  });
});
