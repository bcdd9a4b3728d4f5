import fc from 'fast-check';
import { GraphQLError, Kind } from 'graphql';
import { InvalidCursorError } from '../../projections/view';
import { requestError } from '../../src/graphql/errors';
import { isInternal, mask } from '../../src/http/graphql/error-mask';
import { ADMIN, codesOf, startTestServer, type Answer, type TestServer } from './harness';

const SECRET = 'hunter2';

describe('Errors as clients see them', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  const told = ({ errors = [] }: Answer): string[] => errors.map(({ message }) => message);

  describe('say what is wrong with a document', () => {
    test.each([
      ['{ me { nmae } }', 'The type “User” has no field “nmae”.'],
      ['{ me }', 'Select fields of “Query.me”: it is of type “User”.'],
      ['{ me { id { x } } }', 'The field “id” has no fields to select.'],
      ['{ role { id } }', 'The field “Query.role” needs its argument “id” of type “ID!”.'],
      ['{ roles(frist: 1) { totalCount } }', 'The field “Query.roles” has no argument “frist”.'],
      ['{ roles(kind: CUSTOM, kind: DEFAULT) { totalCount } }', '“kind” is given more than once.'],
      [`{ roles(first: "${SECRET}") { totalCount } }`, 'A value of type “Int” is expected here.'],
      [`{ roles(kind: CUSTOM${SECRET}) { totalCount } }`, 'A value of type “RoleKind” is expected here.'],
      [`{ role(id: null) { id } }`, 'A value of type “ID!” is expected here.'],
      [
        'mutation { createRole(input: {}) { projected } }',
        'The input “CreateRoleInput” needs its field “name” of type “String!”.',
      ],
      [
        `mutation { createRole(input: { name: "x", nmae: "${SECRET}" }) { projected } }`,
        'The input “CreateRoleInput” has no field “nmae”.',
      ],
      ['{ account(asOf: {}) { id } }', 'Give exactly one field of the input “AsOf”.'],
      [
        '{ me { ...F } } fragment F on User { id } fragment G on User { id }',
        'The fragment “G” is never used.',
      ],
      ['{ me { ...F } }', 'There is no fragment “F”.'],
      ['{ me { ...F } } fragment F on User { ...F }', 'The fragment “F” contains itself.'],
      ['{ me { ...F } } fragment F on Role { id }', 'The fragment “F” never applies here.'],
      ['{ me { ... on Role { id } } }', 'This fragment never applies here.'],
      ['{ me { ... on Rule { id } } }', 'There is no type “Rule”.'],
      ['{ me { ... on DateTime { id } } }', 'The type “DateTime” cannot be used here.'],
      ['query ($a: Role) { me { id } }', 'The type “Role” cannot be used here.'],
      ['query ($a: Int) { me { id } }', 'The variable “$a” is never used.'],
      ['{ roles(first: $a) { totalCount } }', 'The variable “$a” is not declared.'],
      [
        'query ($a: String) { roles(first: $a) { totalCount } }',
        'The variable “$a” of type “String” does not fit where “Int” is expected.',
      ],
      [
        'query ($a: DateTime) { account(asOf: { time: $a }) { id } }',
        'The variable “$a” of type “DateTime” may be null, and the one field of the input “AsOf” may not: declare it as “DateTime!”.',
      ],
      [
        'query ($a: Int) { account(asOf: { time: $a }) { id } }',
        'The variable “$a” of type “Int” does not fit where “DateTime” is expected.',
      ],
      ['{ me { id @lower } }', 'There is no directive “@lower”.'],
      ['{ me @oneOf { id } }', 'The directive “@oneOf” cannot stand here, or lacks an argument.'],
      ['{ me { a: id a: name } }', 'The fields “a” differ where they would be one: give them other aliases.'],
      ['{ me { id } } { me { id } }', 'An operation without a name must be the only one.'],
      ['query A { me { id } } query A { me { id } }', '“A” is given more than once.'],
      [
        '{ me { id } } type X { id: ID }',
        'A request takes only operations and fragments: definitions of types have no place in it.',
      ],
    ])('%s', async (query, message) => {
      const answer = await server.graphql(query);
      expect(answer.status).toBe(400);
      expect(told(answer)).toContain(message);
      expect(JSON.stringify(answer.errors)).not.toContain(SECRET);
    });

    test.each([
      [`{ me { id } "${SECRET}"`, 'Syntax error in line 1, column 13: a string is unexpected.'],
      [`{\n  me(a: ${SECRET} {`, 'Syntax error in line 2, column 17: “{” is unexpected.'],
      [`${SECRET} { me }`, 'Syntax error in line 1, column 1: a name is unexpected.'],
      ['{ me {', 'Syntax error in line 1, column 7: the end of the text is unexpected.'],
      [`{ me(a: "${SECRET}) }`, undefined],
      [`{ ${SECRET} ; }`, 'Syntax error in line 1, column 11: what stands there is no GraphQL.'],
    ])('that does not parse: %s', async (query, message) => {
      const answer = await server.graphql(query);
      expect([answer.status, codesOf(answer)]).toEqual([400, ['GRAPHQL_PARSE_FAILED']]);
      expect(told(answer)[0]).toMatch(message ?? /^Syntax error in line 1/);
      expect(told(answer)[0]).not.toContain(SECRET);
    });

    test('each of several faults in one place', async () => {
      const query = '{ checkPermissions { allowed } role(idd: 1) { nmae } }';
      expect(told(await server.graphql(query)).sort()).toEqual([
        'The field “Query.checkPermissions” needs its argument “checks” of type “[PermissionCheckInput!]!”.',
        'The field “Query.role” has no argument “idd”.',
        'The field “Query.role” needs its argument “id” of type “ID!”.',
        'The type “Role” has no field “nmae”.',
      ]);
    });

    test('with its names cut', async () => {
      const answer = await server.graphql(`{ me { ${'n'.repeat(200)} } }`);
      expect(told(answer)).toEqual([`The type “User” has no field “${'n'.repeat(63)}…”.`]);
    });

    test('an operation that is not there is not named', async () => {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await server.token(ADMIN)}` },
        body: JSON.stringify({ query: 'query A { me { id } }', operationName: SECRET }),
      });
      const text = await response.text();
      expect([response.status, text.includes(SECRET)]).toEqual([400, false]);
      expect(text).toContain('OPERATION_RESOLUTION_FAILURE');
    });
  });

  describe('say what is wrong with variables', () => {
    const CREATE = 'mutation ($x: CreateRoleInput!) { createRole(input: $x) { projected } }';
    const KIND = 'query ($x: RoleKind) { roles(kind: $x) { totalCount } }';
    const TIME = 'query ($x: AsOf) { account(asOf: $x) { id } }';

    test.each([
      [CREATE, {}, ['The variable “$x” must be given: it is of type “CreateRoleInput!”.']],
      [CREATE, { x: null }, ['“$x” must not be null: it is of type “CreateRoleInput!”.']],
      [CREATE, { x: SECRET }, ['“$x” must be an object: the input “CreateRoleInput”.']],
      [
        CREATE,
        { x: { [`nmae${SECRET}`]: 'Desk', name_: 1 } },
        [
          '“$x” lacks the field “name” of type “String!”.',
          '“$x” has a field that the input “CreateRoleInput” does not have.',
        ],
      ],
      [CREATE, { x: { name: { [SECRET]: SECRET } } }, ['“$x.name” does not fit the type “String”.']],
      [
        CREATE,
        { x: { name: 'a', grants: [{ permission: 'a' }, { permission: null, scopes: SECRET }, SECRET] } },
        [
          '“$x.grants[1].permission” must not be null: it is of type “String!”.',
          '“$x.grants[2]” must be an object: the input “GrantInput”.',
        ],
      ],
      [KIND, { x: `CUSTOM${SECRET}` }, ['“$x” is no value of the enum “RoleKind”.']],
      [TIME, { x: {} }, ['“$x” must have exactly one field of the input “AsOf”.']],
      [
        TIME,
        { x: { time: null } },
        ['“$x.time” must not be null: it is the one field that is given. Leave out what is not meant.'],
      ],
      [
        TIME,
        { x: { time: SECRET } },
        [expect.stringMatching(/^“\$x.time” does not fit\. This is no time\. Give a date/)],
      ],
    ])('%s %j', async (query, variables, messages) => {
      const answer = await server.graphql(query, variables);
      expect(answer.status).toBe(400);
      expect(told(answer)).toEqual(messages);
      expect(new Set(codesOf(answer))).toEqual(new Set(['BAD_USER_INPUT']));
      expect(JSON.stringify(answer)).not.toContain(SECRET);
    });

    test('however many: beyond 50 it is still the client’s fault, and nothing of it is in the log', async () => {
      const lines = server.log.length;
      const answer = await server.graphql(CREATE, {
        x: { name: 'a', grants: Array.from({ length: 200 }, () => ({ permission: { [SECRET]: 1 } })) },
      });
      expect(answer.status).toBe(400);
      expect(answer.errors).toHaveLength(51);
      expect(told(answer).at(-1)).toBe('There are more faults than are told here.');
      expect(new Set(codesOf(answer))).toEqual(new Set(['BAD_USER_INPUT']));
      const logged = server.log.slice(lines);
      expect(logged.filter(({ level }) => Number(level) >= 40)).toEqual([]);
      expect(JSON.stringify(logged)).not.toMatch(new RegExp(`stack|${SECRET}`));
    });

    test('an argument that fails only when it runs', async () => {
      const answer = await server.graphql(
        'query ($x: ID) { checkPermissions(checks: [{ user: { id: $x }, permission: "roles/view" }]) { allowed } }',
      );
      expect(codesOf(answer)[0]).toMatch(/^(BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/);
      expect(told(answer)[0]).toMatch(/expected|given|fits? /);
    });
  });

  test.each([['2026-11-27'], ['2999-11-27T08:30Z'], ['2999-11-27T08:30:15.25+01:00']])(
    'a moment is taken as people write it: %s',
    async (time) => {
      const literal = await server.graphql(`{ roles(asOf: { time: "${time}" }) { totalCount } }`);
      const variable = await server.graphql(
        'query ($t: DateTime!) { roles(asOf: { time: $t }) { totalCount } history(filter: { since: $t }) { totalCount } }',
        { t: time },
      );
      for (const answer of [literal, variable]) expect(told(answer)).toEqual([]);
    },
  );

  test.each([['2026-02-30'], ['2026-11-20T10:00'], [SECRET]])(
    'one that is none is told what fits: %s',
    async (time) => {
      const answer = await server.graphql(`{ roles(asOf: { time: "${time}" }) { totalCount } }`);
      expect(answer.status).toBe(400);
      expect(told(answer)).toEqual([
        expect.stringMatching(/^This is no time\. Give a date such as 2026-11-27, /),
      ]);
    },
  );

  describe('repeat no value, whatever is sent', () => {
    /** Long enough to be cut where it is a name. */
    const longName = (name: string): string => `${name}${'_'.repeat(64)}${SECRET}`;
    const near = fc.constantFrom('name', 'CUSTOM', 'permission', 'grants', 'time', 'id', 'first', 'input');
    const marked = near.map((name) => `${name}${SECRET}`);
    const literal = fc.oneof(
      marked,
      marked.map((text) => `"${text}"`),
      marked.map((text) => `"""${text}"""`),
      marked.map((text) => `[{ ${longName(text)}: "${text}" }]`),
      marked.map((text) => `{ name: ${text}, ${longName('x')}: ${text} }`),
      fc.constant('1e400'),
    );
    const place = fc.constantFrom(
      (value: string) => `{ roles(kind: ${value}) { totalCount } }`,
      (value: string) => `{ roles(first: ${value}) { totalCount } }`,
      (value: string) => `{ account(asOf: { time: ${value} }) { id } }`,
      (value: string) => `{ account(asOf: ${value}) { id } }`,
      (value: string) => `{ role(id: ${value}) { nmae } }`,
      (value: string) => `{ history(filter: { since: ${value}, types: ${value} }) { totalCount } }`,
      (value: string) => `mutation { createRole(input: ${value}) { projected } }`,
      (value: string) => `query ($x: Int = ${value}) { roles(first: $x) { totalCount } }`,
      (value: string) => `{ me { id @include(if: ${value}) } }`,
      (value: string) => `{ me { ${longName('id')} } ${value}`,
      (value: string) => `{ me { ...${longName('F')} @skip(if: ${value}) } }`,
    );
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        marked,
        fc.constantFrom<unknown>(null, 0, true, 1.5),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(near, marked), tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    const declared = fc.constantFrom(
      'query ($x: RoleKind) { roles(kind: $x) { totalCount } }',
      'query ($x: AsOf) { account(asOf: $x) { id } }',
      'query ($x: HistoryFilter) { history(filter: $x) { totalCount } }',
      'query ($x: [PermissionCheckInput!]!) { checkPermissions(checks: $x) { allowed } }',
      'query ($x: DateTime) { account(asOf: { time: $x }) { id } }',
      'query ($x: Int) { roles(first: $x) { totalCount } }',
      'query ($x: Boolean!) { me { id @include(if: $x) } }',
    );
    const clean = async (query: string, variables?: object): Promise<void> => {
      const answer = await server.graphql(query, variables);
      expect(answer.status).toBeLessThan(500);
      expect(JSON.stringify(answer.errors ?? [])).not.toContain(SECRET);
      for (const code of codesOf(answer)) expect(code).not.toBe('INTERNAL_SERVER_ERROR');
    };

    test('in a document', async () => {
      await fc.assert(
        fc.asyncProperty(place, literal, (at, value) => clean(at(value))),
        { numRuns: 150 },
      );
    });

    test('in variables', async () => {
      await fc.assert(
        fc.asyncProperty(declared, json, (query, x) => clean(query, { x })),
        { numRuns: 150 },
      );
    });

    test('nor a name that is far too long', async () => {
      const long = `${'n'.repeat(900_000)}${SECRET}`;
      for (const query of [
        `{ ${long} }`,
        `{ me { id${long} } }`,
        `query ${long} { me { id } }`,
        `{ ${long}: me { id } }`,
      ]) {
        const answer = await server.graphql(query);
        expect([answer.status, codesOf(answer)]).toEqual([400, ['QUERY_TOO_COMPLEX']]);
        expect(JSON.stringify(answer).length).toBeLessThan(1_000);
      }
    });
  });

  test('our own are told as they are, wherever they were thrown', () => {
    const own = requestError('POSITION_NOT_REACHED', 'Not yet.', { reached: 'x-1' });
    const wrapped = new GraphQLError(own.message, { originalError: own, path: ['role'] });
    const formatted = {
      message: own.message,
      path: ['role'],
      extensions: { ...own.extensions, stacktrace: ['secret'] },
    };
    expect(mask(formatted, wrapped)).toEqual({
      message: 'Not yet.',
      path: ['role'],
      extensions: { code: 'POSITION_NOT_REACHED', reached: 'x-1' },
    });
    expect(isInternal(wrapped)).toBe(false);
  });

  test('a foreign cursor is the caller’s fault', () => {
    const wrapped = new GraphQLError('x', { originalError: new InvalidCursorError('x') });
    expect(mask({ message: 'x' }, wrapped).extensions).toEqual({ code: 'BAD_USER_INPUT' });
    expect(isInternal(wrapped)).toBe(false);
  });

  test('what a client got wrong is no fault of ours: it would be recorded with what was sent', () => {
    const cause = new GraphQLError(SECRET);
    const wrapped = new GraphQLError(SECRET, {
      originalError: cause,
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(isInternal(wrapped)).toBe(false);
    expect(mask({ message: SECRET }, wrapped).message).toBe('A value does not fit its type.');
  });

  test.each([
    ['thrown by a resolver', new GraphQLError(SECRET, { originalError: new Error(SECRET) })],
    [
      'of GraphQL about what a resolver gave',
      new GraphQLError(SECRET, { originalError: new GraphQLError(SECRET) }),
    ],
    [
      'of GraphQL about the type of what a resolver gave',
      new GraphQLError(SECRET, { nodes: { kind: Kind.FIELD, name: { kind: Kind.NAME, value: 'x' } } }),
    ],
    ['with a code of another library', new GraphQLError(SECRET, { extensions: { code: 'ENOENT' } })],
    ['that is no error of GraphQL', new Error(SECRET)],
  ])('anything else says nothing: %s', (_what, thrown) => {
    expect(JSON.stringify(mask({ message: SECRET }, thrown))).not.toContain(SECRET);
    expect(isInternal(thrown)).toBe(true);
  });
});
