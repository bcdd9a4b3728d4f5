import { networkOf } from '../../src/http/caller-address';
import { rateLimitHeaders, RateLimits } from '../../src/http/limits/rate-limits';
import { codesOf, dataOf, startTestServer, type Answer, type TestServer } from './harness';

/** Callers who ask too much in a time are refused, and others are not concerned. */

const refusedAt = ({ status, headers, errors }: Answer): unknown[] => [
  status,
  errors?.map(({ extensions }) => extensions.code),
  Number(headers.get('retry-after')) === errors?.[0]?.extensions['retryAfter'],
  Number(headers.get('retry-after')) >= 1,
];
const REFUSED = [429, ['RATE_LIMITED'], true, true];

describe('A server with limits', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({
      environment: {
        ROLEBOOK_RATE_LIMIT: '20',
        ROLEBOOK_COST_LIMIT: '2000',
        ROLEBOOK_MAX_QUERY_COST: '2000',
        ROLEBOOK_TRUSTED_PROXIES: '127.0.0.1',
      },
    });
    for (const user of ['bea', 'cem', 'dan'])
      await server.run({ type: 'registerUser', user, username: user, name: user });
  });
  afterAll(() => server.close());

  const me = (as: string): Promise<Answer> => server.graphql('{ me { id } }', {}, { as });

  test('tells each caller what is left', async () => {
    const { headers } = await me('bea');
    expect(headers.get('ratelimit-policy')).toBe('"requests";q=20;w=1, "cost";q=2000;w=60');
    expect(headers.get('ratelimit')).toMatch(/^"requests";r=\d+;t=1, "cost";r=1\d\d\d;t=\d+$/);
  });

  test('refuses the requests of one caller that are too many at once, and not those of another', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => me('bea')));
    const refused = answers.filter(({ status }) => status === 429);
    // Even a slow machine takes them within the ten seconds that they would be allowed in.
    expect(refused.length).toBeGreaterThanOrEqual(1);
    for (const answer of refused) expect(refusedAt(answer)).toEqual(REFUSED);
    expect(refused[0]?.headers.get('ratelimit')).toMatch(/"requests";r=\d+;t=1/);
    dataOf(await me('cem'));
  });

  test('refuses what costs more than is left, before it is run, and still takes what costs less', async () => {
    const list = (aliases: number): Promise<Answer> => {
      const fields = Array.from(
        { length: aliases },
        (_, n) => `a${n}: roles(first: 100) { nodes { id name } }`,
      );
      return server.graphql(`{ ${fields.join(' ')} }`, {}, { as: 'dan' });
    };
    const codes: unknown[] = [];
    for (let n = 0; n < 4; n += 1) codes.push((await list(3)).errors?.[0]?.extensions['code'] ?? 'FORBIDDEN');
    expect(codes).toContain('RATE_LIMITED');
    const answer = await list(3);
    expect(refusedAt(answer)).toEqual(REFUSED);
    expect(answer.data).toBeUndefined();
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(1);
    dataOf(await me('dan'));
  });

  test('refuses tokens that fail by their address, and takes good ones from there', async () => {
    const ask = (address: string, headers: Record<string, string> = { authorization: 'Bearer nonsense' }) =>
      server.graphql('{ me { id } }', {}, { as: null, headers: { 'x-forwarded-for': address, ...headers } });
    const statuses: number[] = [];
    for (let n = 0; n < 102; n += 1) statuses.push((await ask('192.0.2.7')).status);
    expect(statuses.slice(0, 100).every((status) => status === 401)).toBe(true);
    expect(statuses.slice(100)).toEqual([429, 429]);
    expect(refusedAt(await ask('192.0.2.7'))).toEqual(REFUSED);
    expect((await ask('192.0.2.8')).status).toBe(401);
    dataOf(await ask('192.0.2.7', { authorization: `Bearer ${await server.token('cem')}` }));
    expect(codesOf(await ask('192.0.2.7'))).toEqual(['RATE_LIMITED']);
  });
});

test('a request that is refused takes nothing: a smaller one may follow', async () => {
  const limits = new RateLimits({ rateLimit: 0, costLimit: 100 });
  const caller = { account: 'a', user: 'u' };
  expect(await limits.charge(caller, 60)).toMatchObject({ remaining: 40, exceeded: false });
  expect(await limits.charge(caller, 50)).toMatchObject({ remaining: 40, exceeded: true });
  expect(await limits.charge(caller, 40)).toMatchObject({ remaining: 0, exceeded: false });
  expect(await limits.charge({ ...caller, account: 'b' }, 100)).toMatchObject({
    remaining: 0,
    exceeded: false,
  });
  expect(await limits.request(caller)).toBeNull();
});

test('an answer of which nothing is limited tells nothing', () => {
  expect(rateLimitHeaders([])).toEqual({});
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['192.0.2.7:51234', '192.0.2.7'],
  ['[2001:db8::1]:443', '2001:db8:0:0'],
  ['::ffff:c000:207', '192.0.2.7'],
  ['64:ff9b::192.0.2.7', '64:ff9b:0:0'],
  ['unknown', 'unknown'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('%s is counted as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
