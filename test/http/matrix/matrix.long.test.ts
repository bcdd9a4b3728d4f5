import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startTestServer, type TestServer } from '../harness';
import { idsOf, members, strangers, type Caller } from './callers';
import { defaultRoles } from './catalogue';
import { compareFields } from './matrix';
import { published } from './published';
import { questions } from './questions';

/**
 * The wide matrix: as every default role and as the holder of each single permission of the catalogue; every field of
 * every object and every set of the fields of every input; and all of that as nobody.
 */

const schema = published(readFileSync(path.join(__dirname, '../../../schema/schema.graphql'), 'utf8'));

let server: TestServer;
let ids: ReadonlyMap<string, string>;

beforeAll(async () => {
  server = await startTestServer();
  ids = await idsOf(server);
}, 60_000);
afterAll(() => server.close());

describe('Each is answered to whom it is declared for, and to nobody else', () => {
  let users: readonly Caller[];

  beforeAll(async () => {
    const roles = defaultRoles();
    const single = new Set([...schema.permissions, ...roles.flatMap(({ permissions }) => permissions)]);
    users = await members(server, roles, [...single]);
  }, 600_000);

  test('as every role and every single permission', async () => {
    expect(users.length).toBeGreaterThan(100);
    const asked = questions(schema, { ids });
    const { compared, mismatches } = await compareFields(server, asked, users);
    expect(mismatches).toEqual([]);
    expect(compared).toBeGreaterThan(10_000);
  }, 1_200_000);

  test('whatever is asked for', async () => {
    const names = new Set(schema.permissions.map((permission) => `a user in only ${permission}`));
    const some = users.filter(({ name }) => names.has(name) || /account-admin$|without a role$/.test(name));
    expect(some).toHaveLength(names.size + 2);
    const asked = questions(schema, { ids, thorough: true });
    expect(asked.length).toBeGreaterThan(500);
    const before = await server.store.head();
    const { mismatches } = await compareFields(server, asked, some);
    expect(mismatches).toEqual([]);
    expect(await server.store.head()).toEqual(before);
  }, 1_200_000);
});

test('nobody else is let in, whatever they ask for', async () => {
  const asked = questions(schema, { ids, thorough: true });
  const outsiders = await strangers(server);
  const { compared, mismatches } = await compareFields(server, asked, outsiders);
  expect(mismatches).toEqual([]);
  expect(compared).toBe(asked.length * outsiders.length);
}, 600_000);
