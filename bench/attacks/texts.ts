import { document, harmless, times, type Attack } from './attack';

/** Documents that are long, or that a careless parser or a careless message stumbles over. */

const LONGEST = 65_000;

const filled = (text: string, filling: string): string =>
  text.replace('…', filling.repeat(Math.floor((LONGEST - text.length) / Buffer.byteLength(filling))));

const IGNORED = 'comments are skipped; the text is bounded, and it asks for one constant';

/** Texts up to the longest that is looked at, and beyond. */
export const floods: readonly Attack[] = [
  document('a text of 900,000 spaces', (q) => `query ${q} { __typename ${' '.repeat(900_000)} }`),
  document(
    'a text of 300,000 letters of three bytes',
    (q) => `query ${q} { __typename } #${'語'.repeat(300_000)}`,
  ),
  harmless('65,000 bytes of comment', IGNORED, (q) => filled(`query ${q} { __typename } # …`, 'x')),
  harmless('32,000 lines of comment', IGNORED, (q) => filled(`query ${q} { __typename } …`, '#\n')),
  harmless('65,000 commas', IGNORED, (q) => filled(`query ${q} { __typename … }`, ',')),
  document('32,000 lines of comment, and a field that there is not', (q) =>
    filled(`query ${q} { nothing … }`, '#\n'),
  ),
  document('a field of 65,000 letters', (q) => filled(`query ${q} { … }`, 'a')),
  document('an operation of 65,000 letters', (q) => filled(`query ${q}… { __typename }`, 'a')),
  document('an alias of 65,000 letters', (q) => filled(`query ${q} { …: __typename }`, 'a')),
  document('a string of 65,000 letters', (q) => filled(`query ${q} { node(id: "…") { id nothing } }`, 'a')),
  document('a block string of 30,000 lines', (q) =>
    filled(`query ${q} { node(id: """…""") { id nothing } }`, ' \n'),
  ),
  document('a string of 10,000 escapes', (q) =>
    filled(`query ${q} { node(id: "…") { id nothing } }`, '\\u0041'),
  ),
  document('a string that does not end', (q) => filled(`query ${q} { node(id: "…`, 'a')),
  document('a block string that does not end', (q) => filled(`query ${q} { node(id: """…`, 'a\n')),
  document('a number of 65,000 digits', (q) => filled(`query ${q} { users(first: …) { totalCount } }`, '9')),
  document('32,000 tokens', (q) => filled(`query ${q} { … }`, 'a ')),
  document('9,990 tokens, without an end', (q) => `query ${q} { ${'a '.repeat(9_980)}`),
  document('21,000 characters that are none of GraphQL', (q) => filled(`query ${q} { … }`, '語')),
  document('half a pair of surrogates in a name', (q) => `query ${q} { \ud800 }`),
  document('a NUL in a document', (q) => `query ${q} { __typename \u0000 }`),
  document('a byte order mark in the middle, and a fault', (q) => `query ${q} { \ufeff nothing }`),
];

const definitions = (count: number): string => times(count, (n) => `$v${n}: Int`);

/** Many of what documents have few of. */
export const many: readonly Attack[] = [
  document('1,600 operations', (q) => times(1_600, (n) => `query ${q}_${n} { a }`)),
  document('10 directives that there are not', (q) => `query ${q} { __typename ${'@aa'.repeat(10)} }`),
  document('4,900 directives that there are not', (q) => `query ${q} { __typename ${'@aa'.repeat(4_900)} }`),
  document('1,600 times @include', (q) => `query ${q} { __typename ${'@include(if: true) '.repeat(1_600)} }`),
  document(
    '1,600 directives of an operation',
    (q) => `query ${q} ${'@skip(if: true) '.repeat(1_600)} { __typename }`,
  ),
  document('2,000 variables that nobody uses', (q) => `query ${q}(${definitions(2_000)}) { __typename }`),
  document('2,000 variables of one name', (q) => `query ${q}(${'$v: Int '.repeat(2_000)}) { __typename }`),
  document(
    '2,400 arguments that there are not',
    (q) => `query ${q} { roles(${times(2_400, (n) => `a${n}: 1`)}) { totalCount } }`,
  ),
  document(
    '2,400 times one argument',
    (q) => `query ${q} { roles(${'first: 1 '.repeat(2_400)}) { totalCount } }`,
  ),
  document(
    '9,900 values in a list',
    (q) => `query ${q} { nodes(ids: [${'1 '.repeat(9_900)}]) { id nothing } }`,
  ),
  document(
    '2,400 fields of an input that there are not',
    (q) => `query ${q} { users(orderBy: {${times(2_400, (n) => `a${n}: 1`)}}) { totalCount } }`,
  ),
  document(
    '1,600 definitions of types',
    (q) => `query ${q} { __typename } ${times(1_600, (n) => `type T${n} { a: Int }`)}`,
  ),
];

/** Values beside the document. */
export const variables: readonly Attack[] = [
  document(
    '90,000 values',
    (q) => `query ${q}($v: [ID!]!) { nodes(ids: $v) { id } }`,
    () => ({ v: Array(90_000).fill('x') }),
  ),
  document(
    '59,000 values of another type',
    (q) => `query ${q}($v: [ID!]!) { nodes(ids: $v) { id } }`,
    () => ({ v: Array(59_000).fill({}) }),
  ),
  document(
    '59,000 values for a variable that there is not',
    (q) => `query ${q} { nothing }`,
    () => ({ v: Array(59_000).fill(1) }),
  ),
  document(
    'a text of 900,000 letters',
    (q) => `query ${q}($s: String) { roles(search: $s) { totalCount } }`,
    () => ({ s: 'x'.repeat(900_000) }),
  ),
  document(
    '99 levels of lists',
    (q) => `query ${q}($v: [ID!]!) { nodes(ids: $v) { id } }`,
    () => ({ v: JSON.parse(`${'['.repeat(95)}${']'.repeat(95)}`) as unknown }),
  ),
  document(
    '50,000 names',
    (q) => `query ${q} { nothing }`,
    () => Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`v${n}`, n])),
  ),
];
