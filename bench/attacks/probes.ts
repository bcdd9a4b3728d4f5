import { getIntrospectionQuery } from 'graphql';
import { body, document, fresh, harmless, times, type Attack, type AttackRequest } from './attack';

/** Probes by which scanners find out what a server tells: its schema, its pages, its faults, and other ways in. */

/** `__schema`, with a name of its own for each request. */
const named = (text: string) => (q: string) => text.replace(/query \w+/, `query ${q}`);
const OF_TYPES = `query cop { __schema { types { ${'fields { type { '.repeat(5)}name${' } }'.repeat(5)} } } }`;
/** Words that a list of words for guessing is full of; no field has any of these names. */
const GUESSES = ['usr', 'roel', 'account_', 'histori', 'permision', 'nodess', 'mee', 'checkPermission'];

/** Questions about the schema, which is not shown in the mode in which strangers come by. */
export const introspection: readonly Attack[] = [
  document('the introspection of tools', named(getIntrospectionQuery())),
  document('types and their fields', named('query cop { __schema { types { name fields { name } } } }')),
  document('types of fields of types, five times', named(OF_TYPES)),
  document(
    'types in types by 20 aliases',
    (q) =>
      `query ${q} { ${times(20, (n) => `a${n}: __type(name: "User") { fields { type { fields { name } } } }`)} }`,
  ),
  document('a field of the schema that there is not', named('query cop { __schema { directive } }')),
  document('eight fields that are nearly there', (q) => `query ${q} { ${GUESSES.join(' ')} }`),
  document('590 guesses at fields', (q) => `query ${q} { ${times(590, (n) => `word${n}`)} }`),
  document(
    'guesses at arguments',
    (q) => `query ${q} { roles(${times(500, (n) => `word${n}: 42`)}) { totalCount } }`,
  ),
  document(
    'guesses at the fields of an input',
    (q) => `mutation ${q} { createRole(input: {${times(500, (n) => `word${n}: 42`)}}) { errors { code } } }`,
  ),
  document('guesses at types', (q) => `query ${q} { ${times(190, (n) => `... on Word${n} { id }`)} }`),
];

const NO_TRACE = 'it is a request like any; the answer has no traces';
const A_TEXT = 'a text is compared as a text, and is nothing but that';

/** Faults that tell a server by its answers, and answers that tell more than was asked for. */
export const telling: readonly Attack[] = [
  document('what is no operation', (q) => `qwerty ${q} { abc }`),
  document('a directive where none may be', (q) => `query ${q} @skip { __typename }`),
  document('a directive without its argument', (q) => `query ${q} { __typename @skip(aa: true) }`),
  document('an empty document', () => '{}'),
  document('a string alone', () => '"""aaa"""'),
  document('a subscription', (q) => `subscription ${q} { __typename }`),
  { what: 'no query', request: () => body({}) },
  {
    what: 'an operation that the document has not',
    request: (n) => body({ query: `query ${fresh(n)} { __typename }`, operationName: 'other' }),
  },
  harmless('tracing', NO_TRACE, (q) => `query ${q} { __typename }`),
  {
    what: 'tracing, asked for',
    answered: NO_TRACE,
    request: (n) => ({
      headers: { 'apollo-tracing': '1', 'x-apollo-tracing': '1', 'apollo-query-plan-experimental': '1' },
      ...body({ query: `query ${fresh(n)} { __typename }`, extensions: { tracing: true } }),
    }),
  },
  {
    what: 'a persisted query that there is not',
    request: () => body({ extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } }),
  },
  ...[
    "' OR 1=1 --",
    '{"$ne": null}',
    '<script>alert(1)</script>',
    '../../../../etc/passwd',
    '; sleep 5',
    'http://169.254.169.254/',
  ].map((text) =>
    harmless(
      `a search for \`${text}\``,
      A_TEXT,
      (q) => `query ${q}($s: String) { roles(search: $s) { totalCount } }`,
      () => ({ s: text }),
    ),
  ),
];

const QUERY = 'query cop { __typename }';
const MUTATION = 'mutation cop { __typename }';
const inAddress = (query: string): AttackRequest => ({
  method: 'GET',
  path: `/graphql?query=${encodeURIComponent(query)}`,
});
const typed = (type: string, text: string | Buffer, more: Record<string, string> = {}): AttackRequest => ({
  headers: { 'content-type': type, ...more },
  body: text,
});
const FORM = `query=${encodeURIComponent(MUTATION)}`;
const PARTS = `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${JSON.stringify({ query: MUTATION })}\r\n--x--\r\n`;

/** Other ways in: by addresses, by forms that another site can send, many requests in one, and large or odd bodies. */
export const ways: readonly Attack[] = [
  { what: 'a query in the address', request: () => inAddress(QUERY) },
  { what: 'a mutation in the address', request: () => inAddress(MUTATION) },
  {
    what: 'a mutation in the address of a POST',
    request: () => ({ path: `/graphql?query=${encodeURIComponent(MUTATION)}`, ...body({}) }),
  },
  { what: 'a mutation as a form', request: () => typed('application/x-www-form-urlencoded', FORM) },
  { what: 'a mutation as a form of parts', request: () => typed('multipart/form-data; boundary=x', PARTS) },
  {
    what: 'a mutation as plain text',
    request: () => typed('text/plain', JSON.stringify({ query: MUTATION })),
  },
  { what: 'a mutation as application/graphql', request: () => typed('application/graphql', MUTATION) },
  { what: '10 requests in a list', request: () => body(Array(10).fill({ query: QUERY })) },
  { what: '20,000 requests in a list', request: () => body(Array(20_000).fill({ query: QUERY })) },
  ...[
    'graphiql',
    'playground',
    'altair',
    'explorer',
    'graphql/console',
    'voyager',
    'v1/graphql',
    'subscriptions',
  ].map((page): Attack => ({
    what: `the page /${page}`,
    request: () => ({ method: 'GET', path: `/${page}`, headers: { accept: 'text/html' } }),
  })),
  { what: 'a body of 1,000,000 brackets', request: () => ({ body: '['.repeat(1_000_000) }) },
  { what: 'a body of 100,000 empty objects', request: () => ({ body: `[${'{},'.repeat(100_000)}{}]` }) },
  { what: 'a body of 1.1 MB', request: () => ({ body: ' '.repeat(1_100_000) }) },
  {
    what: 'a body that says that it is compressed',
    request: () => typed('application/json', Buffer.alloc(1_000), { 'content-encoding': 'gzip' }),
  },
  {
    what: 'a body in another character set',
    request: () => typed('application/json; charset=utf-16', Buffer.from('{"query":"{a}"}', 'utf16le')),
  },
  {
    what: 'a key of a prototype',
    request: () => ({ body: `{"__proto__":{"query":"x"},"query":"{ __typename }"}` }),
  },
];
