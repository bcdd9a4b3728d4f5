import { ACCOUNT, ADMIN, dataOf, startTestServer, type TestServer } from '../harness';
import { faultOf, patch, scimClient, USER, type Scim } from './client';

/** Users over SCIM: what RFC 7644 says of each method, and what Rolebook makes of it. */

let server: TestServer;
let scim: Scim;
beforeAll(async () => {
  server = await startTestServer();
  scim = scimClient(server);
});
afterAll(() => server.close());

let count = 0;
/** A user who is new to the account. */
async function joiner(more: object = {}): Promise<{ id: string; userName: string }> {
  const userName = `joiner-${(count += 1)}@example.com`;
  const { status, body } = await scim('POST', '/Users', { schemas: [USER], userName, ...more });
  expect(status).toBe(201);
  return { id: body['id'], userName };
}

/** Status and names as GraphQL shows them. */
async function inGraphql(id: string) {
  const query = 'query ($id: ID) { user(id: $id) { username name externalId status } }';
  return dataOf(await server.graphql(query, { id: `User:${id}` }))['user'];
}

describe('discovery', () => {
  test('says what there is, and what there is not', async () => {
    const { body } = await scim('GET', '/ServiceProviderConfig');
    expect(body).toMatchObject({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
      patch: { supported: true },
      bulk: { supported: false },
      filter: { supported: true, maxResults: 100 },
      sort: { supported: false },
      etag: { supported: false },
      changePassword: { supported: false },
      meta: { location: `${server.url}/scim/v2/ServiceProviderConfig` },
    });
  });

  test('resource types and schemas, as a list and alone', async () => {
    const types = await scim('GET', '/ResourceTypes');
    expect(types.body).toMatchObject({ totalResults: 1, Resources: [{ id: 'User', endpoint: '/Users' }] });
    expect((await scim('GET', '/ResourceTypes/User')).body).toEqual(types.body['Resources'][0]);
    expect(faultOf(await scim('GET', '/ResourceTypes/Group'))).toEqual([404, 'NOT_FOUND']);

    const schemas = await scim('GET', '/Schemas');
    const [schema] = schemas.body['Resources'];
    expect(schema.attributes.map(({ name }: { name: string }) => name)).toEqual([
      'userName',
      'name',
      'displayName',
      'active',
    ]);
    expect(schema.attributes[0]).toMatchObject({ type: 'string', required: true, uniqueness: 'server' });
    expect((await scim('GET', `/Schemas/${USER}`)).body).toEqual(schema);
    expect(faultOf(await scim('GET', `/Schemas/${USER}2`))).toEqual([404, 'NOT_FOUND']);
  });
});

describe('POST /Users', () => {
  test('registers a user, says where, and can be read at once', async () => {
    const { status, headers, body } = await scim('POST', '/Users', {
      schemas: [USER],
      userName: 'bjensen',
      externalId: 'hr-4711',
      name: { formatted: 'Ms. Barbara J Jensen III', familyName: 'Jensen', givenName: 'Barbara' },
      emails: [{ value: 'bjensen@example.com', primary: true }],
      password: 'never-kept',
    });
    const location = `${server.url}/scim/v2/Users/${body['id']}`;
    expect([status, headers.get('location')]).toEqual([201, location]);
    expect(body).toEqual({
      schemas: [USER],
      id: expect.stringMatching(/^[\w-]+$/),
      externalId: 'hr-4711',
      userName: 'bjensen',
      name: { formatted: 'Ms. Barbara J Jensen III' },
      displayName: 'Ms. Barbara J Jensen III',
      active: true,
      meta: {
        resourceType: 'User',
        created: expect.stringMatching(/^\d{4}-.*Z$/),
        lastModified: body['meta'].created,
        location,
      },
    });
    expect((await scim('GET', `/Users/${body['id']}`)).body).toEqual(body);
    expect(await inGraphql(body['id'])).toEqual({
      username: 'bjensen',
      name: 'Ms. Barbara J Jensen III',
      externalId: 'hr-4711',
      status: 'ACTIVE',
    });
  });

  test('names a user by the best that there is', async () => {
    const nameOf = async (more: object): Promise<unknown> => {
      const { id } = await joiner(more);
      return (await scim('GET', `/Users/${id}`)).body['displayName'];
    };
    expect(await nameOf({ displayName: 'Ann', name: { formatted: 'Ann A.' } })).toBe('Ann');
    expect(await nameOf({ displayName: '', name: { formatted: 'Ann A.', givenName: 'X' } })).toBe('Ann A.');
    expect(await nameOf({ NAME: { GivenName: 'Ann', familyname: 'Archer' } })).toBe('Ann Archer');
    expect(await nameOf({ name: { familyName: 'Archer' } })).toBe('Archer');
    expect(await nameOf({})).toMatch(/^joiner-/);
  });

  test('an inactive user is registered and deactivated', async () => {
    const { id } = await joiner({ active: false });
    expect(await inGraphql(id)).toMatchObject({ status: 'INACTIVE' });
  });

  test('a repeat, and what another user has, is refused by 409', async () => {
    const { userName } = await joiner({ externalId: 'hr-1' });
    const again = (userName: string, more: object = {}) =>
      scim('POST', '/Users', { schemas: [USER], userName, ...more });
    expect(faultOf(await again(userName.toUpperCase()))).toEqual([409, 'uniqueness', 'USERNAME_TAKEN']);
    const taken = await again('someone-else', { externalId: 'hr-1' });
    expect(faultOf(taken)).toEqual([409, 'uniqueness', 'EXTERNAL_ID_TAKEN']);
  });

  test('names of an erased user stay suppressed', async () => {
    const { id, userName } = await joiner({ externalId: 'hr-2' });
    await server.run({ type: 'eraseUser', user: id });
    for (const [method, body] of [
      ['GET', undefined],
      ['PUT', { schemas: [USER], userName }],
      ['PATCH', patch({ op: 'replace', path: 'active', value: true })],
      ['PATCH', patch({ op: 'replace', path: 'title', value: 'x' })],
      ['DELETE', undefined],
    ] as const)
      expect([method, faultOf(await scim(method, `/Users/${id}`, body))]).toEqual([
        method,
        [404, 'NOT_FOUND'],
      ]);
    const back = await scim('POST', '/Users', { schemas: [USER], userName });
    expect(faultOf(back)).toEqual([409, 'uniqueness', 'USERNAME_SUPPRESSED']);
    const other = await scim('POST', '/Users', { schemas: [USER], userName: 'other', externalId: 'hr-2' });
    expect(faultOf(other)).toEqual([409, 'uniqueness', 'EXTERNAL_ID_SUPPRESSED']);
    const found = await scim('GET', `/Users?filter=${encodeURIComponent(`id eq "${id}"`)}`);
    expect(found.body['totalResults']).toBe(0);
  });
});

describe('GET /Users', () => {
  const list = async (query: string) => (await scim('GET', `/Users?${query}`)).body;
  const found = async (filter: string): Promise<string[]> => {
    const { Resources, totalResults, itemsPerPage } = await list(`filter=${encodeURIComponent(filter)}`);
    expect([totalResults, itemsPerPage]).toEqual([Resources.length, Resources.length]);
    return Resources.map(({ id }: { id: string }) => id);
  };

  test('finds a user by each name, ignoring case where SCIM does', async () => {
    const { id, userName } = await joiner({ externalId: 'HR-3', displayName: 'Zoë “Z” \\ Zed' });
    expect(await found(`userName eq "${userName}"`)).toEqual([id]);
    expect(await found(`USERNAME EQ "${userName.toUpperCase()}"`)).toEqual([id]);
    expect(await found(`${USER}:userName eq "${userName}"`)).toEqual([id]);
    expect(await found('externalId eq "HR-3"')).toEqual([id]);
    expect(await found('externalId eq "hr-3"')).toEqual([]);
    expect(await found('externalId eq "\\u0048R-3"')).toEqual([id]);
    expect(await found(`id eq "${id}"`)).toEqual([id]);
    expect(await found(`id eq "${id}" and active eq true and userName eq "${userName}"`)).toEqual([id]);
    expect(await found(`id eq "${id}" and active eq "False"`)).toEqual([]);
    expect(await found(`id eq "${id}" and userName eq "${ADMIN}@example.com"`)).toEqual([]);
    expect(await found('userName eq "with \\"quotes\\" and (brackets)"')).toEqual([]);
    expect(await found('active eq true and active eq false')).toEqual([]);
  });

  test.each([
    'userName sw "a"',
    'userName pr',
    'not (userName eq "a")',
    'userName eq "a" or userName eq "b"',
    'emails[type eq "work"].value eq "a@example.com"',
    'displayName eq "Ada"',
    'meta.lastModified gt "2020-01-01T00:00:00Z"',
    'a.__proto__.polluted eq "x"',
    'userName eq 12',
    'active eq "maybe"',
    'userName eq "a" and',
    'userName eq "\\x"',
    'userName',
    '',
    `userName eq "${'a'.repeat(1_000)}"`,
    Array(11).fill('active eq true').join(' and '),
  ])('refuses the filter %s', async (filter) => {
    const answer = await scim('GET', `/Users?filter=${encodeURIComponent(filter)}`);
    expect(faultOf(answer)).toEqual([400, 'invalidFilter', 'INVALID_INPUT']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('pages by place: every user once, whatever is remembered of the pages before', async () => {
    for (let left = 5; left > 0; left -= 1) await joiner({ active: left > 2 });
    const everyone = await list('count=100');
    const ids: string[] = everyone.Resources.map(({ id }: { id: string }) => id);
    expect(everyone).toMatchObject({ totalResults: ids.length, startIndex: 1, itemsPerPage: ids.length });
    const paged: string[] = [];
    for (let startIndex = 1; startIndex <= ids.length; startIndex += 2) {
      const page = await list(`startIndex=${startIndex}&count=2`);
      expect(page).toMatchObject({ startIndex, totalResults: ids.length });
      paged.push(...page.Resources.map(({ id }: { id: string }) => id));
    }
    expect(paged).toEqual(ids);
    // Places that nobody read up to.
    for (const startIndex of [4, 6]) {
      const page = await list(`startIndex=${startIndex}&count=1`);
      expect(page.Resources.map(({ id }: { id: string }) => id)).toEqual([ids[startIndex - 1]]);
    }
    const inactive = await list(`filter=${encodeURIComponent('active eq false')}&count=1&startIndex=2`);
    const all = everyone.Resources.filter(({ active }: { active: boolean }) => !active);
    expect(inactive).toMatchObject({ totalResults: all.length, Resources: [{ id: all[1].id }] });
  });

  test('takes numbers as RFC 7644 says', async () => {
    expect(await list('count=0')).toMatchObject({ itemsPerPage: 0, Resources: [] });
    expect(await list('count=-1&startIndex=-5')).toMatchObject({ itemsPerPage: 0, startIndex: 1 });
    expect(await list('startIndex=999999999')).toMatchObject({ itemsPerPage: 0, startIndex: 999_999_999 });
    for (const query of ['count=ten', 'count=1.5', 'startIndex=', 'count=1&count=2', 'count=99999999999'])
      expect(faultOf(await scim('GET', `/Users?${query}`))).toEqual([400, 'invalidValue', 'INVALID_INPUT']);
  });

  test('shows a part of each user where one is asked for', async () => {
    const [some] = (await list('count=1&attributes=userName,name.formatted')).Resources;
    expect(Object.keys(some)).toEqual(['schemas', 'id', 'userName', 'name']);
    const { id } = await joiner();
    const { body } = await scim('GET', `/Users/${id}?excludedAttributes=meta,id,DisplayName`);
    expect(Object.keys(body)).toEqual(['schemas', 'id', 'userName', 'name', 'active']);
  });
});

describe('PUT and PATCH', () => {
  test('PUT sets what it has; what it leaves out stays, null clears', async () => {
    const { id, userName } = await joiner({ externalId: 'hr-5', displayName: 'Ann' });
    const put = (more: object) =>
      scim('PUT', `/Users/${id}`, { schemas: [USER], userName, id: 'other', ...more });
    expect((await put({ displayName: 'Anne', active: false })).body).toMatchObject({
      id,
      displayName: 'Anne',
      externalId: 'hr-5',
      active: false,
    });
    expect((await put({})).body).toMatchObject({ displayName: 'Anne', active: false });
    expect((await put({ active: 'True', externalId: null })).body).toMatchObject({ active: true });
    expect(await inGraphql(id)).toMatchObject({ name: 'Anne', externalId: null, status: 'ACTIVE' });
    expect(faultOf(await put({ userName: undefined }))).toEqual([400, 'invalidValue', 'INVALID_INPUT']);
  });

  test('PATCH adds, replaces and removes', async () => {
    const { id } = await joiner();
    const send = async (...operations: object[]) =>
      (await scim('PATCH', `/Users/${id}`, patch(...operations))).body;
    expect(
      await send(
        { op: 'add', path: 'externalId', value: 'hr-6' },
        { op: 'replace', path: 'name.formatted', value: 'Babs' },
        { op: 'replace', path: `${USER}:userName`, value: 'babs' },
      ),
    ).toMatchObject({
      externalId: 'hr-6',
      displayName: 'Babs',
      name: { formatted: 'Babs' },
      userName: 'babs',
    });
    expect(await send({ op: 'remove', path: 'externalId' })).not.toHaveProperty('externalId');
    const { meta } = (await scim('GET', `/Users/${id}`)).body;
    expect(Date.parse(meta.lastModified)).toBeGreaterThan(Date.parse(meta.created));
  });

  test.each<[string, object, unknown[]]>([
    ['no message', { Operations: [] }, [400, 'invalidSyntax']],
    ['no operation', patch(), [400, 'invalidSyntax']],
    ['an unknown operation', patch({ op: 'move', path: 'active' }), [400, 'invalidSyntax']],
    ['a removal of nothing', patch({ op: 'remove' }), [400, 'noTarget']],
    ['a path that does not parse', patch({ op: 'add', path: 'a b', value: 1 }), [400, 'invalidPath']],
    ['a part of a simple value', patch({ op: 'add', path: 'active.x', value: 1 }), [400, 'invalidPath']],
    ['what the server sets', patch({ op: 'replace', path: 'id', value: 'x' }), [400, 'mutability']],
    ['a removal of the username', patch({ op: 'remove', path: 'userName' }), [400, 'invalidValue']],
    ['a removal of the name', patch({ op: 'remove', path: 'displayName' }), [400, 'invalidValue']],
    ['a removal of the status', patch({ op: 'remove', path: 'active' }), [400, 'invalidValue']],
    ['a text for a status', patch({ op: 'add', path: 'active', value: 'no' }), [400, 'invalidValue']],
    ['a number for a name', patch({ op: 'add', path: 'displayName', value: 7 }), [400, 'invalidValue']],
    ['no value', patch({ op: 'add', path: 'userName' }), [400, 'invalidValue']],
    [
      'a name that no rule takes',
      patch({ op: 'add', path: 'userName', value: 'a\nb' }),
      [400, 'invalidValue'],
    ],
  ])('%s is refused, and nothing is changed', async (_what, body, fault) => {
    const { id } = await joiner();
    const before = (await scim('GET', `/Users/${id}`)).body;
    expect(faultOf(await scim('PATCH', `/Users/${id}`, body))).toEqual([...fault, 'INVALID_INPUT']);
    expect((await scim('GET', `/Users/${id}`)).body).toEqual(before);
  });

  test('a change of which one half is refused is not made by half', async () => {
    const { id, userName } = await joiner();
    const { userName: taken } = await joiner();
    for (const active of [false, true]) {
      await scim('PATCH', `/Users/${id}`, patch({ op: 'replace', path: 'active', value: !active }));
      const both = patch({ op: 'replace', value: { active, userName: taken } });
      expect(faultOf(await scim('PATCH', `/Users/${id}`, both))).toEqual([
        409,
        'uniqueness',
        'USERNAME_TAKEN',
      ]);
      expect(await inGraphql(id)).toMatchObject({
        username: userName,
        status: active ? 'INACTIVE' : 'ACTIVE',
      });
    }
    const admin = patch({ op: 'replace', value: { active: false, displayName: 'Nobody' } });
    expect(faultOf(await scim('PATCH', `/Users/${ADMIN}`, admin))).toEqual([403, 'SELF_DEACTIVATION']);
    expect(await inGraphql(ADMIN)).toMatchObject({ name: 'Ada Admin', status: 'ACTIVE' });
  });

  test('the history says who made which change', async () => {
    const { id } = await joiner();
    await scim(
      'PATCH',
      `/Users/${id}`,
      patch({ op: 'replace', value: { active: false, displayName: 'Left' } }),
    );
    const query = `query ($id: ID) { history(filter: { user: $id }, first: 2) {
      nodes { type actor { id } requestId } } }`;
    const { nodes } = dataOf(await server.graphql(query, { id: `User:${id}` }))['history'];
    expect(nodes.map(({ type }: { type: string }) => type)).toEqual([
      'USER_PROFILE_CHANGED',
      'USER_DEACTIVATED',
    ]);
    expect(nodes[0].requestId).toBe(nodes[1].requestId);
  });
});

describe('DELETE', () => {
  test('deactivates, whatever it is sent as, and may be repeated', async () => {
    const { id } = await joiner({ displayName: 'Leaver' });
    await server.run({ type: 'assignUsers', role: 'finance-manager', userIds: [id] });
    for (const headers of [undefined, { 'content-type': 'application/scim+json' }]) {
      const { status, body } = await scim('DELETE', `/Users/${id}`, undefined, { headers });
      expect([status, body]).toEqual([204, {}]);
    }
    expect((await scim('GET', `/Users/${id}`)).body).toMatchObject({ active: false, displayName: 'Leaver' });
    expect(server.reads.permissionsHeld(ACCOUNT, id).size).toBeGreaterThan(0);
    expect(server.reads.userStatus(ACCOUNT, [id]).get(id)).toBe('INACTIVE');
  });
});
