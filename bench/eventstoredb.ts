import { START, jsonEvent, EventStoreDBClient } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { openEventStoreDb } from '../src/event-store/eventstoredb';
import type { JsonObject, NewEvent } from '../src/event-store/event-store';
import { roleStream } from '../src/event-store/streams';

/**
 * Appends and catch-up of our store in EventStoreDB, beside the official client alone, in turns and in one run.
 * Usage: EVENTSTOREDB_URL=esdb://... node dist/bench/eventstoredb.js [events]
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

async function rate(count: number, work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return count / ((performance.now() - began) / 1_000);
}

/** Single events, each to a stream of its own, so many under way at a time. */
async function appends(
  count: number,
  append: (stream: string, event: NewEvent) => Promise<unknown>,
): Promise<number> {
  const account = `bench-${randomUUID()}`;
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) await append(roleStream(account, `role${n}`), newEvent());
  };
  return rate(count, () => Promise.all(Array.from({ length: IN_FLIGHT }, lane)));
}

async function take<T>(count: number, items: AsyncIterable<T>, counts: (item: T) => boolean): Promise<void> {
  let taken = 0;
  for await (const item of items) if (counts(item) && ++taken === count) return;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

function report(what: string, ours: readonly number[], bare: readonly number[]): void {
  const [a, b] = [median(ours), median(bare)];
  const line = [
    what.padEnd(12),
    `${a.toFixed(0).padStart(7)}/s`,
    `bare ${b.toFixed(0).padStart(7)}/s`,
    `ratio ${(a / b).toFixed(2)}`,
  ];
  process.stdout.write(`${line.join('  ')}\n`);
}

async function main(url: string, count: number): Promise<void> {
  const store = await openEventStoreDb({ url });
  const client = EventStoreDBClient.connectionString(url);
  const figures = {
    append: { ours: [] as number[], bare: [] as number[] },
    follow: { ours: [] as number[], bare: [] as number[] },
  };
  for (let round = 0; round <= ROUNDS; round++) {
    const ours = await appends(count, (stream, event) => store.append(stream, 'no-stream', [event]));
    const bare = await appends(count, (stream, event) =>
      client.appendToStream(
        stream,
        jsonEvent({ id: event.id, type: event.type, data: { ...data }, metadata: { ...metadata } }),
        {
          expectedRevision: 'no_stream',
        },
      ),
    );
    // The first round warms up.
    if (round === 0) continue;
    figures.append.ours.push(ours);
    figures.append.bare.push(bare);
  }
  const total = count * 4;
  for (let round = 0; round <= ROUNDS; round++) {
    const ours = await rate(total, () =>
      take(total, store.subscribe({ signal: new AbortController().signal }), ({ kind }) => kind === 'event'),
    );
    const bare = await rate(total, async () => {
      const filter = { filterOn: 'streamName' as const, prefixes: ['rolebook.'], checkpointInterval: 32 };
      const subscription = client.subscribeToAll({ fromPosition: START, filter });
      await take(total, subscription, () => true);
    });
    if (round === 0) continue;
    figures.follow.ours.push(ours);
    figures.follow.bare.push(bare);
  }
  report('append', figures.append.ours, figures.append.bare);
  report('catch-up', figures.follow.ours, figures.follow.bare);
  await store.close();
  await client.dispose();
}

const url = process.env['EVENTSTOREDB_URL'];
if (url) {
  main(url, Number(process.argv[2] ?? 5_000)).then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
} else {
  process.stdout.write('EventStoreDB: not run (set EVENTSTOREDB_URL)\n');
}
