import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startTestServer, type TestServer } from '../harness';
import { idsOf, members, strangers, type Caller } from './callers';
import { defaultRoles } from './catalogue';
import { compareFields } from './matrix';
import { published } from './published';
import { questions } from './questions';

/**
 * The whole matrix: every field of every object and every set of the fields of every input, as every default role, as the
 * holder of each single permission of the catalogue, and as nobody.
 */

const schema = published(readFileSync(path.join(__dirname, '../../../schema/schema.graphql'), 'utf8'));

let server: TestServer;
let outsiders: readonly Caller[];
let users: readonly Caller[];

beforeAll(async () => {
  server = await startTestServer();
  const roles = defaultRoles();
  const single = new Set([...schema.permissions, ...roles.flatMap(({ permissions }) => permissions)]);
  users = await members(server, roles, [...single]);
  outsiders = await strangers(server);
}, 300_000);
afterAll(() => server.close());

test('each is answered to whom it is declared for, and to nobody else', async () => {
  const asked = questions(schema, { ids: await idsOf(server), thorough: true });
  expect(asked.length).toBeGreaterThan(500);
  expect(users.length).toBeGreaterThan(100);
  const before = await server.store.head();
  const { compared, mismatches } = await compareFields(server, asked, users);
  expect(mismatches).toEqual([]);
  expect(compared).toBeGreaterThan(50_000);
  expect(await server.store.head()).toEqual(before);
}, 1_800_000);

test('nobody else is let in, whatever they ask for', async () => {
  const asked = questions(schema, { ids: await idsOf(server), thorough: true });
  const { compared, mismatches } = await compareFields(server, asked, outsiders);
  expect(mismatches).toEqual([]);
  expect(compared).toBe(asked.length * outsiders.length);
}, 600_000);
