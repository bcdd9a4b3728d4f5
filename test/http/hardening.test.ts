import { connect } from 'node:net';
import { once } from 'node:events';
import { issueOperatorToken } from '../../src/http/authentication/local-tokens';
import { metricsPlace } from '../../src/http/listening/metrics-place';
import { SECURITY_HEADERS } from '../../src/http/security-headers';
import { codesOf, dataOf, startTestServer, type TestServer, type TestServerOptions } from './harness';

/** Answers that tell browsers, scrapers and strangers as little as the settings say. */

const withServer = async (
  environment: NonNullable<TestServerOptions['environment']>,
  work: (server: TestServer) => Promise<void>,
): Promise<void> => {
  const server = await startTestServer({ environment });
  try {
    await work(server);
  } finally {
    await server.close();
  }
};

const securityOf = (headers: Headers): Record<string, string | null> =>
  Object.fromEntries(Object.keys(SECURITY_HEADERS).map((name) => [name, headers.get(name)]));

describe('A server with the settings of local mode', () => {
  let server: TestServer;
  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());

  test('gives every answer of the API the headers of security, refusals too', async () => {
    const answers = [
      await server.graphql('{ me { id } }'),
      await server.graphql('{ me { id } }', {}, { as: null }),
      await server.graphql('{ nothing }'),
      await fetch(`${server.url}/nowhere`),
      await fetch(`${server.url}/graphql`),
      await fetch(`${server.url}/health/ready`),
      await fetch(`${server.url}/metrics`),
      await fetch(`${server.url}/%`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 400, 404, 405, 200, 200, 400]);
    for (const { headers } of answers) {
      expect(securityOf(headers)).toEqual(SECURITY_HEADERS);
      expect(headers.get('strict-transport-security')).toBeNull();
      expect(headers.get('server')).toBeNull();
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  test('gives them to what is no HTTP, too', async () => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.end('nonsense\r\n\r\n');
    let text = '';
    socket.on('data', (data: Buffer) => (text += data.toString()));
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(text).toContain(`${name}: ${value}`);
  });

  test('lets its pages load their own scripts, and be framed by nobody', async () => {
    const own = { '/': 'none', '/graphiql': 'self' };
    for (const [path, source] of Object.entries(own)) {
      const { headers } = await fetch(`${server.url}${path}`);
      expect(headers.get('content-security-policy')).toMatch(
        new RegExp(`default-src '${source}'.*frame-ancestors 'none'`),
      );
      expect(headers.get('x-frame-options')).toBe('DENY');
    }
    const script = await fetch(`${server.url}/graphiql/react.js`);
    expect(script.headers.get('cache-control')).toBe('public, max-age=3600');
  });

  test('believes nobody about who is behind a proxy', async () => {
    const { headers } = await server.graphql(
      '{ me { id } }',
      {},
      { headers: { 'x-forwarded-proto': 'https' } },
    );
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  test('sets no limit to the rate of requests', async () => {
    const { headers } = await server.graphql('{ me { id } }');
    expect([headers.get('ratelimit'), headers.get('ratelimit-policy')]).toEqual([null, null]);
  });
});

test('behind a trusted proxy, an answer that goes out by https is for https alone', () =>
  withServer({ ROLEBOOK_TRUSTED_PROXIES: '127.0.0.0/8, ::1' }, async ({ graphql }) => {
    const transport = async (proto: string): Promise<string | null> =>
      (await graphql('{ me { id } }', {}, { headers: { 'x-forwarded-proto': proto } })).headers.get(
        'strict-transport-security',
      );
    expect([await transport('https'), await transport('http')]).toEqual(['max-age=31536000', null]);
  }));

test('a schema that is not shown is not told by introspection, by faults or by a page', () =>
  withServer({ ROLEBOOK_INTROSPECTION: 'off' }, async ({ graphql, url }) => {
    dataOf(await graphql('{ me { id __typename } }'));
    const [CODE, MESSAGE] = ['GRAPHQL_VALIDATION_FAILED', 'The document does not fit the schema.'];
    for (const query of [
      '{ __schema { types { name } } }',
      '{ __type(name: "User") { name } }',
      '{ me { nam } }',
      '{ role { id } }',
      '{ roles(orderBy: { fild: NAME }) { totalCount } }',
      'query ($id: I) { me { id } }',
    ]) {
      const answer = await graphql(query);
      expect([query, answer.status, [...new Set(codesOf(answer))]]).toEqual([query, 400, [CODE]]);
      expect([...new Set(answer.errors?.map(({ message }) => message))]).toEqual([MESSAGE]);
    }
    for (const path of ['/graphiql', '/graphiql/react.js', '/graphiql/page.js']) {
      for (const method of ['GET', 'POST'])
        expect([path, (await fetch(`${url}${path}`, { method })).status]).toEqual([path, 404]);
    }
    expect(await (await fetch(url)).text()).not.toContain('graphiql');
  }));

test('variables are not explained either, where the schema is not shown', () =>
  withServer({ ROLEBOOK_INTROSPECTION: 'off' }, async ({ graphql }) => {
    const answer = await graphql(
      'mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }',
      {
        input: { nam: 'x' },
      },
    );
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_USER_INPUT']]);
    expect(answer.errors?.map(({ message }) => message)).toEqual(['A value does not fit its type.']);
  }));

describe('Metrics', () => {
  const TOKEN = 'a-token-of-16-or-more';
  const scrape = async (url: string, token?: string, query = ''): Promise<number> =>
    (
      await fetch(
        `${url}/metrics${query}`,
        token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
      )
    ).status;

  test('need their own token where one is set, and the digest that of an operator', () =>
    withServer({ ROLEBOOK_METRICS_TOKEN: TOKEN }, async (server) => {
      const operator = await issueOperatorToken(server.signingKey);
      expect([await scrape(server.url), await scrape(server.url, `${TOKEN}r`)]).toEqual([401, 401]);
      expect(await scrape(server.url, await server.token('ada'))).toBe(401);
      expect(await scrape(server.url, TOKEN)).toBe(200);
      expect(await scrape(server.url, TOKEN, '?digest=1')).toBe(401);
      expect(await scrape(server.url, operator, '?digest=1')).toBe(200);
    }));

  test('are served at an address of their own alone, and nothing else there', () =>
    withServer({ ROLEBOOK_METRICS_ADDRESS: '127.0.0.1:0' }, async ({ url, metricsUrl }) => {
      if (metricsUrl === null) throw new Error('There is no address of the metrics.');
      expect([await scrape(metricsUrl), await scrape(url)]).toEqual([200, 404]);
      expect(await scrape(metricsUrl, undefined, '?digest=1')).toBe(401);
      const api = await fetch(`${metricsUrl}/graphql`, { method: 'POST' });
      expect([api.status, securityOf(api.headers)]).toEqual([404, SECURITY_HEADERS]);
    }));

  test('are not for everybody where everybody can reach the server', () => {
    const place = { metricsAddress: null, metricsToken: null, oidc: null };
    const address = { host: '10.0.0.1', port: 9464 };
    expect(metricsPlace({ ...place, host: '127.0.0.1' })).toBe('here');
    expect(metricsPlace({ ...place, host: '0.0.0.0' })).toBe('nowhere');
    // A proxy on the same machine lets everybody reach it.
    expect(metricsPlace({ ...place, host: '127.0.0.1', oidc: [] })).toBe('nowhere');
    expect(metricsPlace({ ...place, host: '127.0.0.1', oidc: [], metricsToken: TOKEN })).toBe('here');
    expect(metricsPlace({ ...place, host: '0.0.0.0', metricsToken: TOKEN })).toBe('here');
    expect(metricsPlace({ ...place, host: '0.0.0.0', metricsToken: TOKEN, metricsAddress: address })).toBe(
      address,
    );
  });
});
