import {
  codesOf,
  dataOf,
  openAccount,
  startTestServer,
  type AnyData,
  type Answer,
  type TestServer,
} from './harness';

/** Gains and losses of users between two moments, in one request, with who made the change and why. */

const DIFF = `query ($user: ID, $role: ID, $permission: String, $from: AsOf!, $to: AsOf, $first: Int, $after: String) {
  accessDiff(user: $user, role: $role, permission: $permission, from: $from, to: $to) {
    from { position time } to { position } gainingUserCount losingUserCount
    users(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } asOf { position } nodes {
      userId user { id name }
      gained { permission { id key } scopes causes { type reason actor { name } role { name } } }
      lost { permission { key } scopes causes { type reason } } } }
  } }`;

let server: TestServer;
/** Positions after each step. */
const positions: string[] = [];
let desk: string;

async function mutate(mutation: string, variables: object = {}): Promise<AnyData> {
  const [answer] = Object.values(dataOf(await server.graphql(mutation, variables))) as AnyData[];
  expect(answer!['errors']).toEqual([]);
  positions.push(answer!['position'] as string);
  return answer!;
}

beforeAll(async () => {
  server = await startTestServer();
  for (const user of ['ann', 'ben', 'cid'])
    await server.run({ type: 'registerUser', user, username: user, name: `Name of ${user}` });
  const created = await mutate(`mutation { createRole(input: { name: "Desk", reason: "CHG-1"
    grants: [{ permission: "campaigns/launch" }], userIds: ["User:ann"] }) { role { id } position errors { code } } }`);
  desk = created['role'].id as string;
  await mutate(
    `mutation ($id: ID!) { assignUsers(input: { roleId: $id, userIds: ["User:ben", "User:cid"], reason: "HR-7" })
      { position errors { code } } }`,
    { id: desk },
  );
  await mutate(
    `mutation ($id: ID!) { unassignUsers(input: { roleId: $id, userIds: ["User:ann"], reason: "HR-8" })
      { position errors { code } } }`,
    { id: desk },
  );
});
afterAll(() => server.close());

const ask = (variables: object, as?: string): Promise<Answer> =>
  server.graphql(DIFF, variables, as === undefined ? {} : { as });
const diffOf = async (variables: object): Promise<AnyData> =>
  dataOf(await ask(variables))['accessDiff'] as AnyData;
const usersIn = ({ users }: AnyData): string[] => users.nodes.map((node: AnyData) => node['userId']);

test('who gained and lost what, by whom and why', async () => {
  const diff = await diffOf({ from: { position: positions[0] } });
  expect(diff).toMatchObject({
    from: { position: positions[0] },
    to: { position: positions[2] },
    gainingUserCount: 2,
    losingUserCount: 1,
    users: { totalCount: 3, asOf: null },
  });
  const [ann, ben, cid] = diff['users'].nodes;
  expect(ann).toMatchObject({ userId: 'User:ann', user: { id: 'User:ann' }, gained: [] });
  expect(ann.lost).toEqual([
    {
      permission: { key: 'campaigns/launch' },
      scopes: expect.any(Array),
      causes: [{ type: 'USER_UNASSIGNED', reason: 'HR-8' }],
    },
  ]);
  expect(ben).toMatchObject({ userId: 'User:ben', user: { name: 'Name of ben' }, lost: [] });
  expect(ben.gained).toEqual([
    {
      permission: { id: 'Permission:campaigns/launch', key: 'campaigns/launch' },
      scopes: ann.lost[0].scopes,
      causes: [
        { type: 'USER_ASSIGNED', reason: 'HR-7', actor: { name: 'Ada Admin' }, role: { name: 'Desk' } },
      ],
    },
  ]);
  expect(cid.gained).toEqual(ben.gained);
});

test('page by page, of one user, of the users of a role, and between two moments of the past', async () => {
  const from = { position: positions[0] };
  const first = await diffOf({ from, first: 2 });
  expect(usersIn(first)).toEqual(['User:ann', 'User:ben']);
  const { hasNextPage, endCursor } = first['users'].pageInfo;
  expect(hasNextPage).toBe(true);
  expect(usersIn(await diffOf({ from, first: 2, after: endCursor }))).toEqual(['User:cid']);
  expect(usersIn(await diffOf({ from, user: 'User:ben' }))).toEqual(['User:ben']);
  expect(usersIn(await diffOf({ from, role: desk }))).toEqual(['User:ann', 'User:ben', 'User:cid']);
  expect(usersIn(await diffOf({ from, role: 'Role:finance-manager' }))).toEqual([]);
  const launch = { from, permission: 'campaigns/launch' };
  expect(usersIn(await diffOf(launch))).toEqual(['User:ann', 'User:ben', 'User:cid']);
  expect(usersIn(await diffOf({ ...launch, permission: 'logs/view' }))).toEqual([]);
  const past = await diffOf({ from, to: { position: positions[1] } });
  expect(usersIn(past)).toEqual(['User:ben', 'User:cid']);
  expect(past['users'].nodes[0].user.id).toBe(`User:ben@${positions[1]}`);
  expect(past['users'].asOf).toEqual({ position: positions[1] });
  expect(usersIn(await diffOf({ from, to: from }))).toEqual([]);
  expect(usersIn(await diffOf({ from: { position: positions[2] } }))).toEqual([]);
  const all = await diffOf({ from: { time: '2000-01-01' } });
  expect(all).toMatchObject({ from: { time: '1970-01-01T00:00:00.000Z' }, losingUserCount: 0 });
  // The admin has what the role gave at the start.
  expect(usersIn(all)).toEqual(['User:ada', 'User:ben', 'User:cid']);
});

test('what cannot be compared', async () => {
  const from = { position: positions[1] };
  const wrong = [
    { from, user: 'User:ann', role: desk },
    { from, user: desk },
    { from, role: 'User:ann' },
    { from, to: { position: positions[0] } },
    { from: { position: 'zz' } },
    { from, permission: 'no/such' },
  ];
  for (const variables of wrong) expect(codesOf(await ask(variables))).toEqual(['BAD_USER_INPUT']);
  expect(codesOf(await ask({ from, after: 'nonsense' }))).toEqual(['BAD_USER_INPUT']);
});

test('no right to it, or to the reasons of it; another account', async () => {
  const from = { position: positions[0] };
  expect(codesOf(await ask({ from }, 'ann'))).toEqual(['FORBIDDEN']);
  await server.run({ type: 'registerUser', user: 'vic', username: 'vic' });
  await server.run({
    type: 'createRole',
    name: 'Viewers',
    grants: [{ permission: 'roles/view' }],
    userIds: ['vic'],
  });
  const viewed = await ask({ from }, 'vic');
  expect(codesOf(viewed)).toContain('FORBIDDEN');
  expect(viewed.data['accessDiff'].users.nodes[1].gained[0]).toMatchObject({
    permission: { key: 'campaigns/launch' },
    causes: null,
  });
  await openAccount(server.run, 'other', 'olga', 'Olga Other');
  const foreign = await server.graphql(
    DIFF,
    { from: { time: '2000-01-01' }, role: desk },
    { as: 'olga', account: 'other' },
  );
  expect(dataOf(foreign)['accessDiff'].users.nodes).toEqual([]);
});
