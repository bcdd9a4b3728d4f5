import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverUrl, newPrefix } from '../eventstoredb';
import { FakeEventStoreDb } from '../event-store/eventstoredb/fake/server';
import { streamOf } from '../event-store/eventstoredb/fake/log';
import { metricsOf } from '../http/prometheus';
import { Installation, type ServerProcess, type Settings } from './installation';

/**
 * Replicas of two releases on one log: this build, and one of a later release, to which a change of a description is an
 * event that this one cannot read.
 */

const LATER: Settings = {
  NODE_OPTIONS: `--require=${path.join(__dirname, '..', 'fixtures', 'newer-build.js')}`,
};

interface Outcome {
  readonly errors: readonly object[];
  readonly role?: { readonly id: string; readonly version: number };
  readonly position: string;
}
type Code = string | undefined;

const CREATE = `mutation ($input: CreateRoleInput!) {
  change: createRole(input: $input) { role { id version } errors { code } position } }`;
const UPDATE = `mutation ($input: UpdateRoleInput!) {
  change: updateRole(input: $input) { role { id version } errors { code } position } }`;
const ROLE = 'query ($id: ID!) { role(id: $id) { name description version } }';

async function send(
  server: ServerProcess,
  mutation: string,
  input: object,
): Promise<Outcome & { code: Code }> {
  const { data, errors } = await server.graphql<{ change: Outcome } | null>(mutation, { input });
  const outcome = data?.change ?? { errors: [], position: '' };
  expect(outcome.errors).toEqual([]);
  return { ...outcome, code: errors?.[0]?.extensions.code };
}
const create = (server: ServerProcess, name: string) => send(server, CREATE, { name });
const rename = (server: ServerProcess, id: string, name: string) => send(server, UPDATE, { id, name });
const describeRole = (server: ServerProcess, id: string, description: string) =>
  send(server, UPDATE, { id, description });

async function roleAt(server: ServerProcess, id: string, position?: string): Promise<object | null> {
  const headers: Settings = position === undefined ? {} : { 'rolebook-min-position': position };
  return (await server.graphql<{ role: object | null }>(ROLE, { id }, headers)).data.role;
}

async function headOf(installation: Installation): Promise<bigint | undefined> {
  const store = await installation.openLog();
  const head = await store.head().finally(() => store.close());
  return head?.position;
}

interface Readiness {
  readonly status: number;
  readonly state: string;
  readonly ready: boolean;
  readonly newer: { readonly event: string; readonly type: string } | null;
}
async function readiness({ url }: ServerProcess): Promise<Readiness> {
  const response = await fetch(`${url}/health/ready`);
  return { ...((await response.json()) as Omit<Readiness, 'status'>), status: response.status };
}
async function until<T>(look: () => Promise<T>, wanted: (found: T) => boolean): Promise<T> {
  for (;;) {
    const found = await look();
    if (wanted(found)) return found;
    await sleep(100);
  }
}

/** Checks what an old replica does on a log that is newer than it. Returns the id of the event that stopped it. */
async function expectTooOld(server: ServerProcess, id: string, before: object): Promise<string> {
  const ready = await until(
    () => readiness(server),
    ({ state }) => state === 'newer',
  );
  expect(ready).toMatchObject({
    status: 503,
    ready: false,
    newer: { type: 'RoleDescribed', needsSchema: 4 },
  });
  expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  expect(await roleAt(server, id)).toEqual(before);
  expect((await rename(server, id, 'By the old one')).code).toBe('LOG_NEWER');
  expect((await create(server, 'By the old one')).code).toBe('LOG_NEWER');
  expect((await metricsOf(server.url)).get('rolebook_projection_state{state="newer"}')).toBe(1);
  expect(server.log()).toContain('Upgrade this replica');
  return ready.newer!.event;
}

test('on an embedded log the older build serves what stood before, and the newer one goes on', async () => {
  const installation = new Installation({});
  try {
    // The older build makes the demo, or the newer one would write new events for it.
    await (await installation.start()).stop();
    let server = await installation.start(LATER);
    const made = await create(server, 'Agents');
    const id = made.role!.id;
    const described = await describeRole(server, id, 'Who answer');
    expect([made.code, described.code]).toEqual([undefined, undefined]);
    expect((await rename(server, id, 'Answerers')).code).toBeUndefined();
    const now = { name: 'Answerers', description: 'Who answer', version: 3 };
    expect(await roleAt(server, id)).toEqual(now);
    const digest = (await installation.rolebook('digest')).stderr;
    // The command line of the older build does not take the tables of the newer one for its own.
    expect(digest).toContain('too old');
    await server.stop();

    server = await installation.start();
    const event = await expectTooOld(server, id, { name: 'Agents', description: null, version: 1 });
    await server.stop();
    const said = 'newer than this program';
    const verified = await installation.rolebook('log', 'verify');
    expect([verified.code, verified.stderr]).toEqual([1, expect.stringContaining(said)]);
    const plain = id.replace('Role:', '');
    const replayed = await installation.rolebook('replay', '--role', plain);
    expect([replayed.code, replayed.stderr]).toEqual([1, expect.stringContaining(said)]);
    const printed = await installation.rolebook('events', '--account', 'demo');
    expect([printed.code, printed.stderr]).toEqual([1, expect.stringContaining(said)]);
    expect(printed.stdout).toContain('"RoleRenamed"');
    const declared = await installation.rolebook('log', 'void', event, '--reason', 'in the way');
    expect([declared.code, declared.stderr]).toEqual([1, expect.stringContaining('LOG_NEWER')]);
    const backup = path.join(installation.directory, 'backup');
    const copied = await installation.rolebook('log', 'copy', '--to', backup);
    expect([copied.code, copied.stderr]).toEqual([0, expect.stringContaining('1 event of a later release')]);

    server = await installation.start(LATER);
    await until(
      () => readiness(server),
      ({ ready }) => ready,
    );
    expect(await roleAt(server, id)).toEqual(now);
    expect((await describeRole(server, id, 'Who ask')).code).toBeUndefined();
    await server.stop();
  } finally {
    installation.remove();
  }
});

/** A log in a server, and a way to let a minute pass for the heartbeats in it. */
const logs: [string, () => Promise<{ settings: Settings; age: () => void; stop: () => void }>][] = [
  [
    'a fake EventStoreDB',
    async () => {
      const fake = new FakeEventStoreDb();
      await fake.start();
      const age = (): void => {
        for (const record of fake.log.all)
          if (streamOf(record).includes('.heartbeat-'))
            record.getMetadataMap().set('created', String(BigInt(Date.now() - 61_000) * 10_000n));
      };
      return { settings: { EVENTSTOREDB_URL: fake.url }, age, stop: () => fake.stop() };
    },
  ],
];
if (serverUrl) {
  const settings = { EVENTSTOREDB_URL: serverUrl, ROLEBOOK_STREAM_PREFIX: newPrefix() };
  logs.push(['EventStoreDB', async () => ({ settings, age: () => undefined, stop: () => undefined })]);
}

test.each(logs)(
  'on %s the newer build writes what the older one reads, until that is gone',
  async (_, open) => {
    const { settings, age, stop } = await open();
    const first = new Installation(settings);
    try {
      const second = first.replica();
      let old = await first.start();
      const later = await second.start(LATER);
      const made = await create(later, 'Agents');
      const id = made.role!.id;
      const head = await headOf(first);
      expect((await describeRole(later, id, 'Who answer')).code).toBe('UPGRADE_INCOMPLETE');
      // Not even a claim on the name is taken.
      const both = await send(later, UPDATE, { id, name: 'Answerers', description: 'Who answer' });
      expect([both.code, await headOf(first)]).toEqual(['UPGRADE_INCOMPLETE', head]);
      expect(later.log()).toContain('a process of an earlier release follows the log');
      const renamed = await rename(later, id, 'Answerers');
      expect([made.code, renamed.code]).toEqual([undefined, undefined]);
      const before = { name: 'Answerers', description: null, version: 2 };
      expect(await roleAt(old, id, renamed.position)).toEqual(before);
      expect((await rename(old, id, 'Agents')).code).toBeUndefined();
      expect((await rename(old, id, 'Answerers')).code).toBeUndefined();

      await old.stop();
      age();
      const described = await until(
        () => describeRole(later, id, 'Who answer'),
        ({ code }) => code !== 'UPGRADE_INCOMPLETE',
      );
      expect(described).toMatchObject({ code: undefined, role: { version: 5 } });

      old = await first.start();
      await expectTooOld(old, id, { ...before, version: 4 });
      expect((await rename(later, id, 'Speakers')).code).toBeUndefined();
      await old.stop();

      const upgraded = await first.start(LATER);
      await until(
        () => readiness(upgraded),
        ({ ready }) => ready,
      );
      expect(await roleAt(upgraded, id)).toEqual({ name: 'Speakers', description: 'Who answer', version: 6 });
      expect((await rename(upgraded, id, 'Talkers')).code).toBeUndefined();
      await Promise.all([upgraded.stop(), later.stop()]);
    } finally {
      first.remove();
      stop();
    }
  },
);
