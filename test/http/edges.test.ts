import { once } from 'node:events';
import net from 'node:net';
import { issueOperatorToken } from '../../src/http/authentication/local-tokens';
import { ADMIN, startTestServer, type TestServer } from './harness';

/** Malformed requests over a real socket: an answer in the one shape of errors, in fixed words, and never a 5xx. */

const MARK = 'hunter2';
type Sent = string | Buffer;

describe('At the edges of HTTP', () => {
  let server: TestServer;
  let user: string;
  let operator: string;
  beforeAll(async () => {
    server = await startTestServer();
    user = await server.token(ADMIN);
    operator = await issueOperatorToken(server.signingKey);
  });
  afterAll(() => server.close());

  /** Sends bytes on a connection of their own; resolves to all that comes back until its end. */
  async function exchange(...sent: Sent[]): Promise<string> {
    const socket = net.connect(Number(new URL(server.url).port), '127.0.0.1');
    let received = '';
    socket.on('data', (data) => (received += data.toString()));
    // A server that has said its last word may end the connection while more is being sent.
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    for (const each of sent) socket.write(each);
    await once(socket, 'close');
    return received;
  }

  /** Statuses, and codes of errors, of the answers on a connection. */
  function answersIn(received: string): [status: number, code: string | undefined][] {
    return received
      .split(/(?=HTTP\/1\.1 )/)
      .filter(Boolean)
      .map((answer) => {
        const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
        const { errors } = JSON.parse(body || '{}') as {
          errors?: { message: string; extensions: { code: string } }[];
        };
        if (errors) {
          expect(errors).toHaveLength(1);
          expect(Object.keys(errors[0] ?? {}).sort()).toEqual(['extensions', 'message']);
          expect(answer.toLowerCase()).toContain('content-type: application/json');
        }
        return [Number(answer.slice(9, 12)), errors?.[0]?.extensions.code];
      });
  }

  const request = (line: string, headers: Readonly<Record<string, string>> = {}, body: Sent = ''): Buffer =>
    Buffer.concat([
      Buffer.from(
        [
          line,
          ...Object.entries({
            host: 'x',
            connection: 'close',
            'content-length': String(Buffer.byteLength(body)),
            ...headers,
          }).map(([name, value]) => `${name}: ${value}`),
          '\r\n',
        ].join('\r\n'),
      ),
      Buffer.from(body),
    ]);
  const JSON_TYPE = { 'content-type': 'application/json' };
  const graphql = (body: Sent, headers: Readonly<Record<string, string>> = JSON_TYPE): Buffer =>
    request('POST /graphql HTTP/1.1', { authorization: `Bearer ${user}`, ...headers }, body);
  const operators = (body: Sent): Buffer =>
    request('POST /operator/commands HTTP/1.1', { authorization: `Bearer ${operator}`, ...JSON_TYPE }, body);

  const QUERY = '{"query":"{ me { id } }"}';
  const notUtf8 = Buffer.concat([
    Buffer.from('{"query":"{ me { id } } # '),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('"}'),
  ]);
  const nested = (times: number): string =>
    `{"query":"{ me { id } }","variables":{"x":${'['.repeat(times)}${']'.repeat(times)}}}`;
  const ask = (query: string): string => JSON.stringify({ query });

  test.each<[what: string, sent: () => Sent, status: number, code: string | undefined]>([
    ['a sound request', () => graphql(QUERY), 200, undefined],
    [
      'one with a byte order mark',
      () =>
        graphql(`
          ${QUERY}
        `),
      200,
      undefined,
    ],
    [
      'one that names its charset',
      () => graphql(QUERY, { 'content-type': 'application/json; charset="UTF-8"' }),
      200,
      undefined,
    ],
    ['an address that is malformed', () => request('GET /% HTTP/1.1'), 400, 'BAD_REQUEST'],
    ['another', () => request(`GET /%ff${MARK} HTTP/1.1`), 400, 'BAD_REQUEST'],
    ['an unknown address', () => request(`GET /${MARK} HTTP/1.1`), 404, 'NOT_FOUND'],
    ['a long one', () => request(`GET /${'x'.repeat(8_000)} HTTP/1.1`), 404, 'NOT_FOUND'],
    ['a wrong method', () => request('DELETE /graphql HTTP/1.1'), 405, 'METHOD_NOT_ALLOWED'],
    [
      'a wrong method with the type of a body and none',
      () => request('PUT /graphql HTTP/1.1', JSON_TYPE),
      405,
      'METHOD_NOT_ALLOWED',
    ],
    [
      'a wrong method with a body that is no JSON',
      () => request('PUT /operator/commands HTTP/1.1', { 'content-type': 'text/plain' }, MARK),
      405,
      'METHOD_NOT_ALLOWED',
    ],
    [
      'an unknown address with a faulty body',
      () => request('POST /x HTTP/1.1', JSON_TYPE, '{'),
      404,
      'NOT_FOUND',
    ],
    ['a rare method', () => request('PROPFIND /graphql HTTP/1.1'), 405, 'METHOD_NOT_ALLOWED'],
    ['a wrong method elsewhere', () => request('POST /health/live HTTP/1.1'), 405, 'METHOD_NOT_ALLOWED'],
    ['a method that is none', () => request(`${MARK} / HTTP/1.1`), 400, 'BAD_REQUEST'],
    ['a tunnel', () => request('CONNECT example.com:443 HTTP/1.1'), 405, 'METHOD_NOT_ALLOWED'],
    ['no host', () => 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n', 400, 'BAD_REQUEST'],
    ['no HTTP', () => `${MARK}\r\n\r\n`, 400, 'BAD_REQUEST'],
    ['another version', () => 'GET / HTTP/3.0\r\n\r\n', 400, 'BAD_REQUEST'],
    [
      'headers that are too large',
      () => request('GET / HTTP/1.1', { 'x-long': 'x'.repeat(20_000) }),
      431,
      'HEADERS_TOO_LARGE',
    ],
    ['a header that is none', () => 'GET / HTTP/1.1\r\nhost x\r\n\r\n', 400, 'BAD_REQUEST'],
    [
      'an expectation',
      () => request('GET /health/live HTTP/1.1', { expect: MARK }),
      417,
      'EXPECTATION_FAILED',
    ],
    [
      'lengths that differ',
      () => request('POST /graphql HTTP/1.1', { 'content-length': '5', 'transfer-encoding': 'chunked' }),
      400,
      'BAD_REQUEST',
    ],
    [
      'a chunk that is none',
      () =>
        request(
          'POST /graphql HTTP/1.1',
          {
            authorization: `Bearer ${user}`,
            ...JSON_TYPE,
            'transfer-encoding': 'chunked',
            'content-length': '',
          },
          `zz\r\n${MARK}`,
        ),
      400,
      'BAD_REQUEST',
    ],
    ['nobody', () => graphql(QUERY, { ...JSON_TYPE, authorization: '' }), 401, 'UNAUTHENTICATED'],
    [
      'a form',
      () => graphql('query=x', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['plain text', () => graphql(QUERY, { 'content-type': 'text/plain' }), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['no content type', () => graphql(QUERY, {}), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a content type that is none',
      () => graphql(QUERY, { 'content-type': `;;${MARK}` }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'another charset',
      () => graphql(QUERY, { 'content-type': 'application/json; charset=utf-16' }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a body that is packed',
      () => graphql(QUERY, { ...JSON_TYPE, 'content-encoding': 'gzip' }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'an answer that nobody would take',
      () => graphql(QUERY, { ...JSON_TYPE, accept: 'text/html' }),
      406,
      'NOT_ACCEPTABLE',
    ],
    [
      'a body that is too large',
      () => graphql(ask(`{ me { id } } # ${'x'.repeat(1_100_000)}`)),
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    ['no body', () => graphql(''), 400, 'BAD_REQUEST'],
    ['no JSON', () => graphql(`{"${MARK}`), 400, 'BAD_REQUEST'],
    ['a prototype', () => graphql('{"query":"{ me { id } }","__proto__":{"x":1}}'), 400, 'BAD_REQUEST'],
    ['bytes that are not UTF-8', () => graphql(notUtf8), 400, 'BAD_REQUEST'],
    [
      'half a character',
      () => graphql(Buffer.from(QUERY.replace('me', 'é')).subarray(0, 13)),
      400,
      'BAD_REQUEST',
    ],
    ['UTF-16', () => graphql(Buffer.from(`\ufeff${QUERY}`, 'utf16le')), 400, 'BAD_REQUEST'],
    ['nesting 101 deep', () => graphql(nested(101)), 400, 'BAD_REQUEST'],
    ['nesting 400,000 deep', () => graphql(nested(400_000)), 400, 'BAD_REQUEST'],
    [
      'nesting that only looks like it',
      () => graphql(JSON.stringify({ query: '{ me { id } }', variables: { x: `\\"${'[{'.repeat(200)}` } })),
      200,
      undefined,
    ],
    ['a list', () => graphql(`[${QUERY}]`), 400, 'BAD_REQUEST'],
    ['a number', () => graphql('5'), 400, 'BAD_REQUEST'],
    ['null', () => graphql('null'), 400, 'BAD_REQUEST'],
    ['no query', () => graphql('{}'), 400, 'BAD_REQUEST'],
    ['a query that is no text', () => graphql('{"query":{}}'), 400, 'BAD_REQUEST'],
    [
      'variables that are no object',
      () => graphql('{"query":"{ me { id } }","variables":"{}"}'),
      400,
      'BAD_REQUEST',
    ],
    [
      'a persisted query',
      () => graphql('{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}'),
      400,
      'BAD_REQUEST',
    ],
    [
      'a subscription',
      () => graphql(ask('subscription { accountChanged { position } }')),
      400,
      'BAD_USER_INPUT',
    ],
    [
      'fields nested 1,000 deep',
      () => graphql(ask(`${'{ a '.repeat(1_000)}${'}'.repeat(1_000)}`)),
      400,
      'QUERY_TOO_COMPLEX',
    ],
    [
      'fields nested 100,000 deep, without an end',
      () => graphql(ask('{a'.repeat(100_000))),
      400,
      'QUERY_TOO_COMPLEX',
    ],
    [
      'a value nested 3,000 deep',
      () => graphql(ask(`{ role(id: ${'['.repeat(3_000)}${']'.repeat(3_000)}) { id } }`)),
      400,
      'QUERY_TOO_COMPLEX',
    ],
    [
      'objects nested 3,000 deep',
      () => graphql(ask(`{ role(id: ${'{a:'.repeat(3_000)}1${'}'.repeat(3_000)}) { id } }`)),
      400,
      'QUERY_TOO_COMPLEX',
    ],
    [
      'a type nested 3,000 deep',
      () => graphql(ask(`query ($x: ${'['.repeat(3_000)}Int${']'.repeat(3_000)}) { me { id } }`)),
      400,
      'QUERY_TOO_COMPLEX',
    ],
    [
      'more tokens than are read',
      () => graphql(ask(`{ me(${'a:1 '.repeat(4_000)}) { id } }`)),
      400,
      'QUERY_TOO_COMPLEX',
    ],
    ['a field of 900 kB', () => graphql(ask(`{ ${'n'.repeat(900_000)} }`)), 400, 'QUERY_TOO_COMPLEX'],
    ['an operator’s body that is not UTF-8', () => operators(notUtf8), 400, 'BAD_REQUEST'],
    ['an operator’s body that nests', () => operators('['.repeat(1_000_000)), 400, 'BAD_REQUEST'],
    ['an operator’s body that is no list', () => operators('{}'), 400, 'BAD_USER_INPUT'],
    ['the digest, for nobody', () => request('GET /metrics?digest=1 HTTP/1.1'), 401, 'UNAUTHENTICATED'],
    [
      'the digest, for a user',
      () => request('GET /metrics?digest=1 HTTP/1.1', { authorization: `Bearer ${user}` }),
      401,
      'UNAUTHENTICATED',
    ],
  ])('%s', async (_what, sent, status, code) => {
    const lines = server.log.length;
    const received = await exchange(sent());
    expect(answersIn(received)).toEqual([[status, code]]);
    expect(received).not.toMatch(new RegExp(`${MARK}|stack|FST_|call stack`));
    expect(received.length).toBeLessThan(2_000);
    const warnings = server.log.slice(lines).filter(({ level }) => Number(level) >= 40);
    expect(warnings.map(({ msg }) => msg)).toEqual(status === 401 ? ['refused attempt'] : []);
    expect(JSON.stringify(warnings)).not.toContain(MARK);
  });

  test('a wrong method is told the right ones', async () => {
    expect((await exchange(request('POST /metrics HTTP/1.1'))).toLowerCase()).toContain(
      '\nallow: get, head\r',
    );
    for (const method of ['GET', 'HEAD', 'PUT', 'OPTIONS', 'PROPFIND'])
      for (const type of [{}, JSON_TYPE])
        expect(await exchange(request(`${method} /graphql HTTP/1.1`, type))).toMatch(
          /^HTTP\/1.1 405 [^]*\nallow: POST\r/i,
        );
  });

  test('what cannot be read comes after the answers to what could, on one connection', async () => {
    const kept = graphql(QUERY, { ...JSON_TYPE, connection: 'keep-alive' });
    expect(answersIn(await exchange(Buffer.concat([kept, kept, Buffer.from(`${MARK}\r\n\r\n`)])))).toEqual([
      [200, undefined],
      [200, undefined],
      [400, 'BAD_REQUEST'],
    ]);
  });

  test('none of this costs a request beside it its answer', async () => {
    const answer = await server.graphql('{ me { id } }');
    expect(answer.status).toBe(200);
  });
});
