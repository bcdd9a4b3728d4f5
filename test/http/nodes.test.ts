import { isInterfaceType, isObjectType } from 'graphql';
import { createSchema } from '../../src/graphql/schema';
import {
  ACCOUNT,
  ADMIN,
  codesOf,
  dataOf,
  openAccount,
  startTestServer,
  type AnyData,
  type TestServer,
} from './harness';

/** Ids that caches normalise by: every object has one of its own, and `node` finds what it names. */

const CATALOGUE = `permissionCatalogue { id __typename version groups { id __typename key name }
  features { id __typename key name required enabled }
  roleTemplates { id __typename key name description permissionCount scopeCount permissions { ...P } }
  sections { id __typename key name description permissions { ...P } } }`;
const PERMISSION = `fragment P on Permission { id __typename key description privileged retired available grantable
  section { id __typename key name } feature { id __typename key enabled } scopes { id __typename name includes } }`;
const ROLE = `fragment R on Role { id __typename name group { id __typename name } sections { id __typename key name description selectedCount totalCount
  permissions { id __typename selected available permission { ...P } scopes { id __typename name selected } } } }`;
const EFFECTIVE = `effectivePermissions { id __typename features { id __typename key enabled }
  granted { id __typename scopes permission { ...P } } withheld { id __typename reason permission { ...P } via { id __typename assignedAt role { id __typename name } } } }`;

/** Those of whose id a cache makes nothing: edges and pages, and values that are read with the object around them. */
const WITHOUT_ID = [
  'AccessChange',
  'AccessDiff',
  'AccountChanged',
  'CatalogueDiff',
  'CatalogueEntryDiff',
  'CatalogueFieldDiff',
  'EventVoid',
  'HistoryChange',
  'HistoryRole',
  'HistoryUser',
  'LogEventMessage',
  'Moment',
  'MutationError',
  'PageInfo',
  'PermissionDecision',
  'RoleChangePreview',
  'RoleChanged',
  'RoleDiff',
  'RolePermissionDiff',
  'RoleReplayStep',
  'RoleUserResult',
  'TextDiff',
  'UnlinkedIdentity',
  'UserAccessChange',
  'UserAccessDiff',
  'UserChanged',
  'UserIdentity',
  'UserReplayStep',
  'UserRoleResult',
];

/** Parts of an object, which are found through it. */
const PARTS: ReadonlySet<string> = new Set([
  'Actor',
  'ApiKey',
  'PermissionCatalogue',
  'EffectivePermissions',
  'GrantedPermission',
  'WithheldPermission',
  'RoleAssignment',
  'RoleScope',
]);

type Named = AnyData & { readonly id: string; readonly __typename: string };

/** Every object with an id in an answer. */
function objectsIn(value: unknown): Named[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (typeof value !== 'object' || value === null) return [];
  return [...('id' in value ? [value as Named] : []), ...Object.values(value).flatMap(objectsIn)];
}

/** A value as a cache keeps it: with links to the objects in it. */
const normalised = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && 'id' in each ? each.id : each,
  );

describe('Ids', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer({ environment: { ROLEBOOK_MAX_QUERY_COST: '1000000' } });
    await server.run({ type: 'registerUser', user: 'ben', username: 'ben', name: 'Ben Okri' });
    for (const name of ['One', 'Two'])
      await server.run({
        type: 'createRole',
        name,
        grants: [
          { permission: 'logs/view', scopes: name === 'One' ? [] : ['sms:logs:read'] },
          { permission: 'viber/manage' },
        ],
        userIds: ['ben'],
      });
    await server.run({ type: 'assignUsers', role: 'finance-manager', userIds: ['ben'] });
    await server.run({ type: 'disableFeature', feature: 'VIBER' });
    await openAccount(server.run, 'other', 'eve', 'Eve');
  });
  afterAll(() => server.close());

  const ask = async (query: string, variables?: object): Promise<AnyData> =>
    dataOf(await server.graphql(query, variables));
  const everything = (): Promise<AnyData> =>
    ask(`{ account { id __typename name features { id __typename key name required enabled } } ${CATALOGUE}
      roles(first: 50) { edges { node { ...R } } } users { edges { node { id __typename name ${EFFECTIVE} } } } } ${ROLE} ${PERMISSION}`);

  test('are of every type but values', () => {
    const schema = createSchema();
    const types = Object.values(schema.getTypeMap()).filter(isObjectType);
    const without = types.filter(
      (type) => !type.getFields()['id'] && !/^__|(?:Edge|Connection|Payload)$/.test(type.name),
    );
    expect(without.map(({ name }) => name).sort()).toEqual(
      ['Mutation', 'Query', 'Subscription', ...WITHOUT_ID].sort(),
    );
    const node = schema.getType('Node');
    expect(
      isInterfaceType(node) &&
        schema
          .getPossibleTypes(node)
          .map(({ name }) => name)
          .sort(),
    ).toEqual([
      'Account',
      'Change',
      'Feature',
      'HistoryEntry',
      'Permission',
      'Role',
      'RoleGroup',
      'RolePermission',
      'RoleSection',
      'RoleTemplate',
      'Scope',
      'Section',
      'User',
    ]);
  });

  test('name one object each, whatever query it is read by', async () => {
    const known = new Map<string, Record<string, string>>();
    const conflicts: string[] = [];
    for (const { id, ...fields } of objectsIn(await everything())) {
      const before = known.get(id) ?? {};
      const now = Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [name, normalised(value)]),
      );
      for (const [name, value] of Object.entries(now))
        if ((before[name] ?? value) !== value) conflicts.push(`${id} ${name}: ${before[name]}, ${value}`);
      known.set(id, { ...before, ...now });
    }
    expect(conflicts).toEqual([]);
    expect(known.size).toBeGreaterThan(1_000);
    const roleOf = (name: string): string =>
      [...known].find(([, fields]) => fields['name'] === JSON.stringify(name))![0].slice('Role:'.length);
    const kept = ['One', 'Two'].map(
      (name) => known.get(`RoleScope:${roleOf(name)}/logs%252Fview/sms:logs:read`)?.['selected'],
    );
    expect(kept).toEqual(['false', 'true']);
  });

  test('lead back to the same objects', async () => {
    const found = new Map(objectsIn(await everything()).map((object) => [object.id, object]));
    const { history } = await ask(
      '{ history(first: 100) { edges { node { id __typename type summary } } } }',
    );
    for (const object of objectsIn(history)) found.set(object.id, object);
    const roles = /^Role(Section|Permission):(?!finance-manager)/;
    const ids = [...found.keys()].filter((id) => !PARTS.has(id.split(':')[0]!) && !roles.test(id));
    expect(new Set(ids.map((id) => id.split(':')[0])).size).toBe(12);
    const answers: (Named | null)[] = [];
    for (let at = 0; at < ids.length; at += 200) {
      const { nodes } = await ask(
        `query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename ... on Role { name } ... on User { name } ... on Permission { key }
           ... on Section { key } ... on HistoryEntry { type summary } ... on RoleSection { selectedCount } ... on Feature { enabled } } }`,
        { ids: ids.slice(at, at + 200) },
      );
      answers.push(...(nodes as (Named | null)[]));
    }
    expect(answers.map((each) => each?.id ?? null)).toEqual(ids);
    for (const answer of answers) expect(found.get(answer!.id)).toMatchObject(answer!);
  });

  test('one that cannot be read takes nothing else along, and neither does a fault of the account', async () => {
    const { data, errors } = await server.graphql(
      `{ me { id } nodes(ids: ["User:ben", "Role:finance-manager@x", "Role:finance-manager"]) { id }
         account(asOf: { position: "x" }) { id } many: nodes(ids: [${'"User:ben", '.repeat(201)}]) { id } }`,
    );
    expect(data).toEqual({
      me: { id: 'User:ada' },
      nodes: [{ id: 'User:ben' }, null, { id: 'Role:finance-manager' }],
      account: null,
      many: null,
    });
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual(
      expect.arrayContaining([
        [['nodes', 1], 'BAD_USER_INPUT'],
        [['account'], 'BAD_USER_INPUT'],
        [['many'], 'BAD_USER_INPUT'],
      ]),
    );
  });

  test('are answered in the order asked, with null for what is not there', async () => {
    const { history } = dataOf(
      await server.graphql(
        '{ history(first: 1) { edges { node { id } } } }',
        {},
        { as: 'eve', account: 'other' },
      ),
    );
    const ids = [
      'User:ben',
      'nonsense',
      'Role:finance-manager',
      'User:ben',
      'Account:other',
      'User:nobody',
      'Section:nothing',
      'Permission:no/such',
      'RoleSection:nobody/logs',
      'RoleSection:finance-manager/nothing',
      'RolePermission:finance-manager/no/such',
      'RolePermission:finance-manager',
      'HistoryEntry:1',
      'Change:1',
      'HistoryEntry:1.7',
      history.edges[0].node.id,
      'Operator:test',
      'RoleScope:finance-manager/logs%2Fview/x',
    ];
    const { nodes } = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(nodes.slice(0, 4)).toEqual([{ id: ids[0] }, null, { id: ids[2] }, { id: ids[3] }]);
    expect(nodes.slice(4)).toEqual(ids.slice(4).map(() => null));
    for (const id of ids.slice(4))
      expect(await ask('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null });
    const many = Array.from({ length: 201 }, () => 'User:ben');
    const tooMany = await server.graphql('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: many });
    expect(codesOf(tooMany)).toEqual(['BAD_USER_INPUT']);
    expect(
      (await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: many.slice(1) })).nodes,
    ).toHaveLength(200);
    expect(await ask('{ nodes(ids: []) { id } }')).toEqual({ nodes: [] });
  });

  test('that a caller may not see are refused one by one', async () => {
    await server.run({ type: 'registerUser', user: 'uma', username: 'uma', name: 'Uma' });
    await server.run({
      type: 'createRole',
      name: 'People',
      grants: [{ permission: 'users/view' }],
      userIds: ['uma'],
    });
    const answer = await server.graphql(
      `{ nodes(ids: ["User:${ADMIN}", "Role:finance-manager", "Account:${ACCOUNT}", "Feature:SMS", "Section:logs", "User:nobody"]) { id } me { id } }`,
      {},
      { as: 'uma' },
    );
    expect(answer.data).toEqual({
      nodes: [{ id: `User:${ADMIN}` }, null, { id: `Account:${ACCOUNT}` }, { id: 'Feature:SMS' }, null, null],
      me: { id: 'User:uma' },
    });
    expect(answer.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['nodes', 1], 'FORBIDDEN'],
      [['nodes', 4], 'FORBIDDEN'],
    ]);
  });
});
