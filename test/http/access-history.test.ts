import { codesOf, dataOf, startTestServer, type AnyData, type Answer, type TestServer } from './harness';

/** Gains and losses of access along a history: by whom and why, of a user and of a permission. */

const HISTORY = `query ($user: ID, $permission: String, $since: DateTime, $until: DateTime, $first: Int, $after: String) {
  accessHistory(user: $user, permission: $permission, since: $since, until: $until, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { moment { position time } change { command reason actor { name } summary } user { key name pastId after { id } }
      gained { permission { key } scopes causes { type } } lost { permission { key } causes { type } } } } }`;

let server: TestServer;
let desk: string;

beforeAll(async () => {
  server = await startTestServer();
  for (const user of ['ann', 'ben'])
    await server.run({ type: 'registerUser', user, username: user, name: `Name of ${user}` });
  const created = dataOf(
    await server.graphql(`mutation { createRole(input: { name: "Desk", reason: "CHG-1", userIds: ["User:ann", "User:ben"]
      grants: [{ permission: "campaigns/launch" }] }) { role { id } } }`),
  );
  desk = created['createRole'].role.id.slice('Role:'.length) as string;
  await server.run({ type: 'deactivateUser', user: 'ann' }, { reason: 'HR-1' });
  await server.run({ type: 'reactivateUser', user: 'ann' });
  await server.run({ type: 'eraseUser', user: 'ben' });
  await server.run({ type: 'deleteRole', role: desk });
});
afterAll(() => server.close());

const ask = (variables: object, as?: string): Promise<Answer> =>
  server.graphql(HISTORY, variables, as === undefined ? {} : { as });
const historyOf = async (variables: object): Promise<AnyData> =>
  dataOf(await ask(variables))['accessHistory'] as AnyData;
const told = ({ nodes }: AnyData): string[] =>
  nodes.map(
    ({ user, change, gained, lost }: AnyData) =>
      `${user.key} ${change.command}${gained.length > 0 ? ' gained' : ''}${lost.length > 0 ? ' lost' : ''}`,
  );

test('who gained and lost a permission, by whom and why', async () => {
  const history = await historyOf({ permission: 'campaigns/launch' });
  expect(history['totalCount']).toBe(6);
  expect(told(history)).toEqual([
    'User:ann deleteRole lost',
    'User:ben eraseUser lost',
    'User:ann reactivateUser gained',
    'User:ann deactivateUser lost',
    'User:ann createRole gained',
    'User:ben createRole gained',
  ]);
  expect(history['nodes'][3]).toMatchObject({
    change: { reason: 'HR-1', actor: { name: 'test' }, summary: 'test deactivated the user Name of ann.' },
    gained: [],
    lost: [{ permission: { key: 'campaigns/launch' }, causes: [{ type: 'USER_DEACTIVATED' }] }],
  });
  expect(history['nodes'][4].gained).toEqual([
    {
      permission: { key: 'campaigns/launch' },
      scopes: expect.any(Array),
      causes: [{ type: 'USER_ASSIGNED' }],
    },
  ]);
  // An erased user keeps no name, also as of before.
  expect(JSON.stringify(history)).not.toContain('Name of ben');
  for (const { user, moment } of history['nodes']) {
    expect(user.pastId).toBe(`${user.key}@${moment.position}`);
    expect(user.after.id).toBe(user.pastId);
  }
});

test('of one user, between two times, page by page', async () => {
  const whole = await historyOf({ user: 'User:ann' });
  expect(told(whole)).toEqual([
    'User:ann deleteRole lost',
    'User:ann reactivateUser gained',
    'User:ann deactivateUser lost',
    'User:ann createRole gained',
  ]);
  expect(whole['totalCount']).toBe(4);
  const first = await historyOf({ user: 'User:ann', first: 3 });
  expect(first['nodes']).toEqual(whole['nodes'].slice(0, 3));
  expect(first['pageInfo'].hasNextPage).toBe(true);
  const second = await historyOf({ user: 'User:ann', first: 3, after: first['pageInfo'].endCursor });
  expect(second['nodes']).toEqual(whole['nodes'].slice(3));
  const { time } = whole['nodes'][3].moment;
  expect(told(await historyOf({ user: 'User:ann', until: time })).at(-1)).toBe('User:ann createRole gained');
  expect(await historyOf({ user: 'User:ann', until: '2000-01-01' })).toMatchObject({
    totalCount: 0,
    nodes: [],
  });
  expect(await historyOf({ user: 'User:nobody' })).toMatchObject({ totalCount: 0, nodes: [] });
  // The moment of a loss is the first one at which the user has it no longer.
  const { position } = whole['nodes'][0].moment;
  const CHECK = `query ($at: AsOf) { checkPermissions(asOf: $at, checks: [{ user: { id: "User:ann" }, permission: "campaigns/launch" }]) { allowed } }`;
  const { checkPermissions } = dataOf(await server.graphql(CHECK, { at: { position } }));
  expect(checkPermissions).toEqual([{ allowed: false }]);
});

test('neither a user nor a permission, and ids and keys that are none, are refused', async () => {
  for (const wrong of [{}, { user: 'Role:x' }, { user: 'ann' }, { permission: 'no/such' }])
    expect(codesOf(await ask(wrong))).toEqual(['BAD_USER_INPUT']);
});
