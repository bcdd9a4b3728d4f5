import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROUTES, type Route } from '../../../src/http/routes';
import { startTestServer, type TestServer } from '../harness';
import { bySession, idsOf, members, strangers, type Caller } from './callers';
import { defaultRoles } from './catalogue';
import { compareFields, compareRoutes } from './matrix';
import { published } from './published';
import { questions, type Question } from './questions';

/** Everything that the published schema and the table of addresses name, against every kind of caller. */

const text = readFileSync(path.join(__dirname, '../../../schema/schema.graphql'), 'utf8');
const schema = published(text);
const roles = defaultRoles();
/** Those that differ in what Rolebook's own permissions they grant; the long test asks as all of them. */
const telling = roles.filter(
  ({ permissions }, index) =>
    roles.findIndex((other) => own(other.permissions) === own(permissions)) === index,
);
function own(permissions: readonly string[]): string {
  return schema.permissions.filter((each) => permissions.includes(each)).join();
}

let server: TestServer;
let ids: ReadonlyMap<string, string>;
let asked: readonly Question[];
let outsiders: readonly Caller[];
let users: readonly Caller[];

beforeAll(async () => {
  server = await startTestServer();
  ids = await idsOf(server);
  asked = questions(schema, { ids });
  users = await members(server, telling, schema.permissions);
  outsiders = await strangers(server);
});
afterAll(() => server.close());

test('every root field, guarded field and field of an input that needs something is asked for', () => {
  const names = asked.map(({ name }) => name);
  for (const root of [schema.schema.getQueryType()!, schema.schema.getMutationType()!])
    for (const field of Object.keys(root.getFields()))
      expect([field, names.some((name) => name.split(' ')[0] === `${root.name}.${field}`)]).toEqual([
        field,
        true,
      ]);
  const guarded = [...text.matchAll(/@needs\(anyOf: \["/g)].length;
  expect(guarded).toBeGreaterThan(80);
  expect(names).toEqual(
    expect.arrayContaining(['Role.users', 'RoleUserEdge.reason', 'RoleAssignment.event']),
  );
  expect(new Set(names).size).toBe(names.length);
  expect(schema.permissions).toHaveLength(9);
});

test('each is answered to whom it is declared for, and to nobody else', async () => {
  const before = await server.store.head();
  const { compared, mismatches } = await compareFields(server, asked, users);
  expect(mismatches).toEqual([]);
  // One of them has no role to ask about, by a token and by a session.
  const behind = asked.filter(({ ofRoles }) => ofRoles).length;
  expect(compared).toBe(asked.length * users.length - 2 * behind);
  // All of it named nothing that there is.
  expect(await server.store.head()).toEqual(before);
});

test('nobody else is let in, whatever they ask for', async () => {
  const some = [asked.find(({ kind }) => kind === 'query')!, asked.find(({ kind }) => kind === 'mutation')!];
  expect((await compareFields(server, some, outsiders)).mismatches).toEqual([]);
});

test('each address lets in whom its guard names', async () => {
  // A sign-out ends the session, so that it comes last, and the sessions are for this alone.
  const { consoleSignOut, ...others } = ROUTES;
  const sessions = await bySession(
    server,
    users.filter(({ token }) => token !== null),
  );
  const { compared, mismatches } = await compareRoutes(
    server,
    [...Object.values<Route>(others), consoleSignOut],
    [...outsiders, ...users.slice(0, 2), ...sessions],
  );
  expect(mismatches).toEqual([]);
  expect(compared).toBeGreaterThan(600);
});

describe('A mistake is found', () => {
  /** Enough to tell each of the mistakes below. */
  const few = (): Caller[] =>
    users.filter(({ name }) => /without|only (roles|users|audit-log)\/(view|manage)/.test(name));

  /** Fields that are not as a changed text says, of those that it could be about. */
  const differing = async (from: RegExp, to: string, about: RegExp): Promise<string[]> => {
    const other = text.replace(from, to);
    expect(other === text).toBe(false);
    const some = questions(published(other), { ids }).filter(({ name }) => about.test(name));
    const { mismatches } = await compareFields(server, some, few());
    return [...new Set(mismatches.map((line) => /: ([\w.]+)/.exec(line)![1]!))].sort();
  };

  test.each<[what: string, from: RegExp, to: string, about: RegExp, fields: string[]]>([
    [
      'a query that is said to be open',
      /(: UserConnection) @needs\(.*?\)/,
      '$1 @needs(anyOf: [])',
      /^Query.users?/,
      ['Query.users'],
    ],
    [
      'a query that is open, and said to need a right',
      /(me: User) @needs\(anyOf: \[\]\)/,
      '$1 @needs(anyOf: ["roles/view"])',
      /^Query.(me|account)/,
      ['Query.me'],
    ],
    [
      'another permission',
      /(\): HistoryConnection) @needs\(.*?\)/,
      '$1 @needs(anyOf: ["roles/view"])',
      /^Query.history/,
      ['Query.history'],
    ],
    [
      'an alternative that is none',
      /(anyOf: \["access\/check", "roles\/view")/,
      '$1, "users/view"',
      /^Query.check/,
      ['Query.checkPermissions'],
    ],
    ['oneself, who is let in', /, orSelf: true/, '', /^Query.check/, ['Query.checkPermissions']],
    [
      'a type that node finds',
      /types: \["User"\]/,
      'types: ["User", "Account"]',
      /^Query.node/,
      ['Query.node'],
    ],
    [
      'a field of a mutation',
      /(withUsers: Boolean) @needs\(.*?\)/,
      '$1',
      /^Mutation.(dup|create)/,
      ['Mutation.duplicateRole'],
    ],
    [
      'the condition of a field',
      /(userIds: \[ID!\] @needs\(anyOf: \["roles\/assign"\]), when: NAMED/,
      '$1',
      /^Mutation.(dup|create)/,
      ['Mutation.createRole'],
    ],
    [
      'a field behind others',
      /(type RoleAssignment [^}]*?reason: String) @needs\(.*?\)/s,
      '$1 @needs(anyOf: [])',
      /^Role/,
      ['RoleAssignment.reason'],
    ],
  ])('%s', async (_what, from, to, about, fields) => {
    expect(await differing(from, to, about)).toEqual(fields);
  });

  test('an address that is said to be open, or behind another guard', async () => {
    const wrong: Route[] = [
      { ...ROUTES.graphql, guard: 'none' },
      { ...ROUTES.operatorCommands, guard: 'user' },
      { ...ROUTES.live, guard: 'operator' },
    ];
    const { mismatches } = await compareRoutes(server, wrong, [...outsiders, users[0]!]);
    for (const { path: at } of wrong) expect(mismatches.join()).toContain(`${at} answers`);
  });
});
