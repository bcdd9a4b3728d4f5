import { startTestServer, type TestServer } from './harness';

/** Pages of other origins in a browser: CORS. */

const ORIGIN = 'https://console.example.com';
const ANOTHER = 'https://example.com';
const ASKED = 'authorization,content-type,rolebook-min-position';

let server: TestServer;
beforeAll(async () => {
  const environment = { ROLEBOOK_ALLOWED_ORIGINS: `${ORIGIN}, http://localhost:5173` };
  server = await startTestServer({ environment });
});
afterAll(() => server.close());

const preflight = (origin: string, url = server.url): Promise<Response> =>
  fetch(`${url}/graphql`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': ASKED,
    },
  });

const ask = async (origin: string, authorization: string, body = '{"query":"{ me { id } }"}') =>
  fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { origin, authorization, 'content-type': 'application/json' },
    body,
  });

const corsOf = ({ headers }: Response): [string, string][] =>
  [...headers].filter(([name]) => name.startsWith('access-control-'));

test('a browser may ask from an allowed origin, with the headers that it names, and without cookies', async () => {
  for (const origin of [ORIGIN, 'http://localhost:5173']) {
    const { status, headers } = await preflight(origin);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-allow-methods')).toMatch(/\bPOST\b/);
    expect(headers.get('access-control-allow-headers')).toBe(ASKED);
    expect(headers.get('access-control-max-age')).toBe('600');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect(headers.get('vary')).toMatch(/origin/i);
  }
});

test('answers and refusals alike can be read there, with the headers that a client needs', async () => {
  const token = `Bearer ${await server.token('ada')}`;
  const answers = [
    await ask(ORIGIN, token),
    await ask(ORIGIN, token, '{'),
    await ask(ORIGIN, 'Bearer none'),
    await fetch(`${server.url}/nowhere`, { headers: { origin: ORIGIN } }),
    await fetch(`${server.url}/health/ready`, { headers: { origin: ORIGIN } }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 400, 401, 404, 200]);
  for (const { headers } of answers) {
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(headers.get('access-control-expose-headers')).toBe(
      'x-request-id, retry-after, ratelimit, ratelimit-policy',
    );
    expect(headers.get('x-request-id')).toMatch(/./);
    expect(headers.get('vary')).toMatch(/origin/i);
  }
});

test.each([
  ['another host', ANOTHER],
  ['one that begins like it', `${ORIGIN}.example.net`],
  ['another port', `${ORIGIN}:8443`],
  ['another scheme', ORIGIN.replace('https', 'http')],
  ['none', 'null'],
])('an origin that is not allowed is let in nowhere: %s', async (_what, origin) => {
  expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
  const answer = await ask(origin, `Bearer ${await server.token('ada')}`);
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});

test('without allowed origins nothing says that there is CORS', async () => {
  const closed = await startTestServer();
  try {
    const refused = await preflight(ORIGIN, closed.url);
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST']);
    const found = await fetch(`${closed.url}/health/ready`, { headers: { origin: ORIGIN } });
    expect([...corsOf(refused), ...corsOf(found)]).toEqual([]);
  } finally {
    await closed.close();
  }
});
