import { readFileSync } from 'node:fs';
import path from 'node:path';
import { operatorMetadata } from '../../src/operations/publication/metadata';
import { publishCatalogue } from '../../src/operations/publication/publish';
import type { CatalogueFile } from '../../src/domain/catalogue/file';
import { codesOf, dataOf, startTestServer, type AnyData, type TestServer } from './harness';

/** Changes that publications made between two moments, and which permissions a custom role was never decided on. */

const CATALOGUE = JSON.parse(
  readFileSync(path.join(__dirname, '../../schema/catalogue.json'), 'utf8'),
) as CatalogueFile;
const DIFF = `query ($from: AsOf!, $to: AsOf, $kinds: [CatalogueEntryKind!]) {
  catalogueDiff(from: $from, to: $to) { from { position } to { position } fromVersion toVersion
    entries(kinds: $kinds) { kind key name change fields { field before after added removed } publications { type reason } } } }`;

let server: TestServer;
const positions: string[] = [];
let desk: string;

async function publish(version: number, changes: Partial<CatalogueFile>): Promise<void> {
  const { position } = await publishCatalogue({
    store: server.store,
    file: { ...CATALOGUE, ...changes, version: CATALOGUE.version + version },
    metadata: operatorMetadata({ actorId: 'ops', requestId: 'test', reason: () => `RFC-${version}` }),
  });
  expect(await server.readModels.waitFor(position!, 10_000)).toBe(true);
  positions.push((await server.graphql('{ me { id } }')).extensions!.position!);
}

const [first, ...others] = CATALOGUE.permissions;
const NEW = { ...first!, key: 'brand-new/view', description: 'See what is new.', privileged: false };

beforeAll(async () => {
  server = await startTestServer();
  positions.push((await server.graphql('{ me { id } }')).extensions!.position!);
  const created = dataOf(
    await server.graphql(
      'mutation { createRole(input: { name: "Desk", grants: [{ permission: "logs/view" }] }) { role { id } } }',
    ),
  );
  desk = created['createRole'].role.id as string;
  const [role, ...roles] = CATALOGUE.defaultRoles;
  await publish(1, {
    permissions: [{ ...first!, description: 'Something else.' }, ...others, NEW],
    defaultRoles: [{ ...role!, permissions: [...role!.permissions, NEW.key] }, ...roles],
  });
  await publish(2, { permissions: [...CATALOGUE.permissions, NEW] });
});
afterAll(() => server.close());

const ask = async (variables: object): Promise<AnyData> =>
  dataOf(await server.graphql(DIFF, variables))['catalogueDiff'] as AnyData;

test('entries that differ, with the publications that changed them', async () => {
  const [begun, one, two] = positions;
  const diff = await ask({ from: { position: begun }, to: { position: one } });
  const { version } = CATALOGUE;
  expect(diff).toMatchObject({
    from: { position: begun },
    to: { position: one },
    fromVersion: version,
    toVersion: version + 1,
  });
  const publications = [{ type: 'CATALOGUE_PUBLISHED', reason: 'RFC-1' }];
  expect(diff['entries']).toEqual([
    {
      kind: 'PERMISSION',
      key: first!.key,
      name: 'Something else.',
      change: 'CHANGED',
      fields: [
        {
          field: 'description',
          before: first!.description,
          after: 'Something else.',
          added: [],
          removed: [],
        },
      ],
      publications,
    },
    {
      kind: 'PERMISSION',
      key: NEW.key,
      name: NEW.description,
      change: 'ADDED',
      fields: expect.arrayContaining([
        { field: 'section', before: null, after: NEW.section, added: [], removed: [] },
        { field: 'privileged', before: null, after: 'false', added: [], removed: [] },
      ]),
      publications,
    },
    {
      kind: 'DEFAULT_ROLE',
      key: CATALOGUE.defaultRoles[0]!.key,
      name: CATALOGUE.defaultRoles[0]!.name,
      change: 'CHANGED',
      fields: [{ field: 'permissions', before: null, after: null, added: [NEW.key], removed: [] }],
      publications,
    },
  ]);
  // Back again: of what two publications changed nothing is left.
  const whole = await ask({ from: { position: begun } });
  expect(whole['entries'].map(({ key, change }: AnyData) => [key, change])).toEqual([[NEW.key, 'ADDED']]);
  const back = await ask({ from: { position: one }, to: { position: two }, kinds: ['DEFAULT_ROLE'] });
  expect(back['entries']).toMatchObject([
    {
      fields: [{ added: [], removed: [NEW.key] }],
      publications: [{ reason: 'RFC-2' }],
    },
  ]);
  expect((await ask({ from: { position: begun }, kinds: [] }))['entries']).toEqual([]);
  const all = await ask({ from: { time: '2000-01-01' } });
  expect(all['fromVersion']).toBe(0);
  expect(new Set(all['entries'].map(({ kind }: AnyData) => kind))).toEqual(
    new Set([
      'GROUP',
      'FEATURE',
      'SCOPE',
      'SECTION',
      'PERMISSION',
      'DEFAULT_ROLE',
      'CONFLICT',
      'ROLE_TEMPLATE',
    ]),
  );
  expect(codesOf(await server.graphql(DIFF, { from: { position: two }, to: { position: one } }))).toEqual([
    'BAD_USER_INPUT',
  ]);
});

test('permissions published since a custom role was last edited', async () => {
  const since = async (id: string): Promise<string[] | null> => {
    const { role } = dataOf(
      await server.graphql('query ($id: ID!) { role(id: $id) { publishedSinceEdit { key } } }', { id }),
    );
    return role.publishedSinceEdit?.map(({ key }: AnyData) => key) ?? null;
  };
  expect(await since(desk)).toEqual([NEW.key]);
  expect(await since(`${desk}@${positions[1]}`)).toEqual([NEW.key]);
  expect(await since('Role:account-admin')).toBeNull();
  // An assignment is no edit of the role.
  const role = desk.replace('Role:', '');
  await server.run({ type: 'assignUsers', role, userIds: ['ada'] });
  expect(await since(desk)).toEqual([NEW.key]);
  await server.run({ type: 'revokePermissions', role, permissions: ['logs/view'] });
  expect(await since(desk)).toEqual([]);
  const later = { ...NEW, key: 'brand-new/edit' };
  await publish(3, { permissions: [...CATALOGUE.permissions, NEW, later] });
  await publish(4, { permissions: [...CATALOGUE.permissions, later] });
  await publish(5, { permissions: [...CATALOGUE.permissions, later, NEW] });
  // One that left and came back is as new to the role as any.
  expect(await since(desk)).toEqual([later.key, NEW.key]);
  await server.run({ type: 'updateRole', role, name: 'Night desk' });
  expect(await since(desk)).toEqual([]);
  await publish(6, { permissions: CATALOGUE.permissions });
  await publish(7, { permissions: [...CATALOGUE.permissions, NEW] });
  await server.run({ type: 'deleteRole', role });
  expect(await since(desk)).toEqual([]);
});
