import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openEmbeddedStore } from '../../src/event-store/embedded';
import { openEventStoreDb } from '../../src/event-store/eventstoredb';
import type { EventStore } from '../../src/event-store/port/event-store';
import { repairStream, roleStream } from '../../src/event-store/port/streams';
import { systemHost } from '../../src/operator/operator';
import { soundMetadata } from '../operations/sound-log';
import { serverUrl } from '../eventstoredb';
import { Installation, type ServerProcess } from './installation';

/** A log with an event that no program can apply: it is served, changes wait, and an operator gets past it. */

const installation = new Installation();
afterAll(() => installation.remove());

const POISON = randomUUID();
const CREATE = `mutation ($name: String!) { createRole(input: { name: $name }) { role { id } errors { code } projected } }`;
const HISTORY = `{ history(first: 5, filter: { role: "Role:account-admin" }) { edges { node {
  type summary actor { type } changes { field } voided { reason type actor { key host } } } } } }`;

/** Appends past the validating store, which refuses such an event. */
async function poison(): Promise<void> {
  const { EVENTSTOREDB_URL: url, ROLEBOOK_STREAM_PREFIX: streamPrefix } = installation.settings;
  const store: EventStore = url
    ? await openEventStoreDb({ url, streamPrefix })
    : await openEmbeddedStore({ directory: installation.directory });
  const metadata = { ...soundMetadata(1, 1, randomUUID()), account: 'demo', actorType: 'nobody' };
  const data = { role: 'account-admin', user: 'ghost' };
  await store.append(roleStream('demo', 'account-admin'), 'any', [
    { id: POISON, type: 'UserAssigned', data, metadata },
  ]);
  await store.close();
}

const readiness = async (server: ServerProcess): Promise<Record<string, unknown>> =>
  (await (await fetch(`${server.url}/health/ready`)).json()) as Record<string, unknown>;

async function until(server: ServerProcess, state: string): Promise<void> {
  while ((await readiness(server)).state !== state) await sleep(50);
}

test('it starts, answers, refuses changes at once, and after the declaration takes them', async () => {
  await (await installation.start()).stop();
  await poison();
  let server = await installation.start();
  await until(server, 'poisoned');
  expect(await readiness(server)).toMatchObject({
    ready: false,
    poison: { event: POISON, stream: roleStream('demo', 'account-admin'), type: 'UserAssigned' },
  });
  expect(server.log()).toContain(`log void ${POISON}`);
  const { data } = await server.graphql<{ me: { username: string } }>('{ me { username } }');
  expect(data.me.username).toBe('admin');
  const refused = await server.graphql(CREATE, { name: 'Not yet' });
  expect(refused.errors?.map(({ extensions }) => extensions.code)).toEqual(['LOG_POISONED']);
  // Nothing of another account is told to clients.
  expect(JSON.stringify(refused)).not.toContain(POISON);

  if (!serverUrl) {
    const locked = await installation.rolebook('log', 'void', POISON, '--reason', 'SUP-7');
    expect([locked.code, locked.stderr]).toEqual([1, expect.stringContaining('LOG_LOCKED')]);
    await server.stop();
  }
  const declared = await installation.rolebook('log', 'void', POISON, '--reason', 'SUP-7', '--as', 'ana');
  expect([declared.code, declared.stderr]).toEqual([0, expect.stringContaining('is void: SUP-7')]);
  if (!serverUrl) server = await installation.start();
  await until(server, 'live');

  const taken = await server.graphql<{ createRole: object }>(CREATE, { name: 'Now' });
  expect(taken.data.createRole).toMatchObject({ errors: [], projected: true });
  const { history } = (await server.graphql<{ history: { edges: { node: object }[] } }>(HISTORY)).data;
  expect(history.edges.map(({ node }) => node)).toContainEqual({
    type: 'USER_ASSIGNED',
    summary: 'Someone recorded UserAssigned, which is void and changed nothing.',
    actor: { type: 'UNKNOWN' },
    changes: [],
    voided: { reason: 'SUP-7', type: 'UserAssigned', actor: { key: 'Operator:ana', host: systemHost() } },
  });

  await server.stop();
  const log = await installation.openLog();
  const declarations: unknown[] = [];
  for await (const { data, metadata } of log.readStream(repairStream)) declarations.push([data, metadata]);
  await log.close();
  expect(declarations).toHaveLength(1);
  expect(JSON.stringify(declarations)).not.toContain('SUP-7');
  const events = await installation.rolebook('events', '--account', 'demo');
  expect(events.stdout).toMatch(/"type":"EventVoided",[^\n]+"reason":"SUP-7"/);
  expect(events.stdout).toMatch(/"voided":\{[^\n]+"reason":"SUP-7"/);
  const again = await installation.rolebook('log', 'void', POISON, '--reason', 'SUP-8');
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('EVENT_ALREADY_VOID')]);
  const digest = (await installation.rolebook('digest')).stdout;
  const verified = await installation.rolebook('log', 'verify', '--tables', '--json');
  expect([verified.code, JSON.parse(verified.stdout)]).toMatchObject([0, [{ voided: 1, faults: 0 }]]);
  const [{ position, digest: noted }] = JSON.parse(verified.stdout) as [{ position: string; digest: string }];
  expect((await installation.rolebook('log', 'verify', '--until', position, '--expect', noted)).code).toBe(0);
  expect((await installation.rolebook('log', 'verify', '--until', position, '--expect', 'f')).code).toBe(1);
  expect((await installation.rolebook('log', 'verify', '--until', position)).code).toBe(2);
  expect((await installation.rolebook('rebuild')).code).toBe(0);
  expect((await installation.rolebook('digest')).stdout).toBe(digest);
}, 300_000);
