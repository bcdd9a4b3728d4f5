import { document, times, type Attack } from './attack';

/** Documents that cost a careless server much by a short text: amplification and nesting. */

const SEARCH = 'users(search: "an") { edges { cursor } }';

/** One field, many times in one request. */
export const amplified: readonly Attack[] = [
  document('101 aliases of `__typename`', (q) => `query ${q} { ${times(101, (n) => `a${n}: __typename`)} }`),
  document('101 aliases of a search', (q) => `query ${q} { ${times(101, (n) => `a${n}: ${SEARCH}`)} }`),
  document(
    '1,000 aliases of `__typename`',
    (q) => `query ${q} { ${times(1_000, (n) => `a${n}: __typename`)} }`,
  ),
  document(
    '100 aliases of a mutation, each with another guess',
    (q) =>
      `mutation ${q} { ${times(100, (n) => `a${n}: recordLogin(input: { id: "User:${n}" }) { errors { code } }`)} }`,
  ),
  document('500 times the same field', (q) => `query ${q} { ${'__typename '.repeat(500)} }`),
  document(
    '100 names of a user, of 200 users',
    (q) => `query ${q} { users(first: 200) { nodes { ${times(100, (n) => `a${n}: name`)} } } }`,
  ),
  document(
    '600 aliases with an argument of 100 values each',
    (q) => `query ${q} { ${times(600, (n) => `a${n}: nodes(ids: [${'"x" '.repeat(12)}]) { id }`)} }`,
  ),
  document(
    'pages of 999,999',
    (q) => `query ${q} { roles(first: 999999) { nodes { users(first: 999999) { nodes { id } } } } }`,
  ),
  document(
    'a page of 200 in a page of 200, by a variable',
    (q) =>
      `query ${q}($n: Int) { users(first: $n) { nodes { roles { users(first: $n) { nodes { id } } } } } }`,
    () => ({ n: 200 }),
  ),
];

const cycle = (levels: number): string =>
  `${'users(first: 200) { nodes { roles { '.repeat(levels)}id${' } } }'.repeat(levels)}`;

/** Selections in selections. */
export const nested: readonly Attack[] = [
  document('users of roles of users, four times', (q) => `query ${q} { ${cycle(4)} }`),
  document('users of roles of users, eleven times', (q) => `query ${q} { ${cycle(11)} }`),
  document('5,000 levels of braces', (q) => `query ${q} ${'{ me '.repeat(4_990)}${'}'.repeat(4_990)}`),
  document('5,000 levels of braces, none of them closed', (q) => `query ${q} ${'{ me '.repeat(4_990)}`),
  document(
    '59 levels of inline fragments, which are ten fields wide',
    (q) =>
      `query ${q} { ${'... { '.repeat(58)}${times(10, (n) => `a${n}: __typename`)}${' }'.repeat(58)} nothing }`,
  ),
  document(
    '4,000 levels of lists in an argument',
    (q) => `query ${q} { nodes(ids: ${'['.repeat(4_000)}"x"${']'.repeat(4_000)}) { id } }`,
  ),
  document(
    '4,000 levels of objects in an argument',
    (q) =>
      `query ${q} { users(orderBy: ${'{ field: '.repeat(2_400)}NAME${'}'.repeat(2_400)}) { totalCount } }`,
  ),
  document(
    '4,000 levels of a list type',
    (q) => `query ${q}($x: ${'['.repeat(4_000)}Int${']'.repeat(4_000)}) { __typename }`,
  ),
];

const on = (name: string, selection: string): string => `fragment ${name} on Query { ${selection} }`;

/** Each spreads the next one twice, so that the last is reached by 2 to the number of them ways. */
const doubling = (q: string, count: number): string =>
  `query ${q} { ...F0 } ${times(count, (n) => on(`F${n}`, `...F${n + 1} ...F${n + 1}`))} ${on(`F${count}`, '__typename')}`;

const doublingUsers = (q: string, count: number): string => {
  const inner = (n: number): string => `a: roles { ...R${n} } b: roles { ...R${n} }`;
  const level = (n: number): string =>
    n % 2 === 0
      ? `fragment R${n} on Role { a: users(first: 1) { nodes { ...R${n + 1} } } b: users(first: 1) { nodes { ...R${n + 1} } } }`
      : `fragment R${n} on User { ${inner(n + 1)} }`;
  const last = `fragment R${count} on ${count % 2 === 0 ? 'Role' : 'User'} { id }`;
  return `query ${q} { me { ${inner(0)} } } ${times(count, level)} ${last}`;
};

/** All of them spread all, 14 times 14. */
const allInAll = (q: string): string =>
  `query ${q} { ...F0 } ${times(14, (n) =>
    on(
      `F${n}`,
      times(14, (other) => `...F${other}`),
    ),
  )}`;

/** Fields that have to be compared with each other, to find out whether they may have one name. */
const alike = (q: string, fragments: number, fields: number): string =>
  `query ${q} { ${times(fragments, (n) => `...F${n}`)} } ${times(fragments, (n) =>
    on(
      `F${n}`,
      times(fields, (k) => `a${k}: me { b: roles { id } }`),
    ),
  )}`;

/** Fragments in fragments. */
export const fragments: readonly Attack[] = [
  document(
    'two fragments that spread each other',
    (q) => `query ${q} { ...A } ${on('A', '...B')} ${on('B', '...A')}`,
  ),
  document('a fragment that spreads itself', (q) => `query ${q} { ...A } ${on('A', '__typename ...A')}`),
  document(
    'a circle of 49 fragments',
    (q) => `query ${q} { ...F0 } ${times(49, (n) => on(`F${n}`, `...F${(n + 1) % 49}`))}`,
  ),
  document('14 fragments, of which each spreads all', allInAll),
  document(
    '2 to the 45 spreads of one field, and one that there is not',
    (q) => `${doubling(q, 45)} ${on('Z', 'nothing')}`,
  ),
  document('2 to the 45 spreads of one field', (q) => doubling(q, 45)),
  document('2 to the 20 lists of objects by fragments', (q) => doublingUsers(q, 20)),
  document('2 to the 49 lists of objects by fragments', (q) => doublingUsers(q, 48)),
  document(
    '10,000 spreads of one fragment',
    (q) => `query ${q} { ${'...A '.repeat(4_000)} } ${on('A', '__typename')}`,
  ),
  document(
    '700 fragments',
    (q) => `query ${q} { __typename } ${times(700, (n) => on(`F${n}`, '__typename'))}`,
  ),
  document('49 fragments of fields with the same names, not all of them alike', (q) =>
    alike(q, 49, 3).replace('b: roles { id }', 'b: id'),
  ),
  document('49 fragments of fields with the same names, all alike', (q) => alike(q, 49, 3)),
  document(
    '200 inline fragments of one field',
    (q) => `query ${q} { ${'... on Query { me { id } } '.repeat(200)} }`,
  ),
];
