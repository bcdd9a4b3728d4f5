import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Installation, type ServerProcess } from './installation';

/** Log lines of a server at the most verbose level: enough to follow a request, and no personal data. */

type Line = Record<string, unknown>;

const installation = new Installation();
let server: ServerProcess;
/** Personal data that clients sent or the demo holds, and secrets. */
const personal: string[] = [];
let lines: Line[];

const CREATE = `mutation SaveRole($name: String!, $userIds: [ID!]) {
  createRole(input: { name: $name, description: "Wilma decides", reason: "asked by Wilma", userIds: $userIds }) {
    role { id } errors { code } position
  }
}`;

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/graphql`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.token}`, ...headers },
  });

beforeAll(async () => {
  server = await installation.start({ ROLEBOOK_LOG_LEVEL: 'trace' });
  const { data } = await server.graphql<{
    users: { edges: { node: { id: string; name: string; username: string } }[] };
  }>('{ users(first: 200) { edges { node { id name username } } } }');
  for (const { node } of data.users.edges) personal.push(node.name, node.username);
  const [first] = data.users.edges;

  const id = (n: string) => ({ 'x-request-id': n });
  await server.graphql(CREATE, { name: 'Wilma’s team', userIds: [first?.node.id] }, id('accepted'));
  await server.graphql(CREATE, { name: 'wilma’s TEAM' }, id('refused'));
  const register = 'mutation ($input: RegisterUserInput!) { registerUser(input: $input) { user { id } } }';
  await server.graphql(register, { input: { username: 'wilma.flint', name: 'Wilma Flint' } });
  await server.graphql('{ users(search: "wilma") { totalCount } }');
  await server.graphql(
    'query ($t: String!) { checkPermissions(checks: [{ user: { username: $t }, permission: "roles/view" }]) { allowed } }',
    { t: 'wilma.flint' },
  );
  await server.graphql('{ wilma }');
  await server.graphql(CREATE, { name: { first: 'Wilma' } });
  await server.graphql('mutation { deleteRole(input: { id: "Role:wilma" }) { errors { code } } }');
  const other = (await installation.rolebook('token', personal[3] ?? '')).stdout.trim();
  personal.push(other);
  await post(JSON.stringify({ query: CREATE, variables: { name: 'By Wilma' } }), {
    authorization: `Bearer ${other}`,
    ...id('forbidden'),
  });
  await post('{ "query": "wilma');
  await post('{}', { authorization: 'Bearer wilma.wilma.wilma' });
  await fetch(`${server.url}/graphiql?token=${server.token}`);
  await fetch(`${server.url}/wilma?token=${server.token}`);
  const people = path.join(installation.directory, 'people.csv');
  writeFileSync(people, 'username,name\nwilma.slate,Wilma Slate\nwilma.flint,Wilma Again\n');
  await installation.rolebook('import', 'users', people, '--account', 'demo');
  await server.stop();
  lines = server
    .log()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
});
afterAll(() => installation.remove());

test('no name, username, token, query or variable', () => {
  expect(personal.length).toBeGreaterThan(80);
  const log = server.log();
  expect(log.toLowerCase()).not.toContain('wilma');
  expect(log).not.toContain(server.token);
  // "admin" is a username of the demo, and part of other words.
  for (const word of personal.filter((each) => each !== 'admin')) expect(log).not.toContain(word);
  expect(log).not.toContain('"admin"');
  expect(log).not.toMatch(/createRole\(|totalCount|bearer/i);
});

test('one line for each mutation: what it was, what came of it, how long it took', () => {
  const of = (requestId: string): Line[] =>
    lines.filter((line) => line.msg === 'mutation' && line.requestId === requestId);
  const mutation = 'createRole';
  const ms = expect.any(Number);
  const position = expect.any(String);
  expect(of('accepted')).toMatchObject([
    { mutation, outcome: 'accepted', codes: [], position, projected: true, ms },
  ]);
  expect(of('refused')).toMatchObject([
    { mutation, outcome: 'refused', codes: ['NAME_TAKEN'], position: null, ms },
  ]);
  expect(of('forbidden')).toMatchObject([
    { mutation, outcome: 'failed', codes: ['FORBIDDEN'], position: null, ms },
  ]);
  expect(lines.filter(({ msg }) => msg === 'mutation')).toHaveLength(5);
  expect(lines).toContainEqual(
    expect.objectContaining({ msg: 'commands of an operator', accepted: 1, refused: 1 }),
  );
});

test('every line of a request names it', () => {
  const told = lines.filter(({ msg }) => /^(answered|mutation|request failed|commands of)/.test(String(msg)));
  expect(told.length).toBeGreaterThan(15);
  for (const line of told) expect(line).toMatchObject({ requestId: expect.stringMatching(/^[\w.-]+$/) });
  expect(lines.filter(({ requestId }) => requestId === 'accepted').map(({ msg }) => msg)).toEqual([
    'mutation',
    'answered',
  ]);
});
