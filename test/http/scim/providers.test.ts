import { ADMIN, startTestServer, type TestServer } from '../harness';
import { faultOf, PATCH_OP, patch, scimClient, USER, type Scim } from './client';

/** The requests of two identity providers, as each sends them over the life of a user. */

let server: TestServer;
let scim: Scim;
beforeAll(async () => {
  server = await startTestServer();
  scim = scimClient(server);
});
afterAll(() => server.close());

const filter = (text: string): string => `/Users?filter=${encodeURIComponent(text)}`;
const EXTENSION = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe('Microsoft Entra ID', () => {
  let id = '';

  test('tries the connection with a user whom nobody has', async () => {
    const { status, body } = await scim('GET', filter('userName eq "6b2c1a4e-0000-4f7d-9a51-0242ac120002"'));
    expect([status, body['totalResults'], body['Resources']]).toEqual([200, 0, []]);
  });

  test('creates a user with attributes of two schemas, and finds it again', async () => {
    const { status, body } = await scim('POST', '/Users', {
      schemas: [USER, EXTENSION],
      externalId: 'ann.archer',
      userName: 'ann.archer@contoso.example',
      active: true,
      displayName: 'Ann Archer',
      emails: [{ primary: true, type: 'work', value: 'ann.archer@contoso.example' }],
      meta: { resourceType: 'User' },
      name: { formatted: 'Ann A. Archer', familyName: 'Archer', givenName: 'Ann' },
      roles: [],
      [EXTENSION]: { department: 'Sales', manager: { value: 'x' } },
    });
    expect([status, body['displayName'], body['active']]).toEqual([201, 'Ann Archer', true]);
    id = body['id'];
    const found = await scim('GET', filter('externalId eq "ann.archer"'));
    expect(found.body['Resources']).toEqual([body]);
  });

  test('changes attributes one by one, with its own spelling of operations', async () => {
    const { status, body } = await scim(
      'PATCH',
      `/Users/${id}`,
      patch(
        { op: 'Replace', path: 'displayName', value: 'Ann Baker' },
        { op: 'Replace', path: 'name.familyName', value: 'Baker' },
        { op: 'Add', path: 'emails[type eq "work"].value', value: 'ann.baker@contoso.example' },
        { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+1 555' },
        { op: 'Add', path: `${EXTENSION}:department`, value: 'Marketing' },
        { op: 'Add', path: 'externalId', value: [{ $ref: null, value: 'ann.baker' }] },
        { op: 'Remove', path: 'title' },
      ),
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ displayName: 'Ann Baker', externalId: 'ann.baker' });
  });

  test('sends a status as text, and members with paths for names', async () => {
    const send = async (...operations: object[]): Promise<unknown> => {
      const { body } = await scim('PATCH', `/Users/${id}`, patch(...operations));
      return [body['active'], body['displayName'], body['userName']];
    };
    const userName = 'ann.archer@contoso.example';
    const off = { op: 'Replace', path: 'active', value: 'False' };
    expect(await send(off)).toEqual([false, 'Ann Baker', userName]);
    expect(await send({ op: 'Replace', path: 'active', value: 'True' })).toEqual([
      true,
      'Ann Baker',
      userName,
    ]);
    const dotted = {
      'name.givenName': 'Anna',
      'name.familyName': 'Baker',
      'emails[type eq "work"].value': 'a@example.com',
      [`${EXTENSION}:employeeNumber`]: '12',
      userName: 'anna',
      active: 'False',
    };
    expect(await send({ op: 'Replace', value: dotted })).toEqual([false, 'Anna Baker', 'anna']);
  });

  test('deletes a user for good after a time, which leaves an inactive one', async () => {
    expect((await scim('DELETE', `/Users/${id}`)).status).toBe(204);
    const { body } = await scim('GET', filter('userName eq "anna"'));
    expect(body['Resources']).toMatchObject([{ id, active: false }]);
  });
});

describe('Okta', () => {
  let user: Record<string, unknown> = {};
  let id = '';

  test('probes for a list, and for the user before it creates one', async () => {
    const probe = await scim('GET', '/Users?startIndex=1&count=1');
    expect(probe.body).toMatchObject({ itemsPerPage: 1, startIndex: 1 });
    expect(probe.body['totalResults']).toBeGreaterThan(1);
    const none = await scim('GET', `${filter('userName eq "bo@okta.example"')}&startIndex=1&count=100`);
    expect(none.body).toMatchObject({ totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] });
  });

  test('creates a user without a whole name', async () => {
    const created = await scim('POST', '/Users', {
      schemas: [USER],
      userName: 'bo@okta.example',
      name: { givenName: 'Bo', familyName: 'Olsen' },
      emails: [{ primary: true, value: 'bo@okta.example', type: 'work' }],
      displayName: null,
      locale: 'en-US',
      externalId: '00u1a2b3',
      groups: [],
      password: 'Secret-1',
      active: true,
    });
    expect([created.status, created.body['displayName']]).toEqual([201, 'Bo Olsen']);
    user = created.body;
    id = created.body['id'];
  });

  test('puts back the whole user that it read, changed', async () => {
    const put = (more: object) =>
      scim('PUT', `/Users/${id}`, { ...user, ...more }, { headers: { accept: 'application/scim+json' } });
    expect((await put({})).body).toEqual(user);
    const name = { givenName: 'Bo', familyName: 'Berg', formatted: 'Bo Berg' };
    expect((await put({ displayName: undefined, name })).body).toMatchObject({ displayName: 'Bo Berg' });
  });

  test('deactivates and reactivates by an operation without a path', async () => {
    for (const active of [false, true]) {
      const { body } = await scim('PATCH', `/Users/${id}`, {
        schemas: [PATCH_OP],
        Operations: [{ op: 'replace', value: { id, active } }],
      });
      expect(body['active']).toBe(active);
    }
  });

  test('an account admin is deactivated by nobody without the privileged rights', async () => {
    await server.run({
      type: 'createRole',
      name: 'Provisioning',
      grants: [{ permission: 'users/manage' }, { permission: 'users/view' }],
      userIds: [id],
    });
    const gone = await scim(
      'PATCH',
      `/Users/${ADMIN}`,
      patch({ op: 'replace', path: 'active', value: false }),
      {
        as: id,
      },
    );
    expect(faultOf(gone)).toEqual([403, 'ESCALATION']);
    expect((await scim('GET', `/Users/${ADMIN}`, undefined, { as: id })).body['active']).toBe(true);
  });
});
