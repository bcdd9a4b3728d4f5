import { setTimeout as sleep } from 'node:timers/promises';
import fastify from 'fastify';
import { openReadModels } from '../../projections';
import { withoutNames } from '../../src/app/sealing';
import { PositionCodec } from '../../src/shared/position-codec';
import { addHealth } from '../../src/http/health';
import { newDirectory, removeDirectory } from '../directories';
import { codesOf, dataOf, startTestServer, type TestServer } from './harness';
import { UnsteadyStore } from './unsteady-store';

interface Readiness {
  readonly status: number;
  readonly ready: boolean;
  readonly state: string;
  readonly position: string | null;
  readonly lagEvents: number | null;
  readonly lagMs: number;
  readonly staleSince: string | null;
  readonly clockSkewMs: number | null;
}

const readiness = async (url: string): Promise<Readiness> => {
  const response = await fetch(`${url}/health/ready`);
  return { status: response.status, ...((await response.json()) as object) } as Readiness;
};

const until = async (url: string, state: string): Promise<Readiness> => {
  for (;;) {
    const now = await readiness(url);
    if (now.state === state) return now;
    await sleep(10);
  }
};

describe('A replica whose log goes and comes back', () => {
  const store = new UnsteadyStore();
  let server: TestServer;
  let began: number;
  const create = (name: string) =>
    server.graphql(
      'mutation ($name: String!) { createRole(input: { name: $name }) { role { name } position projected } }',
      { name },
    );
  const names = async (): Promise<string[]> => {
    const { roles } = dataOf(await server.graphql('{ roles(kind: CUSTOM) { edges { node { name } } } }'));
    return (roles.edges as { node: { name: string } }[]).map(({ node }) => node.name).sort();
  };

  beforeAll(async () => {
    began = Date.now();
    server = await startTestServer({ store, environment: { ROLEBOOK_READY_LAG_MS: '300' } });
    dataOf(await create('Before'));
  });
  afterAll(() => server.close());

  test('is ready at first, behind in nothing', async () => {
    expect(await until(server.url, 'live')).toMatchObject({ status: 200, ready: true, staleSince: null });
  });

  test('refuses to write with LOG_UNAVAILABLE, goes on answering, and says since when it is stale', async () => {
    store.go();
    const gone = Date.now();
    const stale = await until(server.url, 'stale');
    // Since it last heard of the log: that it was current any later is not known.
    const since = Date.parse(stale.staleSince ?? '');
    expect(since).toBeLessThanOrEqual(gone);
    expect(since).toBeGreaterThanOrEqual(began);
    // The number of events since then is not known.
    expect(stale.lagEvents).toBeNull();
    const refused = await create('Meanwhile');
    expect([refused.status, codesOf(refused)]).toEqual([503, ['LOG_UNAVAILABLE']]);
    expect(await names()).toEqual(['Before']);
  });

  test('is not ready once it may be further behind than is allowed', async () => {
    let now = await readiness(server.url);
    while (now.ready) now = await readiness(server.url);
    expect(now).toMatchObject({ status: 503, state: 'stale' });
    expect(now.lagMs).toBeGreaterThan(300);
  });

  test('writes again when the log is back; what was refused was not written, what was accepted is there', async () => {
    store.comeBack();
    expect(await until(server.url, 'live')).toMatchObject({ status: 200, ready: true, staleSince: null });
    dataOf(await create('After'));
    expect(await names()).toEqual(['After', 'Before']);
  });
});

test('a replica whose clock is more than 2 s off the log’s is not ready', async () => {
  let skew = 2_001;
  const server = await startTestServer({ wrap: () => ({ clockSkewMs: () => skew }) });
  try {
    await server.readModels.caughtUp();
    expect(await readiness(server.url)).toMatchObject({ status: 503, ready: false, clockSkewMs: 2_001 });
    skew = -2_000;
    expect(await readiness(server.url)).toMatchObject({ status: 200, ready: true, clockSkewMs: -2_000 });
  } finally {
    await server.close();
  }
});

test('a replica that was told to stop is not ready, and still answers', async () => {
  const server = await startTestServer();
  try {
    expect(await readiness(server.url)).toMatchObject({ status: 200, ready: true });
    server.leave();
    expect(await readiness(server.url)).toMatchObject({ status: 503, ready: false, state: 'stopping' });
    expect(dataOf(await server.graphql('{ me { id } }'))).toMatchObject({ me: {} });
  } finally {
    await server.close();
  }
});

test('a replica that starts is ready only when it has seen the head that stood then', async () => {
  const store = new UnsteadyStore();
  const source = await startTestServer({ store });
  const { ordinal } = source.readModels.status();
  const positions = new PositionCodec({ identity: await store.identity(), line: await store.line() });
  const directory = newDirectory();
  store.deliverOnly(0);
  const readModels = await openReadModels({ directory, store: withoutNames(store) });
  const app = fastify();
  addHealth(app, {
    readModels,
    positions,
    clockSkewMs: () => null,
    isLeaving: () => false,
    readyLagMs: 60_000,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  try {
    const notYet = { status: 503, ready: false, state: 'rebuilding', position: null };
    expect(await readiness(url)).toMatchObject(notYet);
    store.deliverOnly(ordinal - 1);
    expect(await readiness(url)).toMatchObject(notYet);
    store.deliverOnly(Infinity);
    await readModels.caughtUp();
    expect(await readiness(url)).toMatchObject({
      status: 200,
      ready: true,
      state: 'live',
      position: positions.encode(source.readModels.findPlace(ordinal)!, null),
      lagEvents: 0,
    });
  } finally {
    store.deliverOnly(Infinity);
    await app.close();
    await readModels.close();
    await source.close();
    removeDirectory(directory);
  }
});
