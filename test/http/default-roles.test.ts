import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CatalogueFile } from '../../src/domain/catalogue/file';
import { operatorMetadata } from '../../src/operations/publication/metadata';
import { publishCatalogue } from '../../src/operations/publication/publish';
import { dataOf, startTestServer, type AnyData, type TestServer } from './harness';

/** A publication that changes a default role, as auditors see it. */

const file = JSON.parse(
  readFileSync(path.join(__dirname, '../../schema/catalogue.json'), 'utf8'),
) as CatalogueFile;
const ROLE = 'Role:finance-manager';
const QUERY = `query ($id: ID!, $asOf: AsOf, $filter: HistoryFilter) {
  role(id: $id, asOf: $asOf) { name updatedAt version history(first: 5) { totalCount edges { cursor node {
    id type at position actor { key name } reason command role { pastId key name } permission summary
    changes { field before after permission } } } } }
  history(filter: $filter, first: 5) { totalCount edges { node { id type role { name } } } } }`;

let server: TestServer;
beforeAll(async () => (server = await startTestServer()));
afterAll(() => server.close());

const nodes = (history: AnyData): AnyData[] =>
  (history.edges as AnyData[]).map(({ node }) => node as AnyData);

test('is in the history of the role, found by permission, and the last change of it', async () => {
  const filter = { permission: 'content-messages/view' };
  const before = dataOf(await server.graphql(QUERY, { id: ROLE, filter }));
  const { extensions } = await server.graphql('{ account { id } }');

  const { version, defaultRoles, permissions } = file;
  const gone = 'campaigns/stop';
  const finance = defaultRoles.find(({ key }) => key === 'finance-manager')!;
  const [first] = finance.permissions;
  const next: CatalogueFile = {
    ...file,
    version: version + 1,
    permissions: permissions.filter(({ key }) => key !== gone),
    defaultRoles: defaultRoles.map((role) => ({
      ...role,
      ...(role === finance ? { name: 'Finance lead', description: 'Pays.' } : {}),
      permissions: [
        ...role.permissions.filter((key) => key !== gone && !(role === finance && key === first)),
        ...(role === finance ? ['content-messages/view'] : []),
      ],
    })),
  };
  const metadata = operatorMetadata({ actorId: 'ana', requestId: 'r-1', reason: () => 'CHG-9' });
  const { position } = await publishCatalogue({ store: server.store, file: next, metadata });
  expect(await server.readModels.waitFor(position!, 5_000)).toBe(true);

  const { role, history } = dataOf(await server.graphql(QUERY, { id: ROLE, filter }));
  const [entry] = nodes(role.history);
  expect(entry).toMatchObject({
    id: expect.stringMatching(/^HistoryEntry:[0-9a-z]{25}$/),
    type: 'DEFAULT_ROLE_CHANGED',
    actor: { key: 'Operator:ana', name: 'ana' },
    reason: 'CHG-9',
    command: 'publishCatalogue',
    role: { pastId: expect.stringMatching(`^${ROLE}@`), name: 'Finance lead' },
    permission: null,
    summary: `ana published version ${version + 1} of the catalogue, which changed the default role “Finance lead”: renamed it from “Finance manager”; changed its description; granted content-messages/view; revoked ${first}.`,
    changes: [
      { field: 'name', before: 'Finance manager', after: 'Finance lead', permission: null },
      { field: 'description', before: finance.description, after: 'Pays.', permission: null },
      { field: 'permission', before: null, after: 'content-messages/view', permission: null },
      { field: 'permission', before: first, after: null, permission: null },
    ],
  });
  expect(role).toMatchObject({ name: 'Finance lead', updatedAt: entry?.at, version: before.role.version });
  expect(role.updatedAt > before.role.updatedAt).toBe(true);
  expect(role.history.totalCount).toBe(before.role.history.totalCount + 1);
  expect(history.totalCount).toBe(before.history.totalCount + 1);
  expect(nodes(history)[0]).toMatchObject({ id: entry?.id, role: { name: 'Finance lead' } });

  // Asked as of before, and as of the entry’s own position.
  const asked = { id: ROLE, filter, asOf: { position: extensions?.position } };
  expect(dataOf(await server.graphql(QUERY, asked)).role).toEqual(before.role);
  const then = { ...asked, asOf: { position: entry?.position } };
  expect(dataOf(await server.graphql(QUERY, then)).role).toEqual(role);

  const published = await server.graphql(
    `{ history(filter: { types: [CATALOGUE_PUBLISHED] }, first: 1) { edges { node { changes { field before after } } } }
       retired: history(filter: { permission: "${gone}", types: [PERMISSION_RETIRED] }) { totalCount edges { node { permission summary } } } }`,
  );
  expect(dataOf(published)).toEqual({
    history: {
      edges: [
        { node: { changes: [{ field: 'version', before: String(version), after: String(version + 1) }] } },
      ],
    },
    retired: {
      totalCount: 1,
      edges: [
        {
          node: {
            permission: gone,
            summary: `ana published version ${version + 1} of the catalogue, which retired the permission ${gone}.`,
          },
        },
      ],
    },
  });
});
