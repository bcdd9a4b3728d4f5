import { readFileSync } from 'node:fs';
import path from 'node:path';
import { idsOf } from './callers';
import { compareFields } from './matrix';
import { oidcMembers, oidcStrangers } from './oidc-callers';
import { startOidcServer, type OidcServer } from './oidc-server';
import { published } from './published';
import { questions } from './questions';

/** The wide matrix in oidc mode: every field of every object and every set of the fields of every input. */

const schema = published(readFileSync(path.join(__dirname, '../../../schema/schema.graphql'), 'utf8'));

let oidc: OidcServer;
beforeAll(async () => (oidc = await startOidcServer()), 60_000);
afterAll(() => oidc.close());

test('each is answered to whom it is declared for, and to nobody else, whatever is asked for', async () => {
  const members = await oidcMembers(oidc);
  const strangers = await oidcStrangers(oidc);
  const headers = { authorization: `Bearer ${members[0]!.token}` };
  const ids = await idsOf({
    graphql: (query, variables) => oidc.server.graphql(query, variables, { as: null, headers }),
  });
  const asked = questions(schema, { ids, thorough: true });
  expect(asked.length).toBeGreaterThan(500);
  const { compared, mismatches } = await compareFields(oidc.server, asked, [...members, ...strangers]);
  expect(mismatches).toEqual([]);
  expect(compared).toBeGreaterThan(asked.length * strangers.length);
}, 1_800_000);
