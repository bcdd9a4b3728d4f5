import { once } from 'node:events';
import { connect } from 'node:net';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { getIntrospectionQuery } from 'graphql';
import { ADMIN, codesOf, dataOf, startTestServer, type Answer, type TestServer } from './harness';

/** Nobody can make this server work for long, or keep much, by one cheap request. */
describe('What a request may ask for', () => {
  const PEOPLE = 40;
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    const ids = Array.from({ length: PEOPLE }, (_, n) => `u${n}`);
    for (const user of ids)
      await server.run({ type: 'registerUser', user, username: user, name: `Ann ${user}` });
    await server.run({ type: 'assignUsers', role: 'finance-manager', userIds: ids });
  }, 60_000);
  afterAll(() => server.close());

  const repeated = (count: number, field: string): string =>
    Array.from({ length: count }, (_, n) => `f${n}: ${field}`).join(' ');
  const refused = (answer: Answer, code = 'QUERY_TOO_COMPLEX'): void => {
    expect([answer.status >= 500, codesOf(answer)]).toEqual([false, [code]]);
  };

  describe('by its text', () => {
    test('is so many bytes', async () => {
      const text = (bytes: number): string => `{ me { id } }${'#'.repeat(bytes - 13)}`;
      dataOf(await server.graphql(text(65_536)));
      refused(await server.graphql(text(65_537)));
      refused(await server.graphql(`{ me { id } } # ${'é'.repeat(40_000)}`));
      refused(await server.graphql(text(900_000)));
    });

    test('leaves nothing behind of comments and white space', async () => {
      const gc = collector();
      const send = async (from: number, count: number): Promise<void> => {
        for (let n = from; n < from + count; n += 1) {
          const long = `a_name_long_enough_to_be_a_slice_${n}`;
          const filling = n % 2 === 0 ? '#\n'.repeat(25_000) : ' '.repeat(50_000);
          dataOf(await server.graphql(`query ${long} { ${long}: __typename } ${filling}`));
        }
      };
      await send(0, 40);
      gc();
      const before = getHeapStatistics().used_heap_size;
      await send(40, 100);
      gc();
      // For 5 MB of text; with its locations and all of its tokens it would be a hundred.
      expect(getHeapStatistics().used_heap_size - before).toBeLessThan(3_000_000);
    }, 120_000);

    test('names one field so many times', async () => {
      dataOf(await server.graphql(`{ ${repeated(100, '__typename')} }`));
      refused(await server.graphql(`{ ${repeated(101, '__typename')} }`));
      refused(
        await server.graphql(`{ ${repeated(51, '__typename')} ... { ${repeated(101, '__typename')} } }`),
      );
    });

    test('says where it does not fit the schema, though documents hold no places', async () => {
      const answer = await server.graphql('{ me { id }\n  nothing }');
      expect(answer.errors).toEqual([
        expect.objectContaining({ locations: [{ line: 2, column: 3 }] }) as unknown,
      ]);
    });
  });

  describe('by its body', () => {
    const post = async (body: string): Promise<unknown[]> => {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await server.token(ADMIN)}`,
        },
        body,
      });
      const { errors = [] } = (await response.json()) as Partial<Answer>;
      return [response.status, ...errors.map(({ message }) => message)];
    };
    const withNames = (count: number, each: (n: number) => string): string => {
      const names = Array.from({ length: count }, (_, n) => `${JSON.stringify(each(n))} :${n}`);
      return `{"query":"{ me { id } }","variables":{${names.join()}}}`;
    };

    test('names a thousand fields at most, in one object or in many', async () => {
      const refusal = [400, 'The body has more than 1000 different names.'];
      expect(await post(withNames(998, (n) => `v${n}`))).toEqual([200]);
      expect(await post(withNames(999, (n) => `v${n}`))).toEqual(refusal);
      expect(await post(withNames(999, (n) => `v${n}" : \\`))).toEqual(refusal);
      const objects = Array.from({ length: 999 }, (_, n) => `{"${'é'.repeat(20)}${n}":1}`);
      expect(await post(`{"query":"{ me { id } }","variables":{"list":[${objects.join()}]}}`)).toEqual(
        refusal,
      );
    });

    test('may have the same names, and any texts, many times', async () => {
      const values = Array.from({ length: 5_000 }, (_, n) => `{"a":"text ${n}: \\" ","b":{}}`);
      expect(await post(`{"query":"{ me { id } }","variables":{"list":[${values.join()}]}}`)).toEqual([200]);
    });

    test('nests so deep at most, whatever its texts hold', async () => {
      const nested = (depth: number, text = ''): string =>
        `{"query":"{ me { id } }","x":${'['.repeat(depth - 1)}"${text}"${']'.repeat(depth - 1)}}`;
      expect(await post(nested(100, '[[[{{{\\"[{'))).toEqual([200]);
      expect(await post(nested(101))).toEqual([400, 'The body nests deeper than 100.']);
    });
  });

  describe('by its variables', () => {
    test('counts their defaults as if they had been sent', async () => {
      const nested = '{ edges { node { roles { users(first: $n) { edges { node { id } } } } } } }';
      refused(await server.graphql(`query ($n: Int = 200) { users(first: $n) ${nested} }`));
      refused(await server.graphql(`query ($n: Int) { users(first: $n) ${nested} }`, { n: 200 }));
      const check = '{ user: { id: "User:ada" }, permission: "roles/view" }';
      const checks = Array.from({ length: 600 }, () => check).join();
      refused(
        await server.graphql(
          `query ($c: [PermissionCheckInput!]! = [${checks}]) { ${repeated(4, 'checkPermissions(checks: $c) { allowed }')} }`,
        ),
      );
    });

    test('takes no text and no list that is too long, before it looks at it', async () => {
      const create = `mutation ($input: CreateRoleInput!) { createRole(input: $input) { errors { code } } }`;
      for (const field of ['name', 'reason', 'description'])
        refused(
          await server.graphql(create, { input: { name: 'N', [field]: 'x'.repeat(900_000) } }),
          'BAD_USER_INPUT',
        );
      const scopes = Array<string>(190_000).fill('s');
      refused(
        await server.graphql(create, {
          input: { name: 'N', grants: [{ permission: 'roles/view', scopes }] },
        }),
      );
      refused(await server.graphql('{ me { id } }', { unused: Array<number>(190_000).fill(1) }));
    });

    test('allows ten mutations, that share no large input', async () => {
      const mutation = (count: number): string =>
        `mutation ($g: [GrantInput!]) { ${repeated(count, 'createRole(input: { name: "", grants: $g }) { errors { code } }')} }`;
      refused(await server.graphql(mutation(11)));
      expect(Object.keys(dataOf(await server.graphql(mutation(10))))).toHaveLength(10);
      const g = Array.from({ length: 10_000 }, (_, n) => ({ permission: `p/${n}` }));
      refused(await server.graphql(mutation(10), { g }));
      const six = repeated(6, 'createRole(input: { name: "" }) { projected }');
      const spread = `mutation { ...A ...B } fragment A on Mutation { ${six} } fragment B on Mutation { ${six.replaceAll(/\bf(\d)/g, 'g$1')} }`;
      refused(await server.graphql(spread));
    });
  });

  describe('by its questions', () => {
    test.each([
      ['190 searches', 190, 'users(search: "an") { edges { cursor } }'],
      ['190 searches among the inactive', 190, 'users(search: "an", status: INACTIVE) { edges { cursor } }'],
      [
        '78 searches outside of a role',
        78,
        'users(search: "an", notInRole: "Role:finance-manager") { totalCount }',
      ],
      ['46 totals of history', 46, 'history { totalCount }'],
      ['190 types of the schema', 190, '__type(name: "Role") { name }'],
    ])('%s are too many', async (_, count, field) => {
      refused(await server.graphql(`{ ${repeated(count, field)} }`));
      refused(await server.graphql(`{ ...F } fragment F on Query { ${repeated(count, field)} }`));
      dataOf(await server.graphql(`{ f: ${field} }`));
    });

    test('screens, and tools, have room', async () => {
      dataOf(await server.graphql(getIntrospectionQuery()));
      dataOf(
        await server.graphql(
          `{ users(search: "an", notInRole: "Role:account-admin", first: 50) { totalCount edges { node { id name username roles { name } } } }
             role(id: "Role:finance-manager") { users(first: 20, search: "ann") { totalCount edges { node { name } } } }
             roles(search: "a", first: 50) { totalCount edges { node { name userCount allowedActions } } }
             history(first: 50) { totalCount edges { node { summary actor { name } } } } }`,
        ),
      );
    });
  });

  test('lists that turn out longer than they were thought to be end a request at twice the limit', async () => {
    const small = await startTestServer({ environment: { ROLEBOOK_MAX_QUERY_COST: '2000' } });
    try {
      const ids = Array.from({ length: PEOPLE }, (_, n) => `u${n}`);
      for (const user of ids) await small.run({ type: 'registerUser', user, username: user });
      const query = '{ users(first: 40) { edges { node { roles { id name kind version userCount } } } } }';
      dataOf(await small.graphql(query));
      // Some five are expected of each user.
      for (let n = 0; n < 50; n += 1)
        await small.run({ type: 'createRole', name: `Role ${n}`, userIds: ids });
      const answer = await small.graphql(query);
      expect([answer.status, [...new Set(codesOf(answer))]]).toEqual([400, ['QUERY_TOO_COMPLEX']]);
      dataOf(await small.graphql(query.replace('first: 40', 'first: 10')));
    } finally {
      await small.close();
    }
  }, 60_000);

  test('others are answered, and nothing is lost, when one sends hundreds at once', async () => {
    const busy = await startTestServer({ environment: { ROLEBOOK_MAX_OPERATIONS: '4' } });
    const { hostname, port } = new URL(busy.url);
    const socket = connect(Number(port), hostname);
    try {
      await busy.run({ type: 'registerUser', user: 'ben', username: 'ben' });
      const token = await busy.token(ADMIN);
      const body = JSON.stringify({ query: '{ me { id } }' });
      const request = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
      let text = '';
      const statuses = (): string[] => text.match(/HTTP\/1\.1 \d+/g) ?? [];
      socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      const COUNT = 800;
      socket.write(request.repeat(COUNT));
      await once(socket, 'data');
      expect((await fetch(`${busy.url}/health/live`)).status).toBe(200);
      dataOf(await busy.graphql('{ me { id } }', {}, { as: 'ben' }));
      while (statuses().length < COUNT) await once(socket, 'data');
      // Each has its answer; whoever sends more at once than can wait is turned away, with a time to come back.
      const turnedAway = statuses().filter((status) => status === 'HTTP/1.1 503').length;
      expect(statuses().filter((status) => status === 'HTTP/1.1 200')).toHaveLength(COUNT - turnedAway);
      expect(text.match(/"code":"OVERLOADED"/g) ?? []).toHaveLength(turnedAway);
      expect(text.match(/retry-after: 1/gi) ?? []).toHaveLength(turnedAway);
    } finally {
      socket.destroy();
      await busy.close();
    }
  }, 60_000);
});

/** Forces a collection, whether or not the process was started for it. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
