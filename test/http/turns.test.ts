import fc from 'fast-check';
import { eventLoop, TURN } from '../../src/shared/turns';
import { codesOf, startTestServer, type TestServer } from './harness';

/**
 * Cooperative scheduling: no request holds the event loop for more than a turn and one step, in rows looked at, fields
 * made and bytes read, as counted where they are.
 */
const HISTORY = 'filter: { types: [USER_ASSIGNED, ROLE_CREATED] }) { totalCount edges { node { summary } } }';
const HISTORIES = [
  `{ f0: role(id: "Role:finance-manager") { l0: id } f1: role(id: "Role:finance-manager") { l0: id }
    f2: history(first: 1 ${HISTORY} }`,
  `{ f0: history(first: 80 ${HISTORY} f1: history(first: 160 ${HISTORY}
    f2: users(first: 1) { totalCount edges { node { l0: id } } } }`,
];

describe('Turns of random requests', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    const ids = Array.from({ length: 120 }, (_, n) => `u${n}`);
    for (const [n, user] of ids.entries())
      await server.run({
        type: 'registerUser',
        user,
        username: user,
        name: `${n % 2 ? 'Ann' : 'Anton'} ${n}`,
      });
    await server.run({ type: 'assignUsers', role: 'finance-manager', userIds: ids });
    for (let n = 0; n < 12; n += 1)
      await server.run({ type: 'createRole', name: `Role ${n}`, userIds: ids.slice(n, n + 60) });
  }, 120_000);
  afterAll(() => server.close());

  const first = fc.integer({ min: 1, max: 200 }).map((n) => `first: ${n}`);
  const search = fc.constantFrom('', 'search: "an"', 'search: "a"', 'search: "ann 1"', 'search: "nobody"');
  const leaves = fc
    .array(fc.constantFrom('id', '__typename', 'name'), { minLength: 1, maxLength: 25 })
    .map((names) => names.map((name, n) => `l${n}: ${name}`).join(' '));
  const role = fc.oneof(
    leaves,
    fc
      .tuple(leaves, first, search)
      .map(
        ([fields, page, text]) =>
          `${fields} users(${page} ${text}) { totalCount edges { node { ${fields} } } }`,
      ),
    leaves.map(
      (fields) => `${fields} sections { permissions { selected permission { key } scopes { name } } }`,
    ),
    fc
      .tuple(leaves, first)
      .map(([fields, page]) => `${fields} history(${page}) { edges { node { summary actor { name } } } }`),
  );
  const user = fc.oneof(
    leaves,
    fc.tuple(leaves, role).map(([fields, inner]) => `${fields} roles { ${inner} }`),
    leaves.map(
      (fields) => `${fields} effectivePermissions { granted { permission { key } via { role { name } } } }`,
    ),
  );
  const field = fc.oneof(
    fc
      .tuple(first, search, user)
      .map(([page, text, inner]) => `users(${page} ${text}) { totalCount edges { node { ${inner} } } }`),
    fc
      .tuple(first, search, role)
      .map(([page, text, inner]) => `roles(${page} ${text}) { totalCount edges { node { ${inner} } } }`),
    first.map(
      (page) =>
        `users(${page} search: "an" notInRole: "Role:finance-manager" status: ACTIVE) { totalCount edges { cursor } }`,
    ),
    first.map(
      (page) =>
        `history(${page} filter: { types: [USER_ASSIGNED, ROLE_CREATED] }) { totalCount edges { node { summary } } }`,
    ),
    user.map((inner) => `me { ${inner} }`),
    role.map((inner) => `role(id: "Role:finance-manager") { ${inner} }`),
    first.map(
      (page) =>
        `usersWithPermission(permission: "roles/view" ${page}) { totalCount edges { via { role { name } } } }`,
    ),
  );
  const document = fc
    .array(field, { minLength: 1, maxLength: 6 })
    .map((fields) => `{ ${fields.map((each, n) => `f${n}: ${each}`).join(' ')} }`);

  test('hold a turn and a step at most, and each is answered or too complex', async () => {
    const outcomes = { answered: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(document, { minLength: 1, maxLength: 3 }), async (documents) => {
        eventLoop.most = 0;
        for (const answer of await Promise.all(documents.map((each) => server.graphql(each)))) {
          const codes = [...new Set(codesOf(answer))];
          expect([[], ['QUERY_TOO_COMPLEX']]).toContainEqual(codes);
          outcomes[codes.length === 0 ? 'answered' : 'refused'] += 1;
        }
        expect(eventLoop.most).toBeGreaterThan(0);
        expect(eventLoop.most).toBeLessThanOrEqual(2 * TURN);
      }),
      // Steps of a history once looked at the budget together, and then each started.
      { numRuns: 30, examples: [[HISTORIES]] },
    );
    expect(outcomes.answered).toBeGreaterThan(0);
  }, 120_000);
});
