import { TABLES_VERSION } from '../../projections';
import { verifyLog } from '../../src/operations/log/verify';
import { newPrefix, serverUrl } from '../eventstoredb';
import { FakeEventStoreDb } from '../event-store/eventstoredb/fake/server';
import { metricsOf } from '../http/prometheus';
import { Installation, type Answer, type ServerProcess, type Settings } from './installation';

/**
 * Several servers on one log, as whoever outgrows one machine runs them. On a fake EventStoreDB, which every machine
 * has, and on a real one where the tests have a server.
 */

interface Outcome {
  readonly errors: readonly { readonly code: string }[];
  readonly position: string | null;
  readonly role?: { readonly id: string; readonly version: number } | null;
}

const CREATE = `mutation Create($input: CreateRoleInput!) {
  createRole(input: $input) { role { id version } errors { code } position } }`;
const changeOf = (
  verb: string,
): string => `mutation Change($input: ${verb[0]?.toUpperCase()}${verb.slice(1)}Input!) {
  ${verb}(input: $input) { errors { code } position } }`;

async function mutate(
  server: ServerProcess,
  mutation: string,
  input: object,
): Promise<Outcome & { readonly failure: string | undefined }> {
  const { data, errors }: Answer<Record<string, Outcome> | null> = await server.graphql(mutation, { input });
  const outcome = Object.values(data ?? {})[0] ?? { errors: [], position: null };
  return { ...outcome, failure: errors?.[0]?.extensions.code };
}

/** Waits for a replica to be ready, and for another to be as far. */
const standsAt = async (server: ServerProcess, position: string): Promise<void> => {
  const answer = await server.graphql('{ me { id } }', {}, { 'rolebook-min-position': position });
  expect(answer.errors).toBeUndefined();
};

async function positionOf(server: ServerProcess): Promise<string> {
  const { extensions } = await server.graphql('{ me { id } }');
  return extensions?.position ?? '';
}

/** Metrics as Prometheus reads them. */
const OPEN = { ROLEBOOK_OPEN_DIGEST: 'on' };
const FAKE = 'a fake EventStoreDB';
const logs: [string, () => Promise<{ settings: Settings; server: FakeEventStoreDb | null }>][] = [
  [
    FAKE,
    async () => {
      const server = new FakeEventStoreDb();
      await server.start();
      return { settings: { EVENTSTOREDB_URL: server.url, ...OPEN }, server };
    },
  ],
];
if (serverUrl) {
  const settings = { EVENTSTOREDB_URL: serverUrl, ROLEBOOK_STREAM_PREFIX: newPrefix(), ...OPEN };
  logs.push(['EventStoreDB', () => Promise.resolve({ settings, server: null })]);
}

describe.each(logs)('Replicas on %s', (name, openLog) => {
  // A server of someone else's is not stopped here; `npm run torture:eventstoredb` does that.
  const testWhereItStops = name === FAKE ? test : test.skip;
  let fake: FakeEventStoreDb | null;
  let installations: Installation[] = [];
  let servers: ServerProcess[] = [];

  beforeAll(async () => {
    const log = await openLog();
    fake = log.server;
    const first = new Installation(log.settings);
    installations = [first, first.replica(), first.replica()];
    servers = await Promise.all(installations.map((each) => each.start({ ROLEBOOK_READY_LAG_MS: '1000' })));
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    installations[0]?.remove();
    fake?.stop();
  });

  const digests = async (): Promise<string[]> => {
    const position = await positionOf(servers[0]!);
    await Promise.all(servers.map((server) => standsAt(server, position)));
    const printed = await Promise.all(installations.map((each) => each.rolebook('digest')));
    return printed.map(({ stdout }) => stdout.trim());
  };

  test('that start at once on an empty log make one demo', async () => {
    expect(new Set(await digests()).size).toBe(1);
    const store = await installations[0]!.openLog();
    const types: string[] = [];
    const report = await (async () => {
      for await (const { type } of store.readAll()) types.push(type);
      return verifyLog(store, () => undefined);
    })().finally(() => store.close());
    const times = (type: string): number => types.filter((each) => each === type).length;
    expect([times('CataloguePublished'), times('AccountOpened'), times('UserRegistered')]).toEqual([
      1, 1, 41,
    ]);
    expect(report).toMatchObject({ faults: [], events: types.length });
    for (const server of servers) {
      const { data } = await server.graphql<{ custom: object; users: object }>(
        '{ custom: roles(kind: CUSTOM) { totalCount } users { totalCount } }',
      );
      expect(data).toEqual({ custom: { totalCount: 6 }, users: { totalCount: 41 } });
    }
    // Two are enough for what follows.
    installations.pop();
    expect(await servers.pop()!.stop()).toBe(0);
  });

  test('honour the position of a change that another one made', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [writer, reader] = [servers[round % 2]!, servers[(round + 1) % 2]!];
      const { role, position } = await mutate(writer, CREATE, { name: `Seen ${round}` });
      const seen = await reader.graphql<{ role: { name: string } | null }>(
        'query ($id: ID!) { role(id: $id) { name } }',
        { id: role?.id },
        { 'rolebook-min-position': position ?? '' },
      );
      expect(seen.data.role).toEqual({ name: `Seen ${round}` });
    }
  });

  test('give a name to one of those who ask for it on all of them', async () => {
    for (let round = 0; round < 15; round += 1) {
      const outcomes = await Promise.all(
        servers.map((server, n) =>
          mutate(server, CREATE, { name: n % 2 ? `Wanted ${round}` : ` wanted  ${round}` }),
        ),
      );
      expect(outcomes.map(({ failure }) => failure)).toEqual([undefined, undefined]);
      const lost = outcomes.flatMap(({ errors }) => errors.map(({ code }) => code));
      expect(lost).toEqual(['NAME_TAKEN']);
    }
  });

  test('do a keyed command once, whichever of them it reaches, and however many', async () => {
    const input = { name: 'Once only', idempotencyKey: 'once' };
    const outcomes = await Promise.all(
      [...servers, ...servers].map((server) => mutate(server, CREATE, input)),
    );
    expect(new Set(outcomes.map(({ role }) => role?.id)).size).toBe(1);
    expect(new Set(outcomes.map(({ position }) => position)).size).toBe(1);
  });

  test('keep versions exact while commands on one role come to all of them', async () => {
    const { role } = await mutate(servers[0]!, CREATE, { name: 'Crowded' });
    const users = ['ana-horvat', 'luka-novak', 'li-wei', 'omar-haddad', 'hanna-berg', 'mei-chen'];
    const client = async (n: number): Promise<void> => {
      const input = { roleId: role?.id, userIds: [`User:${users[n % users.length]}`] };
      for (const verb of ['assignUsers', 'unassignUsers', 'assignUsers']) {
        const outcome = await mutate(servers[n % servers.length]!, changeOf(verb), input);
        expect([outcome.failure, outcome.errors]).toEqual([undefined, []]);
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, n) => client(n)));

    const { stdout } = await installations[1]!.rolebook(
      'replay',
      '--role',
      role?.id ?? '',
      '--format',
      'ndjson',
    );
    const steps = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: { revision: number }; after: { version: number } });
    expect(steps.map(({ event }) => event.revision)).toEqual(steps.map((_, index) => index));
    expect(steps.map(({ after }) => after.version)).toEqual(steps.map((_, index) => index + 1));
    expect(new Set(await digests()).size).toBe(1);
  });

  test('show one digest in their metrics, that of the command line', async () => {
    const [printed] = await digests();
    const [ordinal, digest] = printed?.split(':') ?? [];
    for (const { url } of servers) {
      const metrics = [...(await metricsOf(url, '?digest=1')).keys()];
      expect(metrics.filter((name) => name.includes('digest'))).toEqual([
        `rolebook_read_models_digest_info{ordinal="${ordinal}",digest="${digest}",tables="${TABLES_VERSION}"}`,
      ]);
    }
  });

  testWhereItStops(
    'serve what they have while the log is gone, refuse changes, and go on by themselves',
    async () => {
      const ready = async (server: ServerProcess): Promise<{ ready: boolean; staleSince: string | null }> =>
        (await (await fetch(`${server.url}/health/ready`)).json()) as { ready: boolean; staleSince: string };
      const until = async (condition: () => Promise<boolean>): Promise<void> => {
        while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
      };
      const goneAt = Date.now();
      fake?.stop();
      const input = { name: 'Asked for in vain', idempotencyKey: 'in-vain' };
      const refusals = await Promise.all(servers.map((server) => mutate(server, CREATE, input)));
      for (const { failure } of refusals) expect(failure).toMatch(/^(LOG_UNAVAILABLE|STALE_REPLICA)$/);
      for (const server of servers) {
        await until(async () => !(await ready(server)).ready);
        const { staleSince } = await ready(server);
        expect(Date.parse(staleSince ?? '')).toBeGreaterThan(goneAt - 5_000);
        const { data } = await server.graphql<{ users: object }>('{ users { totalCount } }');
        expect(data).toEqual({ users: { totalCount: 41 } });
      }
      await fake?.start();
      for (const server of servers) await until(async () => (await ready(server)).ready);
      const accepted = await Promise.all(servers.map((server) => mutate(server, CREATE, input)));
      expect(new Set(accepted.map(({ role }) => role?.id)).size).toBe(1);
      expect(accepted.map(({ failure }) => failure)).toEqual([undefined, undefined]);
      expect(new Set(await digests()).size).toBe(1);
    },
  );
});
