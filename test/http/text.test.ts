import { Log } from '../projections/log';
import { codesOf, dataOf, startTestServer, type AnyData, type TestServer } from './harness';

/** Names, their equality and search: over every list and way in that has texts. */

describe('Text over HTTP', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
    for (const [user, name] of [
      ['jason', 'Ιάσονας Παππάς'],
      ['lukasz', 'Łukasz Nowak'],
      ['durdica', 'Đurđica Horvat'],
      ['obrien', 'Seán O’Brien'],
    ] as const)
      await server.run({ type: 'registerUser', user, username: `${user}@example.com`, name });
    const userIds = ['jason', 'lukasz', 'durdica'];
    await server.run({ type: 'createRole', name: 'Førstelinje Łódź', userIds });
  });
  afterAll(() => server.close());

  const mutate = async (name: string, input: object): Promise<AnyData> => {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    const answer = name.endsWith('User') ? 'user { id username name }' : 'role { id name description }';
    const text = `mutation ($input: ${type}!) { ${name}(input: $input) { ${answer} errors { code field message } } }`;
    return dataOf(await server.graphql(text, { input }))[name] as AnyData;
  };
  const codes = async (name: string, input: object): Promise<string[]> =>
    (await mutate(name, input)).errors.map(
      ({ code, field }: { code: string; field: string[] | null }) => `${code} ${field?.join('.')}`,
    );

  const SEARCH = `query ($search: String) {
    users(search: $search, first: 40) { totalCount edges { node { id } } }
    roles(search: $search, first: 40) { totalCount edges { node { name } } } }`;
  const search = async (text: string) => {
    const { users, roles } = dataOf(await server.graphql(SEARCH, { search: text }));
    expect(users.totalCount).toBe(users.edges.length);
    expect(roles.totalCount).toBe(roles.edges.length);
    return {
      users: users.edges.map(({ node }: AnyData) => node.id.replace('User:', '')),
      roles: roles.edges.map(({ node }: AnyData) => node.name),
    };
  };

  test.each([
    ['Ιάσ', 'jason'],
    ['ΙΆΣΟΝΑΣ', 'jason'],
    ['ας παπ', 'jason'],
    ['lukasz n', 'lukasz'],
    ['ŁUKASZ', 'lukasz'],
    ['durdica', 'durdica'],
    ['Đurđ'.normalize('NFKD'), 'durdica'],
    [" sean o'b\n", 'obrien'],
    ['o\u200bbrien', 'obrien'],
  ])('users: %j finds %s', async (text, user) => {
    expect((await search(text)).users).toEqual([user]);
  });

  test('roles, and the users of a role', async () => {
    expect((await search('forstelinje LODZ')).roles).toEqual(['Førstelinje Łódź']);
    const members = `query ($search: String) { roles(kind: CUSTOM, search: "lodz", first: 1) { edges { node {
      users(search: $search) { totalCount edges { node { id } } } } } } }`;
    const found = dataOf(await server.graphql(members, { search: 'ιασ ' })).roles.edges[0].node.users;
    expect(found).toEqual({ totalCount: 1, edges: [{ node: { id: 'User:jason' } }] });
    const none = dataOf(await server.graphql(members, { search: '\u0301' })).roles.edges[0].node.users;
    expect(none).toEqual({ totalCount: 0, edges: [] });
  });

  test('a search of which nothing is left finds nobody, a blank one is none', async () => {
    for (const text of ['\u0301', '\u200b', '\u0301 \ufe0f'])
      expect(await search(text)).toEqual({ users: [], roles: [] });
    const everyone = await search('');
    expect(everyone.users.length).toBeGreaterThanOrEqual(5);
    expect(await search(' \n\t')).toEqual(everyone);
    for (const text of ['a\u0000b', 'a\nb', '\ud800'])
      expect(codesOf(await server.graphql(SEARCH, { search: text }))).toEqual([
        'BAD_USER_INPUT',
        'BAD_USER_INPUT',
      ]);
  });

  test('default-ignorables do not tell names apart', async () => {
    const username = 'jason@\u200bexample.com\u00ad';
    for (const name of ['Account admin\u200b', 'Acc\u2060ount admin', '\ufeffaccount \u00adADMIN'])
      expect(await codes('createRole', { name })).toEqual(['NAME_TAKEN name']);
    expect(await codes('registerUser', { username })).toEqual(['USERNAME_TAKEN username']);
    expect(await codes('updateUser', { id: 'User:lukasz', username })).toEqual(['USERNAME_TAKEN username']);
    const { role } = await mutate('createRole', { name: ' Night\u200b desk\u00ad ' });
    expect(role.name).toBe('Night desk');
    const { user } = await mutate('registerUser', { username: 'x\u200by', name: '👩\u200d💻 \u200bX' });
    expect(user).toMatchObject({ username: 'xy', name: '👩\u200d💻 X' });
  });

  test('nor do those that change how a name looks; a name that is given up is free both ways', async () => {
    const [joined, apart] = ['علیرضا', 'علی\u200cرضا'];
    const { role } = await mutate('createRole', { name: apart });
    expect(role.name).toBe(apart);
    for (const name of [joined, apart])
      expect(await codes('createRole', { name })).toEqual(['NAME_TAKEN name']);
    expect(await codes('updateRole', { id: role.id, name: joined })).toEqual([]);
    for (const name of [joined, apart])
      expect(await codes('createRole', { name })).toEqual(['NAME_TAKEN name']);
    expect(await codes('updateRole', { id: role.id, name: 'Ali Reza' })).toEqual([]);
    expect(await codes('createRole', { name: joined })).toEqual([]);
    expect(await codes('createRole', { name: apart })).toEqual(['NAME_TAKEN name']);
    expect(await codes('registerUser', { username: apart, id: 'User:ali' })).toEqual([]);
    expect(await codes('registerUser', { username: joined })).toEqual(['USERNAME_TAKEN username']);
    expect(await codes('updateUser', { id: 'User:ali', username: 'ali' })).toEqual([]);
    expect(await codes('registerUser', { username: apart, id: 'User:ali2' })).toEqual([]);
  });

  test('what is no name is refused, with its field', async () => {
    expect(await codes('createRole', { name: '\u200b\u2800' })).toEqual(['NAME_REQUIRED name']);
    for (const name of ['abc\u202etxt', '\u200fab', 'a\u0378', 'a\uffff', 'a\u0007b', 'a\nb', 'a\ud800']) {
      expect(await codes('createRole', { name })).toEqual(['INVALID_INPUT name']);
      expect(await codes('registerUser', { username: 'fine', name })).toEqual(['INVALID_INPUT name']);
      expect(await codes('registerUser', { username: name, name: 'Fine' })).toEqual([
        'INVALID_INPUT username',
      ]);
    }
    for (const bad of ['a\u202eb', 'a\u0000b', 'a\u0085b', '\ud800']) {
      expect(await codes('createRole', { name: 'Fine', description: bad })).toEqual([
        'INVALID_INPUT description',
      ]);
      expect(await codes('createRole', { name: 'Fine', reason: bad })).toEqual(['INVALID_INPUT reason']);
      expect(await codes('createRole', { name: 'Fine', idempotencyKey: bad })).toEqual([
        'INVALID_INPUT idempotencyKey',
      ]);
    }
    for (const unseen of ['', ' \n', '\u200b', '\u2800\u00ad'])
      expect(await codes('createRole', { name: 'Fine', reason: unseen })).toEqual(['INVALID_INPUT reason']);
    const { role } = await mutate('createRole', { name: 'Lines', description: 'one\n\ttwo', reason: 'a\nb' });
    expect(role.description).toBe('one\n\ttwo');
  });

  test('names from before the rules are shown, and their owners go on', async () => {
    const log = new Log(server.store);
    const name = 'Old\u202ename\u200b';
    await log.register('old', name, name);
    const position = await log.create('old', name);
    await server.readModels.waitFor(position, 5_000);
    const { role, user } = dataOf(
      await server.graphql('{ role(id: "Role:old") { name } user(id: "User:old") { name username } }'),
    );
    expect([role.name, user.name, user.username]).toEqual([name, name, name]);
    const saved = await mutate('updateRole', { id: 'Role:old', name, description: 'Saved' });
    expect(saved).toMatchObject({ role: { name, description: 'Saved' }, errors: [] });
    expect((await mutate('duplicateRole', { id: 'Role:old' })).role.name).toBe('Copy of Oldname');
    expect(await mutate('updateUser', { id: 'User:old', username: name, name: 'New' })).toMatchObject({
      user: { username: name, name: 'New' },
      errors: [],
    });
    expect(await codes('updateUser', { id: 'User:old', username: `${name}2` })).toEqual([
      'INVALID_INPUT username',
    ]);
    expect(await codes('updateRole', { id: 'Role:old', name: 'Old name' })).toEqual([]);
    expect((await search('old name')).roles).toEqual(['Old name']);
  });

  test('the server takes every cursor that it gives, whatever the names', async () => {
    const longest = (length: number): string[] => [
      ...Array.from({ length: 5 }, (_, n) => '\ufdfa'.repeat(length - 1) + String(n)),
      ...['\u{1d4d0}', '"', '\\', 'ß', '㏂'].map((each) => each.repeat(length)),
    ];
    const users = longest(200);
    const ids = users.map((_, n) => `long${n}`);
    for (const [n, name] of users.entries())
      await server.run({ type: 'registerUser', user: ids[n], username: name, name: users.at(-n)! });
    for (const name of longest(100)) await server.run({ type: 'createRole', name });
    const grants = [{ permission: 'campaigns/launch' }];
    await server.run({ type: 'createRole', name: 'Long', grants, userIds: ids });

    const pages = async (list: string, args: string, path: readonly string[]): Promise<string[]> => {
      const [before, after] = path.length > 1 ? [`${path[0]}(id: "Role:${role}") { `, ' }'] : ['', ''];
      const found: string[] = [];
      for (let cursor: string | null = null; ;) {
        const query = `query ($after: String) { ${before}${list}(${args}, first: 2, after: $after) {
          edges { cursor node { id } } pageInfo { hasNextPage endCursor } }${after} }`;
        const data = dataOf(await server.graphql(query, { after: cursor }));
        const connection = path.reduce<AnyData>((part, key) => part[key], data);
        found.push(...connection.edges.map(({ node }: AnyData) => node.id));
        for (const edge of connection.edges) expect(edge.cursor.length).toBeLessThan(2_000);
        if (!connection.pageInfo.hasNextPage) return found;
        cursor = connection.pageInfo.endCursor;
      }
    };
    const { roles } = dataOf(await server.graphql('{ roles(search: "long") { edges { node { id } } } }'));
    const role = roles.edges[0].node.id.replace('Role:', '');
    const allUsers = dataOf(await server.graphql('{ users { totalCount } }')).users.totalCount;
    const allRoles = dataOf(await server.graphql('{ roles { totalCount } }')).roles.totalCount;
    for (const field of ['NAME', 'USERNAME', 'LAST_LOGIN_AT'])
      for (const direction of ['ASC', 'DESC']) {
        const args = `orderBy: { field: ${field}, direction: ${direction} }`;
        expect(new Set(await pages('users', args, ['users'])).size).toBe(allUsers);
      }
    for (const order of [
      'null',
      '{ field: NAME }',
      '{ field: NAME, direction: DESC }',
      '{ field: UPDATED_AT }',
    ])
      expect(new Set(await pages('roles', `orderBy: ${order}`, ['roles'])).size).toBe(allRoles);
    expect(new Set(await pages('users', 'search: ""', ['role', 'users'])).size).toBe(10);
    const holders = await pages('usersWithPermission', 'permission: "campaigns/launch"', [
      'usersWithPermission',
    ]);
    expect(new Set(holders).size).toBe(holders.length);
    expect(holders.filter((id) => id.startsWith('User:long'))).toHaveLength(10);

    const checks = users.map((username) => ({ user: { username }, permission: 'campaigns/launch' }));
    const checked = dataOf(
      await server.graphql(
        'query ($checks: [PermissionCheckInput!]!) { checkPermissions(checks: $checks) { allowed } }',
        { checks },
      ),
    ).checkPermissions;
    expect(checked.every(({ allowed }: AnyData) => allowed)).toBe(true);
    for (const form of ['NFC', 'NFKD'] as const)
      expect((await search(users[3]!.normalize(form).toUpperCase())).users).toHaveLength(2);
  });
});
