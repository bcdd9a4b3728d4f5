import { TABLES_VERSION } from '../../projections';
import { setTimeout as sleep } from 'node:timers/promises';
import { issueOperatorToken } from '../../src/http/authentication/local-tokens';
import { BoundedNames } from '../../src/observability/metrics/names';
import { ADMIN, dataOf, startTestServer, type TestServer } from './harness';
import { metricsOf } from './prometheus';
import { UnsteadyStore } from './unsteady-store';

describe('/metrics', () => {
  const store = new UnsteadyStore();
  let server: TestServer;
  const CREATE = 'mutation Create($name: String!) { createRole(input: { name: $name }) { errors { code } } }';

  /** Growth of counts while something was done; those that did not grow are left out. */
  const grownBy = async (work: () => Promise<unknown>): Promise<Record<string, number>> => {
    const before = await metricsOf(server.url);
    await work();
    const after = await metricsOf(server.url);
    const grown = [...after].map(([name, value]) => [name, value - (before.get(name) ?? 0)] as const);
    return Object.fromEntries(grown.filter(([name, by]) => by !== 0 && /_(total|count)\b/.test(name)));
  };

  beforeAll(async () => {
    server = await startTestServer({ store });
  });
  afterAll(() => server.close());

  test('needs no token, and is in the format of Prometheus', async () => {
    const response = await fetch(`${server.url}/metrics`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    const text = await response.text();
    for (const [, name] of text.matchAll(/^(rolebook_\w+?)(?:_bucket|_sum|_count)?[{ ]/gm)) {
      expect(text).toContain(`# HELP ${name} `);
      expect(text).toContain(`# TYPE ${name} `);
    }
  });

  test('a mutation: the operation, the command, its appends, the events, all counted and timed', async () => {
    const grown = await grownBy(async () => dataOf(await server.graphql(CREATE, { name: 'Editors' })));
    expect(grown).toEqual({
      'rolebook_graphql_operations_total{operation="Create",outcome="ok"}': 1,
      'rolebook_graphql_operation_duration_seconds_count{operation="Create"}': 1,
      'rolebook_commands_total{command="createRole",outcome="written"}': 1,
      'rolebook_command_duration_seconds_count{command="createRole"}': 1,
      'rolebook_appends_total{category="claim",outcome="appended"}': 1,
      'rolebook_appends_total{category="role",outcome="appended"}': 1,
      rolebook_append_duration_seconds_count: 2,
      rolebook_appended_events_total: 2,
      rolebook_projected_events_total: 2,
      'rolebook_http_requests_total{method="POST",route="/graphql",status="200"}': 1,
      'rolebook_http_requests_total{method="GET",route="/metrics",status="200"}': 1,
    });
  });

  test('what is refused, by the payload or at top level, is told apart from what is well', async () => {
    const outcomes = await grownBy(async () => {
      await server.graphql(CREATE, { name: '' });
      await server.graphql('query Lists { roles { totalCount } }');
      await server.graphql('{ me { id } }');
      await server.graphql('query Wrong { nothing }');
      await server.graphql(
        'mutation Forbidden { deleteRole(input: { id: "Role:x" }) { position } }',
        {},
        { as: 'eve' },
      );
    });
    expect(outcomes).toMatchObject({
      'rolebook_graphql_operations_total{operation="Create",outcome="refused"}': 1,
      'rolebook_commands_total{command="createRole",outcome="refused"}': 1,
      'rolebook_graphql_operations_total{operation="Lists",outcome="ok"}': 1,
      'rolebook_graphql_operations_total{operation="anonymous",outcome="ok"}': 1,
      'rolebook_graphql_operations_total{operation="invalid",outcome="GRAPHQL_VALIDATION_FAILED"}': 1,
      'rolebook_http_requests_total{method="POST",route="/graphql",status="401"}': 1,
    });
  });

  test('conflicts, unknown outcomes and a log that is gone', async () => {
    const create = (name: string) => server.graphql(CREATE, { name });
    const unknown = await grownBy(async () => {
      store.failNext('UNKNOWN_OUTCOME');
      dataOf(await create('Reviewers'));
    });
    expect(unknown).toMatchObject({
      'rolebook_appends_total{category="claim",outcome="UNKNOWN_OUTCOME"}': 1,
      'rolebook_appends_total{category="claim",outcome="appended"}': 1,
      'rolebook_command_retries_total{reason="unknown-outcome"}': 1,
    });
    const gone = await grownBy(async () => {
      store.failNext('UNAVAILABLE');
      await create('Nobody');
    });
    expect(gone).toMatchObject({
      'rolebook_appends_total{category="claim",outcome="UNAVAILABLE"}': 1,
      'rolebook_commands_total{command="createRole",outcome="LOG_UNAVAILABLE"}': 1,
      'rolebook_graphql_operations_total{operation="Create",outcome="LOG_UNAVAILABLE"}': 1,
    });
    expect(gone).not.toHaveProperty('rolebook_appended_events_total');
  });

  test('the projector: its place, its state, its lag, and each time that it subscribed anew', async () => {
    while (server.readModels.status().lagMs > 0) await sleep(5);
    const now = await metricsOf(server.url);
    expect(now.get('rolebook_projected_events_total')).toBe(server.readModels.status().ordinal);
    expect(now.get('rolebook_projection_lag_events')).toBe(0);
    expect(now.get('rolebook_projection_lag_seconds')).toBe(0);
    const states = [...now].filter(([name]) => name.startsWith('rolebook_projection_state'));
    expect(states).toHaveLength(7);
    expect(states.filter(([, value]) => value === 1)).toEqual([
      ['rolebook_projection_state{state="live"}', 1],
    ]);
    expect(now.get('rolebook_read_model_builds_total')).toBe(1);
    expect(now.get('rolebook_subscription_restarts_total')).toBe(0);

    store.loseSubscriptions();
    dataOf(await server.graphql(CREATE, { name: 'After the loss' }));
    expect((await metricsOf(server.url)).get('rolebook_subscription_restarts_total')).toBe(1);
    await server.readModels.rebuild();
    expect((await metricsOf(server.url)).get('rolebook_read_model_builds_total')).toBe(2);
  });

  describe('the digest of the read models', () => {
    const digestIn = (metrics: ReadonlyMap<string, number>): string[] =>
      [...metrics.keys()].filter((name) => name.startsWith('rolebook_read_models_digest_info'));

    const withDigest = async (): Promise<ReadonlyMap<string, number>> => {
      const authorization = `Bearer ${await issueOperatorToken(server.signingKey)}`;
      return metricsOf(server.url, '?digest=1', { authorization });
    };

    test('is an operator’s to ask for, for it reads every row', async () => {
      const taken = jest.spyOn(server.readModels, 'digest');
      const users = `Bearer ${await server.token(ADMIN)}`;
      for (const authorization of ['', users]) {
        const response = await fetch(`${server.url}/metrics?digest=1`, { headers: { authorization } });
        expect(response.status).toBe(401);
        expect(await response.json()).toMatchObject({
          errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
        });
      }
      expect(taken).not.toHaveBeenCalled();
      taken.mockRestore();
    });

    test('is anyone’s where a setting says so', async () => {
      const open = await startTestServer({ environment: { ROLEBOOK_OPEN_DIGEST: 'on' } });
      try {
        expect(digestIn(await metricsOf(open.url, '?digest=1'))).toHaveLength(1);
      } finally {
        await open.close();
      }
    });

    test('is taken when asked for, and is the one of `rolebook digest`', async () => {
      expect(digestIn(await metricsOf(server.url))).toEqual([]);
      const [ordinal, digest] = (await server.readModels.digest()).split(':');
      const asked = digestIn(await withDigest());
      expect(asked).toEqual([
        `rolebook_read_models_digest_info{ordinal="${ordinal}",digest="${digest}",tables="${TABLES_VERSION}"}`,
      ]);
      // The last one stays.
      expect(digestIn(await metricsOf(server.url))).toEqual(asked);
    });

    test('is taken once for a place of the log, however many ask; there is never more than one', async () => {
      const taken = jest.spyOn(server.readModels, 'digest');
      await withDigest();
      expect(taken).not.toHaveBeenCalled();
      dataOf(await server.graphql(CREATE, { name: 'One more' }));
      const answers = await Promise.all([1, 2, 3].map(() => withDigest()));
      expect(taken).toHaveBeenCalledTimes(1);
      const { ordinal } = server.readModels.status();
      for (const answer of answers) {
        expect(digestIn(answer)).toEqual([expect.stringContaining(`ordinal="${ordinal}"`)]);
      }
    });
  });

  test('names that clients give are told apart up to a bound', async () => {
    const names = new BoundedNames(2);
    expect(['a', 'b', 'c', 'a'].map((name) => names.of(name))).toEqual(['a', 'b', 'other', 'a']);
    for (let n = 0; n < 250; n += 1) await server.graphql(`query Q${n} { me { id } }`);
    const metrics = await metricsOf(server.url);
    const told = [...metrics.keys()].filter((name) => name.startsWith('rolebook_graphql_operations_total'));
    const operations = new Set(told.map((name) => /operation="(\w+)"/.exec(name)?.[1]));
    // And one each for those without a name or without an operation.
    expect(operations.size).toBeLessThanOrEqual(203);
    expect(operations).toContain('other');
  });
});
