import { CatalogueSnapshots } from '../../projections/queries/catalogue-snapshots';
import { Tables } from '../../projections/queries/sql-view';
import type { ReadModels } from '../../projections/view';
import { dataOf, startTestServer, type TestServer } from './harness';

/** An order that a moment of the past is too long ago for: of a server that looks at few changes since. */

const MOST = 3;
let server: TestServer;
let past: string;

const limited = (readModels: ReadModels): ReadModels => ({
  view: (account, asOf) =>
    asOf
      ? new Tables(server.readModels.tables().sql, new CatalogueSnapshots(), MOST).view(account, asOf)
      : readModels.view(account, asOf),
  waitFor: (until, ms) => readModels.waitFor(until, ms),
  waitForHead: (ms) => readModels.waitForHead(ms),
  findPlace: (sought) => readModels.findPlace(sought),
  status: () => readModels.status(),
});

beforeAll(async () => {
  server = await startTestServer({ wrap: ({ readModels }) => ({ readModels: limited(readModels) }) });
  for (let n = 0; n <= MOST; n += 1) await server.run({ type: 'createRole', name: `Role ${n}`, grants: [] });
  past = (await server.graphql('{ me { id } }')).extensions!.position!;
  const { roles } = dataOf(await server.graphql('{ roles(kind: CUSTOM) { nodes { id } } }'));
  for (const { id } of roles.nodes as { id: string }[])
    await server.run({ type: 'updateRole', role: id.slice('Role:'.length), description: 'Changed.' });
});
afterAll(() => server.close());

const list = (arguments_: string): string => `query ($past: Position!) {
  roles(kind: CUSTOM, asOf: {position: $past}, orderBy: {${arguments_}, direction: ASC}) { nodes { name } }
}`;

test.each(['USER_COUNT', 'PERMISSION_COUNT', 'SCOPE_COUNT', 'UPDATED_AT'])(
  'an order by %s is refused with what to do instead',
  async (field) => {
    const { errors } = await server.graphql(list(`field: ${field}`), { past });
    expect(errors).toHaveLength(1);
    expect(errors![0]!.extensions['code']).toBe('ORDER_NOT_AS_OF');
    expect(errors![0]!.message).toBe(
      'The list is too long for this order as of that moment: too much has changed since. Order by `NAME`, which works as of any moment, or ask for a later one.',
    );
  },
);

test('the order by name works, and a later moment in any', async () => {
  const { roles } = dataOf(await server.graphql(list('field: NAME'), { past }));
  expect(roles.nodes).toEqual([0, 1, 2, 3].map((n) => ({ name: `Role ${n}` })));
  const later = (await server.graphql('{ me { id } }')).extensions!.position!;
  const found = dataOf(await server.graphql(list('field: UPDATED_AT'), { past: later }));
  expect(found.roles.nodes).toHaveLength(MOST + 1);
});
