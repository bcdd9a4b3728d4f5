import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseStream } from '../../../src/event-store/port/streams';
import { Random } from '../../long/random';
import { scaled } from '../../scale';
import { Installation, type ServerProcess } from '../installation';
import { serverLogs } from '../server-logs';
import { Writer, type Desk } from './changes';
import { KilledConsumer, KINDS } from './killed-consumer';

/**
 * Consumers that are killed and resumed again and again while replicas write: each has every event of its account, in order,
 * and is given again only what it had not confirmed.
 */

/** At `ROLEBOOK_TEST_SCALE=10` there are 200, and 20,000 changes. */
const KILLS = scaled(20);
/** Changes for each kill: so many that one event given again at each is one in a hundred. */
const CHANGES = 100;
const ACCOUNT = 'demo';
const HEARTBEAT = { ROLEBOOK_FEED_HEARTBEAT_MS: '50' };

const logs = [
  ...serverLogs.map(([name, open]) => [name, { open, replicas: 2, kills: KILLS }] as const),
  ['the embedded log', { open: null, replicas: 1, kills: Math.ceil(KILLS / 4) }] as const,
];

test.each(logs)(
  'on %s every kind of feed has all of it, in order',
  async (name, { open, replicas, kills }) => {
    const log = await open?.();
    const first = new Installation(log?.settings ?? {});
    try {
      const installations = [first];
      while (installations.length < replicas) installations.push(first.replica());
      const servers: ServerProcess[] = [];
      for (const each of installations) servers.push(await each.start(HEARTBEAT));
      const seed = randomInt(1e9);
      const random = new Random(seed);
      const consumers = KINDS.map((kind) => new KilledConsumer(kind, servers, random.fork()));
      await writtenMeanwhile(first, servers, { consumers, random, kills });
      const truth = await eventsOf(first);
      expect(truth.length).toBeGreaterThan(kills * CHANGES);
      await Promise.all(consumers.map((consumer) => consumer.until(truth.at(-1)!)));
      const found = consumers.map((consumer) => judged(consumer, { truth, kills }));
      process.stderr.write(
        `killed consumers on ${name}, seed ${seed}: ${truth.length} events; ${found.join('; ')}\n`,
      );
      await Promise.all(servers.map((server) => server.stop()));
    } finally {
      first.remove();
      log?.stop();
    }
  },
);

interface Killing {
  readonly consumers: readonly KilledConsumer[];
  readonly random: Random;
  /** Kills of each consumer. */
  readonly kills: number;
}

/** Kills all consumers as often as it has to be, while the changes are made, spread over all of it. */
async function writtenMeanwhile(
  installation: Installation,
  servers: readonly ServerProcess[],
  { consumers, random, kills: most }: Killing,
): Promise<void> {
  const users = await usersOf(servers[0]!);
  const desks = [0, 1].map((n) => ({ server: servers[n % servers.length]!, users, name: `Desk ${n}` }));
  const besides = new Writer(await elsewhere(installation, servers[0]!), random.fork());
  const least = (): number => Math.min(...consumers.map(({ kills }) => kills));
  let [isKilling, isBroken] = [true, false];
  const killing = async (consumer: KilledConsumer): Promise<void> => {
    while (!isBroken && consumer.kills < most) await consumer.killedOnce();
  };
  const writing = async (desk: Desk): Promise<void> => {
    const writer = new Writer(desk, random.fork());
    const share = (most * CHANGES) / desks.length;
    while (!isBroken && writer.made < share)
      if (isKilling && writer.made / share > (least() + 1) / most) await sleep(5);
      else await writer.change();
  };
  const others = async (): Promise<void> => {
    for (; isKilling; await sleep(20)) await besides.change();
  };
  const broken = (error: unknown): never => {
    isBroken = true;
    throw error;
  };
  const killed = Promise.all(consumers.map(killing)).finally(() => (isKilling = false));
  const all = [killed, others(), ...desks.map(writing)].map((each) => each.catch(broken));
  await Promise.allSettled(all);
  await Promise.all(all);
}

async function usersOf(server: ServerProcess): Promise<string[]> {
  const { data } = await server.graphql<{ users: { nodes: { id: string; status: string }[] } }>(
    '{ users(first: 50) { nodes { id status } } }',
  );
  return data.users.nodes.filter(({ status }) => status === 'ACTIVE').map(({ id }) => id);
}

interface Elsewhere {
  readonly me: { readonly id: string } | null;
  readonly account: { readonly allowedActions: readonly string[] } | null;
}

/** Opens another account, to write in it. */
async function elsewhere(installation: Installation, server: ServerProcess): Promise<Desk> {
  await installation.rolebook('account', 'open', 'other', '--admin', 'boss');
  const { stdout } = await installation.rolebook('token', 'boss', '--account', 'other');
  const headers = { authorization: `Bearer ${stdout.trim()}` };
  const query = '{ me { id } account { allowedActions } }';
  for (;;) {
    const { data } = await server.graphql<Partial<Elsewhere> | undefined>(query, {}, headers);
    // The user comes before the role: until the tables have both, it may change nothing.
    if (data?.me && data.account?.allowedActions.includes('CREATE_ROLE'))
      return { server, headers, users: [data.me.id], name: 'Elsewhere' };
    await sleep(20);
  }
}

/** Ids of the events of the account and of the catalogue, as the log has them. */
async function eventsOf(installation: Installation): Promise<string[]> {
  const store = await installation.openLog();
  const ids: string[] = [];
  let others = 0;
  try {
    for await (const { id, stream } of store.readAll()) {
      const { category, account } = parseStream(stream)!;
      if (category === 'catalogue' || account === ACCOUNT) ids.push(id);
      else others += 1;
    }
  } finally {
    await store.close();
  }
  expect(others).toBeGreaterThan(0);
  return ids;
}

/** Checks what a consumer was given in all of its lives. @returns what was seen, in words */
function judged(
  { kind, kills, runs }: KilledConsumer,
  wanted: { readonly truth: readonly string[]; readonly kills: number },
): string {
  const { truth } = wanted;
  const indexes = new Map(truth.map((id, index) => [id, index]));
  const positions = new Map<string, string>();
  const had = new Set<string>();
  let delivered = 0;
  for (const run of runs) {
    // It goes on with the very next event, and leaves none out: so none is older than what was confirmed last.
    const from = run.confirmed === null ? 0 : indexes.get(run.confirmed)! + 1;
    const ids = run.delivered.map(({ id }) => id);
    expect([kind, run.after, ids]).toEqual([kind, run.after, truth.slice(from, from + ids.length)]);
    for (const { id, position } of run.delivered) {
      expect(positions.get(id) ?? position).toBe(position);
      positions.set(id, position);
      had.add(id);
    }
    for (const { position, confirmed } of run.positions)
      expect(position).toBe(confirmed === null ? run.after : positions.get(confirmed));
    delivered += ids.length;
    expect(run.failure ?? 'status 503').toBe('status 503');
  }
  const repeated = delivered - had.size;
  expect([kind, kills, had.size]).toEqual([kind, wanted.kills, truth.length]);
  expect(repeated / delivered).toBeLessThanOrEqual(0.01);
  const fed = runs.filter((run) => run.delivered.length > 0).length;
  return `${kind}: ${kills} kills, ${runs.length} lives, ${fed} of them with events, ${delivered} delivered, ${repeated} again`;
}
