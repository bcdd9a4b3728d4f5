import { EventStoreDBClient, START, jsonEvent } from '@eventstore/db-client';
import { Command, InvalidArgumentError, Option } from 'commander';
import { randomUUID } from 'node:crypto';
import { printTable } from '../src/cli/output';
import { progress } from '../src/cli/progress';
import type { Append, JsonObject, NewEvent } from '../src/event-store/port/event-store';
import { EventStoreDbStore } from '../src/event-store/eventstoredb';
import { asEsdb } from '../src/event-store/eventstoredb/options';
import { roleStream } from '../src/event-store/port/streams';
import { killAll } from './processes';
import type { Figure } from './report/figure';
import { terminalTable } from './report/table';
import { rebuildOnServer, type Source } from './server-rebuild';
import { median } from './stats';

/**
 * `npm run bench:eventstoredb [-- EVENTS]`: appends and catch-up of our store in EventStoreDB, beside the official
 * client alone, in turns and in one run. `-- --rebuild USERS` instead: read models of so many users, built anew by a
 * replica that has none. On the server that `EVENTSTOREDB_URL` names, in streams of its own.
 */
const IN_FLIGHT = 64;
const ROUNDS = 5;

const data: JsonObject = {
  from: { users: ['ann', 'bob'] },
  to: { users: ['ann', 'bob', 'eve'] },
  note: 'x'.repeat(200),
};
const metadata: JsonObject = {
  actorType: 'user',
  actorId: 'ann',
  account: 'bench',
  recordedAt: '2026-01-01T00:00:00Z',
};
const newEvent = (): NewEvent => ({ id: randomUUID(), type: 'UserAssigned', data, metadata });

/** Something that both do, each at its rate. */
interface Contest {
  readonly name: string;
  /** Events that one turn writes or reads. */
  readonly events: number;
  /** `onEvent`: told of each. */
  readonly ours: (onEvent: () => void) => Promise<number>;
  readonly bare: (onEvent: () => void) => Promise<number>;
}

async function rate(count: number, work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return count / ((performance.now() - began) / 1_000);
}

/** Single events, each to a stream of its own, so many under way at a time. */
async function appends(
  count: number,
  append: (stream: string, event: NewEvent) => Promise<unknown>,
  onEvent: () => void,
): Promise<number> {
  const account = `bench-${randomUUID()}`;
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) {
      await append(roleStream(account, `role${n}`), newEvent());
      onEvent();
    }
  };
  return rate(count, () => Promise.all(Array.from({ length: IN_FLIGHT }, lane)));
}

async function* freshAppends(count: number): AsyncGenerator<Append> {
  const account = `bench-${randomUUID()}`;
  for (let n = 0; n < count; n += 1)
    yield { stream: roleStream(account, `role${n}`), expected: 'no-stream', events: [newEvent()] };
}

async function take<T>(
  count: number,
  items: AsyncIterable<T>,
  counts: (item: T) => boolean,
  onEvent: () => void,
): Promise<void> {
  let taken = 0;
  for await (const item of items) {
    if (!counts(item)) continue;
    onEvent();
    if (++taken === count) return;
  }
}

/** In turns, the one and the other first, so that neither gains from what the machine does meanwhile. */
async function contest({ name, events, ours, bare }: Contest): Promise<{ ours: number; bare: number }> {
  const shown = progress(`${name}, events`);
  let done = 0;
  const onEvent = (): void => shown.update((done += 1), events * 2 * (ROUNDS + 1));
  const rates = { ours: [] as number[], bare: [] as number[] };
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    const turns = [
      async () => void rates.ours.push(await ours(onEvent)),
      async () => void rates.bare.push(await bare(onEvent)),
    ];
    if (round % 2) turns.reverse();
    for (const turn of turns) await turn();
  }
  shown.finish();
  return { ours: median(rates.ours.slice(1)), bare: median(rates.bare.slice(1)) };
}

async function versionOf(url: string): Promise<string> {
  const client = EventStoreDBClient.connectionString(asEsdb(url));
  const { capabilities } = client as unknown as { capabilities: Promise<{ serverVersion: string }> };
  try {
    return (await capabilities).serverVersion;
  } finally {
    await client.dispose();
  }
}

async function main(url: string, count: number): Promise<void> {
  const prefix = `bench_${randomUUID().slice(0, 8)}`;
  const store = new EventStoreDbStore({ url, streamPrefix: prefix });
  const client = EventStoreDBClient.connectionString(asEsdb(url));
  const bareAppends = (onEvent: () => void): Promise<number> =>
    appends(
      count,
      (stream, { id, type }) =>
        client.appendToStream(
          stream.replace('rolebook.', `${prefix}.`),
          jsonEvent({ id, type, data: { ...data }, metadata: { ...metadata } }),
          { expectedRevision: 'no_stream' },
        ),
      onEvent,
    );
  const append = await contest({
    name: 'Appends',
    events: count,
    ours: (onEvent) => appends(count, (stream, event) => store.append(stream, 'no-stream', [event]), onEvent),
    bare: bareAppends,
  });
  const inOrder = await contest({
    name: 'Appends in order',
    events: count,
    ours: (onEvent) =>
      rate(count, () => take(count, store.appendInOrder(freshAppends(count)), () => true, onEvent)),
    bare: bareAppends,
  });
  const total = count * ROUNDS * 4;
  const catchUp = await contest({
    name: 'Catch-up',
    events: total,
    ours: (onEvent) =>
      rate(total, () =>
        take(
          total,
          store.subscribe({ signal: new AbortController().signal }),
          ({ kind }) => kind === 'event',
          onEvent,
        ),
      ),
    bare: (onEvent) =>
      rate(total, async () => {
        const filter = { filterOn: 'streamName' as const, prefixes: [`${prefix}.`], checkpointInterval: 32 };
        await take(total, client.subscribeToAll({ fromPosition: START, filter }), () => true, onEvent);
      }),
  });
  process.stdout.write(`EventStoreDB ${await versionOf(url)}, median of ${ROUNDS} rounds\n`);
  const figure = (what: string, { ours, bare }: typeof append, atLeast?: number): Figure => ({
    group: 'eventstoredb',
    what,
    value: ours,
    unit: '/s',
    against: { what: 'bare client', value: bare, unit: '/s' },
    ...(atLeast === undefined ? {} : { wanted: { of: 'ratio', atLeast } }),
  });
  const figures = [
    figure(`appends, ${IN_FLIGHT} under way`, append, 0.9),
    figure('appends in order, as a copy sends them', inOrder),
    figure('catch-up', catchUp, 0.8),
  ];
  process.stdout.write(`${terminalTable(figures)}\n`);
  await store.close();
  await client.dispose();
}

async function rebuild(url: string, users: number, from: Source): Promise<void> {
  const { figures, digests, keyReads } = await rebuildOnServer(url, users, from);
  process.stdout.write(`EventStoreDB ${await versionOf(url)}\n${terminalTable(figures)}\n`);
  printTable(
    ['thread', 'reads of the key book', 'streams', 'events', 'MB'],
    keyReads.map((each) => [each.thread, each.reads, each.streams, each.events, each.megabytes.toFixed(1)]),
    false,
  );
  const { rebuilt, followed } = digests;
  process.stdout.write(`digest, built anew      ${rebuilt}\ndigest, followed live   ${followed}\n`);
  if (rebuilt !== followed) throw new Error('The read models that were built anew differ.');
}

interface Options {
  readonly rebuild?: number;
  readonly from: Source;
}

const program = new Command('npm run bench:eventstoredb --')
  .description('Measures Rolebook on the server that EVENTSTOREDB_URL names.')
  .argument('[events]', 'appends of a round, beside the bare client', wholeNumber, 5_000)
  .option('--rebuild <users>', 'build the read models of so many users instead', wholeNumber)
  .addOption(
    new Option('--from <source>', 'how they come into the log: `import` is the command, `events` is quicker')
      .choices(['import', 'events'])
      .default('import'),
  );

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('A whole number from 1.');
  return number;
}

async function run(url: string): Promise<void> {
  const [events] = program.processedArgs as [number];
  const { rebuild: users, from } = program.opts<Options>();
  await (users === undefined ? main(url, events) : rebuild(url, users, from));
}

program.parse();
const url = process.env['EVENTSTOREDB_URL'];
if (url) {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      killAll();
      process.exit(1);
    });
  run(url).then(
    () => process.exit(0),
    (error: unknown) => {
      killAll();
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
} else {
  process.stdout.write('EventStoreDB: not run (set EVENTSTOREDB_URL)\n');
}
