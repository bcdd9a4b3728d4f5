import type { Random } from '../random';
import { raw, request, type Callers, type Kind } from './request';
import type { Sent } from './wire';

/** Requests that are malformed below GraphQL: bytes, headers, framing, encodings, types, tokens, addresses. */

const bytesOf = (random: Random, most: number): Buffer =>
  Buffer.from(Array.from({ length: 1 + random.below(most) }, () => random.below(256)));

const START_LINES = [
  'GET / HTTP/9.9',
  'GET /',
  'get / http/1.1',
  ' GET / HTTP/1.1',
  'GET  / HTTP/1.1',
  'POST\t/graphql\tHTTP/1.1',
  'QUERY /graphql HTTP/1.1',
  'PRI * HTTP/2.0',
  'CONNECT example.com:443 HTTP/1.1',
  'OPTIONS * HTTP/1.1',
  'TRACE / HTTP/1.1',
  'GET http://[::1/ HTTP/1.1',
  'GET /\u0000 HTTP/1.1',
  'GET /\xff HTTP/1.1',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc',
  '',
];
const HEADER_LINES = [
  'content-length: 1\r\ncontent-length: 2',
  'content-length: -1',
  'content-length: 1e3',
  'content-length: 99999999999999999999',
  'transfer-encoding: chunked\r\ncontent-length: 5',
  'transfer-encoding: gzip',
  'transfer-encoding: chunked, chunked',
  'no colon',
  ': no name',
  'x : y',
  'x:\u0000',
  'x: \x01\x02',
  'x: a\r\n folded',
  'host: a\r\nhost: b',
  `x: ${'y'.repeat(20_000)}`,
  'x: y\r\n'.repeat(2_100) + 'x: y',
  'expect: 100-continue',
  'expect: much',
  'upgrade: websocket\r\nconnection: upgrade',
  'upgrade: h2c\r\nconnection: upgrade, http2-settings',
  'connection: close, close, keep-alive',
];
const TYPES = [
  '',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/graphql',
  'application/json; charset=utf-16',
  'application/json; charset=',
  'application/json;;;',
  'APPLICATION/JSON',
  'application/json, text/plain',
  '/',
  'a'.repeat(5_000),
  'application/jsonx',
  'image/png',
  '*/*',
];
const ENCODINGS = ['gzip', 'br', 'deflate', 'identity, gzip', 'x', ' ', 'IDENTITY'];
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'LOCK', 'SEARCH'];
const PATHS = [
  '/',
  '/graphql/',
  '/graphql?query=%7B__typename%7D',
  '/GRAPHQL',
  '//graphql',
  '/graphql/../graphql',
  '/%67raphql',
  '/%',
  '/%zz',
  '/%ff',
  '/%00',
  '/..%2f..%2fetc/passwd',
  '/health/live?x',
  '/health/ready/',
  '/metrics?digest=1',
  '/metrics?digest=%00',
  '/operator/commands?ahead=1&ahead=2',
  '/scim/v2',
  '/scim/v2/',
  '/scim/v2/Users/%E0%A4%A',
  '/scim/v2/Users?filter',
  '/graphiql/../../package.json',
  '/graphiql/react.js',
  '/__proto__',
  '/constructor',
  '/*',
  '/:id',
  '/.well-known/x',
  `/${'a'.repeat(8_000)}`,
  `/?${'a=b&'.repeat(1_500)}`,
];
const ODD_HEADERS: Readonly<Record<string, readonly string[]>> = {
  'rolebook-min-position': [
    'x',
    '',
    ',',
    ',,,,',
    '0-0',
    '00000000.0000000000000000000000000',
    'x,'.repeat(40),
    `${'y'.repeat(3_000)}`,
  ],
  accept: [
    'text/html',
    '',
    '*',
    ';',
    'application/json;q=0',
    'a'.repeat(2_000),
    ',,',
    'application/json;q=x',
  ],
  'x-request-id': ['', ' ', 'a'.repeat(5_000), '\xff\xfe', '../../x', '{"a":1}'],
  origin: ['null', 'x', 'https://evil.example', 'http://', '\xff'],
  'x-forwarded-for': ['x', '1.2.3.4, ::1', '999.9.9.9', ','.repeat(500)],
  'x-forwarded-proto': ['https', 'x', 'javascript'],
  'x-forwarded-host': ['evil.example', '\xff', 'a b'],
  'if-match': ['*', '"x"', 'W/"x'],
  'if-none-match': ['*', 'x'],
  range: ['bytes=0-1', 'bytes=-', 'x'],
  cookie: ['a=b; '.repeat(300), '\xff', '=', '__Host-x'],
  traceparent: ['00-0-0-0', 'x', `00-${'f'.repeat(32)}-${'f'.repeat(16)}-ff`],
  'access-control-request-method': ['POST', 'x', ''],
};

/** A good text with some of its bytes changed, left out or doubled. */
function damaged(text: string, random: Random): Buffer {
  const bytes = Buffer.from(text);
  const at = random.below(bytes.length);
  const to = Math.min(bytes.length, at + 1 + random.below(8));
  const [before, within, after] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)];
  return random.pick([
    before,
    Buffer.concat([before, after]),
    Buffer.concat([before, within, within, after]),
    Buffer.concat([before, bytesOf(random, 4), after]),
    Buffer.concat([
      before,
      Buffer.from(random.pick(['"', '{', '}', '[', ']', ',', ':', '\\', 'NaN', 'undefined', '\u2028'])),
      after,
    ]),
    Buffer.concat([bytes, bytes]),
    Buffer.from(bytes.toString(), 'utf16le'),
  ]);
}

/** Bytes that are no UTF-8: alone, too long a form, halves of pairs, beyond the last one. */
const NOT_UTF8 = [
  [0x80],
  [0xc0, 0xaf],
  [0xe0, 0x80, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf8, 0x88],
  [0xff, 0xfe],
];

function badToken(random: Random, good: string): string {
  const [header = '', claims = '', signature = ''] = good.split('.');
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  return random.pick([
    '',
    'x',
    '.',
    '..',
    '...',
    `${header}.${claims}`,
    `${header}.${claims}.`,
    `${none}.${claims}.`,
    `${header}.${signature}.${claims}`,
    `${good}x`,
    good.slice(1),
    good.toUpperCase(),
    'rbk_',
    `rbk_${'0'.repeat(32)}`,
    'a'.repeat(8_000),
    `${Buffer.from('{').toString('base64url')}.${claims}.${signature}`,
    `${header}.${Buffer.from('[]').toString('base64url')}.${signature}`,
    damaged(good, random)
      .toString('latin1')
      .replaceAll(/[\r\n\0]/g, '?'),
  ]);
}

/** `good`: a text of a request that is answered. */
export function httpKinds(
  { user, operator }: Callers,
  good: (random: Random) => string,
): Record<string, Kind> {
  const post = (body: string | Buffer, headers: Record<string, string> = {}): Sent =>
    request({ method: 'POST', path: '/graphql', token: user, headers, body });
  return {
    'what is no HTTP': (random) =>
      random.chance(0.4)
        ? raw(bytesOf(random, 400))
        : raw(`${random.pick(START_LINES)}\r\nhost: x\r\nauthorization: Bearer ${user}\r\n\r\n`),
    'headers that are none': (random) => {
      const host = random.chance(0.9) ? 'host: x\r\n' : '';
      const lines = `${host}authorization: Bearer ${user}\r\n${random.pick(HEADER_LINES)}\r\n`;
      const start = random.pick([
        'POST /graphql',
        'GET /',
        'POST /operator/commands',
        'PUT /scim/v2/Users/x',
      ]);
      return raw(
        `${start} HTTP/1.1\r\n${lines}\r\n`,
        random.chance(0.5) ? good(random) : bytesOf(random, 50),
      );
    },
    'bodies that end too early': (random) => {
      const { bytes } = post(good(random), random.chance(0.4) ? { 'content-length': '100000' } : {});
      return raw(bytes.subarray(0, random.below(bytes.length)));
    },
    'broken chunks': (random) => {
      const head = `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${user}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`;
      const text = good(random);
      const chunk = `${text.length.toString(16)}\r\n${text}\r\n`;
      return raw(
        head,
        random.pick([
          chunk,
          `${chunk}x`,
          `zz\r\n${text}`,
          `-1\r\n`,
          `${chunk}0\r\nx: y\r\n`,
          `ffffffffff\r\n${text}`,
          `1;${'x'.repeat(20_000)}\r\na\r\n`,
          '\r\n\r\n',
        ]),
      );
    },
    'what is no JSON': (random) => post(damaged(good(random), random)),
    'what is no UTF-8': (random) => {
      const text = good(random);
      const at = random.below(text.length);
      return post(
        Buffer.concat([
          Buffer.from(text.slice(0, at)),
          Buffer.from(random.pick(NOT_UTF8)),
          Buffer.from(text.slice(at)),
        ]),
      );
    },
    'other content types': (random) =>
      post(
        good(random),
        random.chance(0.8)
          ? { 'content-type': random.pick(TYPES) }
          : { 'content-encoding': random.pick(ENCODINGS) },
      ),
    tokens: (random) => {
      const token = badToken(random, random.chance(0.5) ? user : operator);
      const scheme = random.pick(['Bearer', 'Bearer', 'bearer', 'Basic', 'Token', '']);
      const path = random.pick(['/graphql', '/operator/commands', '/scim/v2/Users']);
      return request({
        method: 'POST',
        path,
        headers: { authorization: `${scheme} ${token}` },
        body: good(random),
      });
    },
    'odd headers': (random) => {
      const name = random.pick(Object.keys(ODD_HEADERS));
      return post(good(random), { [name]: random.pick(ODD_HEADERS[name]!) });
    },
    addresses: (random) =>
      request({
        method: random.pick(METHODS),
        path: random.pick(PATHS),
        token: random.pick([user, operator, null]),
        ...(random.chance(0.5) ? { body: good(random) } : {}),
      }),
  };
}
