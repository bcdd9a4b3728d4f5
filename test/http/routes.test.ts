import { allowed, routesAt, ROUTES, type Route } from '../../src/http/routes';
import { startTestServer, type TestServer } from './harness';
import { metricsOf } from './prometheus';

let server: TestServer;
const METRICS_TOKEN = 'scraper-of-these-tests';
beforeAll(
  async () => (server = await startTestServer({ environment: { ROLEBOOK_METRICS_TOKEN: METRICS_TOKEN } })),
);
afterAll(() => server.close());

const routes = Object.values<Route>(ROUTES);
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** Methods with a body. */
const SENDING: readonly string[] = ['POST', 'PUT', 'PATCH'];
/** An address of a path, which may have a variable segment. */
const addressOf = (path: string): string =>
  path.replace('events/:id', 'events/RoleCreated.v1.json').replace('/:id', '/nobody');

const send = (path: string, method: string): Promise<Response> =>
  fetch(`${server.url}${addressOf(path)}`, {
    method,
    ...(SENDING.includes(method) ? { headers: { 'content-type': 'application/json' }, body: '{}' } : {}),
  });

describe.each(routes.filter(({ socket }) => !socket))('$method $path', (route) => {
  const { path, method, guard } = route;
  const all = routesAt(addressOf(path));
  const forbidden = METHODS.find((each) => all.every((one) => one.method !== each)) ?? 'OPTIONS';

  test(`asks for the token of: ${guard}`, async () => {
    const { status } = await send(path, method);
    expect(status === 401).toBe(guard !== 'none');
    expect(status).not.toBe(404);
    expect(status).not.toBe(405);
  });

  test('refuses other methods, and says which it takes', async () => {
    const refused = await send(path, forbidden);
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, allowed(all)]);
    const options = await send(path, 'OPTIONS');
    expect([options.status, options.headers.get('allow')]).toEqual([405, allowed(all)]);
    expect(all).toContain(route);
    if (method === 'GET') expect((await send(path, 'HEAD')).status).toBe((await send(path, 'GET')).status);
  });

  test('is counted under its path, refused methods too', async () => {
    await send(path, method);
    await send(path, forbidden);
    const authorization = `Bearer ${METRICS_TOKEN}`;
    const counted = [...(await metricsOf(server.url, '', { authorization })).keys()];
    for (const [sent, status] of [
      [forbidden, '405'],
      ...(guard === 'none' ? [] : [[method, '401'] as const]),
    ] as const)
      expect(counted).toContain(
        `rolebook_http_requests_total{method="${sent}",route="${path}",status="${status}"}`,
      );
  });
});

test('what is a WebSocket’s alone is not there for requests', async () => {
  const sockets = routes.filter(({ socket }) => socket);
  expect(sockets).toEqual([ROUTES.graphqlSocket]);
  for (const method of ['GET', 'HEAD', 'PUT'])
    expect([method, (await send('/graphql', method)).headers.get('allow')]).toEqual([method, 'POST']);
});

test('nothing else is served', async () => {
  for (const path of [
    '/nowhere',
    '/graphql/',
    '/GRAPHQL',
    '/graphiql/react.map',
    '/scim/v2',
    '/scim/v2/users',
    '/scim/v2/Users/a/b',
  ]) {
    expect([path, (await send(path, 'GET')).status]).toEqual([path, 404]);
    expect(routesAt(path)).toEqual([]);
  }
  expect(routesAt('/graphql?query=x')).toEqual([ROUTES.graphql, ROUTES.graphqlSocket]);
  expect(routesAt('/scim/v2/Users/ana?x=/').map(({ method }) => method)).toEqual([
    'GET',
    'PUT',
    'PATCH',
    'DELETE',
  ]);
});
