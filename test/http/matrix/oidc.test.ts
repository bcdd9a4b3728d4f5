import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROUTES, type Route } from '../../../src/http/routes';
import type { Caller } from './callers';
import { idsOf } from './callers';
import { compareFields, compareRoutes } from './matrix';
import { oidcMembers, oidcStrangers } from './oidc-callers';
import { startOidcServer, type OidcServer } from './oidc-server';
import { published } from './published';
import { questions, type Question } from './questions';

/** The matrix in oidc mode: every address, and a question of each kind, against every kind of caller. */

const schema = published(readFileSync(path.join(__dirname, '../../../schema/schema.graphql'), 'utf8'));

let oidc: OidcServer;
let asked: readonly Question[];
let members: readonly Caller[];
let strangers: readonly Caller[];

beforeAll(async () => {
  oidc = await startOidcServer();
  members = await oidcMembers(oidc);
  strangers = await oidcStrangers(oidc);
  const headers = { authorization: `Bearer ${members[0]!.token}` };
  const ids = await idsOf({
    graphql: (query, variables) => oidc.server.graphql(query, variables, { as: null, headers }),
  });
  asked = questions(schema, { ids });
}, 60_000);
afterAll(() => oidc.close());

test('each is answered to whom it is declared for, and to nobody else', async () => {
  const { compared, mismatches } = await compareFields(oidc.server, asked, members);
  expect(mismatches).toEqual([]);
  const behind = asked.filter(({ ofRoles }) => ofRoles).length;
  expect(compared).toBe(asked.length * members.length - behind);
});

test('nobody else is let in, whatever they ask for', async () => {
  const some = [asked.find(({ kind }) => kind === 'query')!, asked.find(({ kind }) => kind === 'mutation')!];
  const { compared, mismatches } = await compareFields(oidc.server, some, strangers);
  expect(mismatches).toEqual([]);
  expect(compared).toBe(2 * strangers.length);
  expect(strangers.length).toBeGreaterThan(45);
  expect(oidc.stranger.reads).toBe(0);
});

test('each address lets in whom its guard names', async () => {
  const routes = Object.values<Route>(ROUTES);
  const { compared, mismatches } = await compareRoutes(oidc.server, routes, [...strangers, ...members]);
  expect(mismatches).toEqual([]);
  expect(compared).toBe(routes.length * (strangers.length + members.length));
});

test('a mistake is found: one who is let in and should not be, one who is not and should be', async () => {
  const [admin] = members;
  const wrong: Caller[] = [
    { ...admin!, is: 'nobody' },
    { ...strangers.find(({ name }) => name === 'an expired token')!, is: admin!.is },
    { ...strangers.find(({ name }) => name === 'an operator by a claim')!, is: 'nobody' },
  ];
  const fields = await compareFields(oidc.server, [asked[0]!], wrong);
  const routes = await compareRoutes(oidc.server, [ROUTES.graphql, ROUTES.operatorCommands], wrong);
  expect(fields.mismatches.map((line) => line.split(':')[0])).toEqual(
    wrong.slice(0, 2).map(({ name }) => name),
  );
  expect(routes.mismatches.map((line) => line.split(':')[0])).toEqual(wrong.map(({ name }) => name));
});
