import { createServer as createTcpServer } from 'node:net';
import { SignJWT } from 'jose';
import { issueOperatorToken, issueToken } from '../../src/http/authentication/local-tokens';
import { PositionCodec } from '../../src/shared/position-codec';
import { ACCOUNT, ADMIN, codesOf, dataOf, openAccount, startTestServer, type TestServer } from './harness';

describe('The HTTP server', () => {
  let server: TestServer;
  const post = async (body: string, headers: Record<string, string> = {}) => {
    const authorization = `Bearer ${await server.token(ADMIN)}`;
    return fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization, ...headers },
      body,
    });
  };
  const me = JSON.stringify({ query: '{ me { id } }' });

  beforeAll(async () => {
    server = await startTestServer({ environment: { ROLEBOOK_MIN_POSITION_WAIT_MS: '50' } });
    await server.run({ type: 'registerUser', user: 'ben', username: 'ben', name: 'Ben' });
  });
  afterAll(() => server.close());

  describe('knows who asks', () => {
    const codeWith = async (token: string | null) => {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        body: me,
      });
      const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
      return [response.status, errors?.[0]?.extensions.code];
    };
    const REFUSED = [401, 'UNAUTHENTICATED'];

    test('by a token that this server signed', async () => {
      expect(await codeWith(await server.token(ADMIN))).toEqual([200, undefined]);
      expect(await codeWith(null)).toEqual(REFUSED);
      expect(await codeWith('nonsense')).toEqual(REFUSED);
      expect(await codeWith(await issueToken(new Uint8Array(32), { account: ACCOUNT, user: ADMIN }))).toEqual(
        REFUSED,
      );
    });

    test('and not by one that ran out, comes from elsewhere or is an operator’s', async () => {
      const { signingKey: key } = server;
      const yesterday = new Date(Date.now() - 86_400_000);
      const who = { account: ACCOUNT, user: ADMIN };
      expect(await codeWith(await issueToken(key, who, { expiresAt: yesterday }))).toEqual(REFUSED);
      const foreign = new SignJWT({ acc: ACCOUNT })
        .setSubject(ADMIN)
        .setIssuer('other')
        .setProtectedHeader({ alg: 'HS256' });
      expect(await codeWith(await foreign.sign(key))).toEqual(REFUSED);
      const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify({ iss: 'rolebook', sub: ADMIN, acc: ACCOUNT })).toString('base64url')}.`;
      expect(await codeWith(unsigned)).toEqual(REFUSED);
      expect(await codeWith(await issueOperatorToken(key))).toEqual(REFUSED);
    });

    test('and only while the user is active', async () => {
      expect(await codeWith(await server.token('nobody'))).toEqual(REFUSED);
      expect(await codeWith(await server.token(ADMIN, 'elsewhere'))).toEqual(REFUSED);
      expect(await codeWith(await server.token('ben'))).toEqual([200, undefined]);
      await server.run({ type: 'deactivateUser', user: 'ben' });
      expect(await codeWith(await server.token('ben'))).toEqual(REFUSED);
      await server.run({ type: 'reactivateUser', user: 'ben' });
    });
  });

  test('nothing is visible across accounts', async () => {
    await openAccount(server.run, 'other', 'olga', 'Olga');
    const { user, users, history } = dataOf(
      await server.graphql(
        `{ user(id: "User:${ADMIN}") { id } users { totalCount } history(filter: { actor: "User:${ADMIN}" }) { totalCount } }`,
        {},
        { as: 'olga', account: 'other' },
      ),
    );
    expect(user).toBeNull();
    expect(users.totalCount).toBe(1);
    expect(history.totalCount).toBe(0);
  });

  test('takes POST with JSON, and nothing else', async () => {
    const query = encodeURIComponent('{ me { id } }');
    const get = await fetch(`${server.url}/graphql?query=${query}`);
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await post(me, { 'content-type': 'text/plain' })).status).toBe(415);
    expect(
      (await post('query={me{id}}', { 'content-type': 'application/x-www-form-urlencoded' })).status,
    ).toBe(415);
    expect((await post('{ broken')).status).toBe(400);
    expect((await post('[]')).status).toBe(400);
    expect((await post(JSON.stringify({ query: `{ me { id } } # ${'x'.repeat(1_100_000)}` }))).status).toBe(
      413,
    );
    expect((await fetch(`${server.url}/nowhere`)).status).toBe(404);
  });

  test('every answer has a correlation id: the client’s own, if it is a plain one', async () => {
    expect((await post(me, { 'x-request-id': 'my-id.1' })).headers.get('x-request-id')).toBe('my-id.1');
    expect((await post(me, { 'x-request-id': 'a b' })).headers.get('x-request-id')).toMatch(
      /^[0-9a-f-]{36}$/,
    );
    expect((await post(me)).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    await server.graphql(
      'mutation { createRole(input: { name: "Traced" }) { errors { code } } }',
      {},
      { headers: { 'x-request-id': 'trace-1' } },
    );
    const { history } = dataOf(
      await server.graphql('{ history(first: 1) { edges { node { requestId } } } }'),
    );
    expect(history.edges[0].node.requestId).toBe('trace-1');
  });

  describe('positions', () => {
    const ask = (position: string) =>
      server.graphql('{ me { id } }', {}, { headers: { 'rolebook-min-position': position } });

    test('every answer says where it was read; a later one waits for it', async () => {
      const { extensions } = await server.graphql('{ me { id } }');
      expect(extensions?.position).toMatch(/^[0-9a-z]{8}\.[0-9a-z]{25}$/);
      expect((await ask(extensions?.position as string)).status).toBe(200);
    });

    test('one that is not reached in time is answered by 503 and the position that was', async () => {
      const { extensions } = await server.graphql('{ me { id } }');
      const codec = new PositionCodec({
        identity: await server.store.identity(),
        line: await server.store.line(),
      });
      const beyond = codec.encode({ ordinal: 1_000_000, position: 0n, time: 0 }, ACCOUNT);
      const answer = await ask(beyond);
      expect(answer.status).toBe(503);
      expect(answer.errors?.[0]?.extensions).toMatchObject({
        code: 'POSITION_NOT_REACHED',
        reached: extensions?.position,
      });
      const asOf = await server.graphql(`{ account(asOf: { position: "${beyond}" }) { id } }`);
      expect([asOf.status, codesOf(asOf)]).toEqual([503, ['POSITION_NOT_REACHED']]);
    });

    test('one of another store, or none at all, is refused', async () => {
      expect(codesOf(await ask('00000000-1'))).toEqual(['POSITION_OF_ANOTHER_STORE']);
      const nonsense = await ask('nonsense');
      expect([nonsense.status, codesOf(nonsense)]).toEqual([400, ['BAD_USER_INPUT']]);
      expect(codesOf(await server.graphql('{ account(asOf: { position: "00000000-1" }) { id } }'))).toEqual([
        'POSITION_OF_ANOTHER_STORE',
      ]);
      expect(codesOf(await server.graphql('{ account(asOf: { position: "?" }) { id } }'))).toEqual([
        'BAD_USER_INPUT',
      ]);
    });
  });

  describe('errors', () => {
    const SECRET = 'hunter2';

    test.each([
      ['an unknown field', `{ me { secret_${SECRET} } }`, {}],
      ['a value of another type', `{ roles(first: "${SECRET}") { totalCount } }`, {}],
      ['an unknown value of an enum', `{ roles(orderBy: { field: ${SECRET} }) { totalCount } }`, {}],
      [
        'a variable of another type',
        'query ($first: Int) { roles(first: $first) { totalCount } }',
        { first: SECRET },
      ],
      [
        'a nested variable',
        'mutation ($input: CreateRoleInput!) { createRole(input: $input) { projected } }',
        { input: { name: { x: SECRET } } },
      ],
      [
        'a date that is none',
        'query ($time: DateTime) { account(asOf: { time: $time }) { id } }',
        { time: SECRET },
      ],
      ['a text that does not parse', `{ me { id } "${SECRET}"`, {}],
    ])('%s is not repeated in the answer', async (_what, query, variables) => {
      const answer = await server.graphql(query, variables);
      expect(answer.errors).toHaveLength(1);
      const told = JSON.stringify(answer.errors);
      if (!query.includes('secret_')) expect(told).not.toContain(SECRET);
      expect(told).not.toMatch(/stack|Did you mean|node_modules/);
      expect(codesOf(answer)[0]).toMatch(/^(GRAPHQL_VALIDATION_FAILED|BAD_USER_INPUT|GRAPHQL_PARSE_FAILED)$/);
    });

    test('exactly one of a @oneOf input, also by a variable that may be null', async () => {
      const checks = (user: string, declared = '') =>
        `query ${declared} { checkPermissions(checks: [{ user: ${user}, permission: "roles/view" }]) { allowed } }`;
      for (const query of [
        checks('{}'),
        checks('{ id: "User:ada", username: "ada" }'),
        checks('{ externalId: "E1", username: "ada" }'),
        checks('{ id: null }'),
        checks('{ id: $id }', '($id: ID)'),
      ]) {
        expect(codesOf(await server.graphql(query))[0]).toMatch(
          /^(BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/,
        );
      }
      const byVariable = await server.graphql('query ($asOf: AsOf) { account(asOf: $asOf) { id } }', {
        asOf: {},
      });
      expect(codesOf(byVariable)).toEqual(['BAD_USER_INPUT']);
    });

    test('a fault of ours says nothing but an id, and is logged with it', async () => {
      const broken = await startTestServer({
        wrap: () => ({ bus: { execute: () => Promise.reject(new Error(`the disk of ${SECRET}`)) } }),
      });
      try {
        const answer = await broken.graphql(
          'mutation { createRole(input: { name: "x" }) { projected } }',
          {},
          { headers: { 'x-request-id': 'quote-me' } },
        );
        expect(answer.errors).toEqual([
          expect.objectContaining({ extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'quote-me' } }),
        ]);
        expect(JSON.stringify(answer)).not.toContain(SECRET);
        expect(broken.log).toContainEqual(
          expect.objectContaining({ msg: 'request failed', requestId: 'quote-me' }),
        );
      } finally {
        await broken.close();
      }
    });
  });

  describe('no request can hold the others up', () => {
    test.each([
      [
        'pages of pages',
        '{ users(first: 200) { edges { node { roles { users(first: 200) { edges { node { id name username } } } } } } } }',
      ],
      [
        'the role page of every role',
        '{ roles(first: 200) { edges { node { sections { permissions { permission { key description } scopes { name } } } } } } }',
      ],
      [
        'many names for one thing',
        `{ ${Array.from({ length: 60 }, (_, n) => `a${n}: users(first: 200, search: "a") { totalCount edges { node { id } } }`).join(' ')} }`,
      ],
      ['the same thing many times', `{ ${'me { id } '.repeat(500)} }`],
      ['deep nesting', `{ me ${'{ roles { users { edges { node '.repeat(5)}{ id }${' } } } }'.repeat(5)} }`],
      [
        'many introspections',
        `{ ${Array.from({ length: 9 }, (_, n) => `s${n}: __schema { types { name } }`).join(' ')} }`,
      ],
    ])('%s is QUERY_TOO_COMPLEX', async (_what, query) => {
      const answer = await server.graphql(query);
      expect([answer.status, codesOf(answer)]).toEqual([400, ['QUERY_TOO_COMPLEX']]);
    });

    test('fragments that double at each step are no way around', async () => {
      const steps = Array.from(
        { length: 30 },
        (_, n) =>
          `fragment f${n} on Role { ...f${n + 1} a${n}: users { edges { node { roles { ...f${n + 1} } } } } }`,
      );
      const query = `{ roles { edges { node { ...f0 } } } } ${steps.join(' ')} fragment f30 on Role { id }`;
      expect(codesOf(await server.graphql(query))).toEqual(['QUERY_TOO_COMPLEX']);
    });

    test('introspection, as tools ask for it, is fine', async () => {
      const { getIntrospectionQuery } = await import('graphql');
      const answer = await server.graphql(
        getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true, oneOf: true } as object),
      );
      expect(dataOf(answer).__schema.types.length).toBeGreaterThan(50);
    });
  });

  test('health: it lives, and it is up to date', async () => {
    expect(await (await fetch(`${server.url}/health/live`)).json()).toEqual({ state: 'live' });
    const ready = await fetch(`${server.url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      expect.objectContaining({
        ready: true,
        state: 'live',
        position: expect.any(String),
        lagEvents: expect.anything(),
        lagMs: expect.any(Number),
        staleSince: null,
      }),
    ]);
  });

  test('health: a replica that stopped projecting is not ready, and says so', async () => {
    const stopped = await startTestServer({
      wrap: ({ readModels }) => ({
        readModels: {
          view: (account, asOf) => readModels.view(account, asOf),
          waitFor: (until, ms) => readModels.waitFor(until, ms),
          waitForHead: (ms) => readModels.waitForHead(ms),
          findPlace: (sought) => readModels.findPlace(sought),
          status: () => ({
            ...readModels.status(),
            state: 'poisoned',
            staleSince: new Date(0),
            poison: 'secret',
          }),
        },
      }),
    });
    const ready = await fetch(`${stopped.url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      expect.objectContaining({ ready: false, state: 'poisoned', staleSince: '1970-01-01T00:00:00.000Z' }),
    ]);
    expect(ready.headers.get('retry-after')).toBe('1');
    await stopped.close();
  });

  test('health: a replica that is too old for the log is not ready, says what to do, and lives', async () => {
    const event = { id: 'e', type: 'RoleFrozen', stream: 'rolebook.role-a.r', revision: 3, position: 7n };
    const old = await startTestServer({
      wrap: ({ readModels }) => ({
        readModels: {
          view: (account, asOf) => readModels.view(account, asOf),
          waitFor: (until, ms) => readModels.waitFor(until, ms),
          waitForHead: (ms) => readModels.waitForHead(ms),
          findPlace: (sought) => readModels.findPlace(sought),
          status: () => ({ ...readModels.status(), state: 'newer', newer: { ...event, schema: 2 } }),
        },
      }),
    });
    const ready = await fetch(`${old.url}/health/ready`);
    const body = (await ready.json()) as Record<string, unknown>;
    expect([ready.status, body]).toEqual([
      503,
      expect.objectContaining({ ready: false, state: 'newer', poison: null }),
    ]);
    expect(body.newer).toEqual({
      event: 'e',
      type: 'RoleFrozen',
      stream: 'rolebook.role-a.r',
      revision: 3,
      needsSchema: 2,
      todo: expect.stringContaining('Upgrade this replica') as string,
    });
    expect((await fetch(`${old.url}/health/live`)).status).toBe(200);
    await old.close();
  });

  test('GraphiQL comes whole from this server', async () => {
    const page = await fetch(`${server.url}/graphiql?token=abc`);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(html).not.toMatch(/https?:\/\//);
    const files = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1] as string);
    expect(files).toHaveLength(5);
    for (const file of files) {
      const response = await fetch(`${server.url}${file}`);
      expect([file, response.status]).toEqual([file, 200]);
      expect((await response.text()).length).toBeGreaterThan(1_000);
    }
    expect(JSON.stringify(server.log)).not.toContain('token=abc');
  });

  test('a port that is taken is an error, not a hang', async () => {
    const holder = createTcpServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as { port: number };
    await expect(startTestServer({ environment: { PORT: String(port) } })).rejects.toThrow('EADDRINUSE');
    holder.close();
  });
});
