import * as fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type {
  AppendResult,
  EventStore,
  ExpectedRevision,
  NewEvent,
} from '../../src/event-store/port/event-store';
import { MemoryEventStore } from './memory/memory-store';
import { roleStream } from '../../src/event-store/port/streams';
import { collect, here, idsOf, newAccount, readStreams } from './contract/controls';
import { EmbeddedControls } from './embedded/controls';
import { runs } from '../scale';

/** A few ids and streams, so that repeats and conflicts come up all the time. */
const IDS = Array.from({ length: 4 }, () => randomUUID());
const ROLES = ['a', 'b'];

interface Append {
  readonly role: string;
  readonly expected: ExpectedRevision;
  readonly ids: readonly string[];
}

const append: fc.Arbitrary<Append> = fc.record({
  role: fc.constantFrom(...ROLES),
  expected: fc.oneof(fc.constantFrom<ExpectedRevision>('any', 'no-stream'), fc.nat({ max: 6 })),
  ids: fc.array(fc.constantFrom(...IDS), { minLength: 1, maxLength: 3 }),
});

const event = (id: string): NewEvent => ({ id, type: 'Happened', data: {}, metadata: {} });

/** The rules of an append in the fewest words: what each stream holds, as ids. Answers a revision, or a conflict. */
class Model {
  readonly streams = new Map<string, string[]>();

  append({ role, expected, ids }: Append): number | string {
    const held = this.streams.get(role) ?? [];
    const at = expected === 'any' ? null : expected === 'no-stream' ? 0 : expected + 1;
    const from = at ?? Math.max(0, held.length - ids.length);
    const known = held.slice(from, from + ids.length);
    if (at !== held.length && known.join() === ids.join()) return from + ids.length - 1;
    if (at !== null && at !== held.length) return `conflict ${held.length === 0 ? null : held.length - 1}`;
    this.streams.set(role, [...held, ...ids]);
    return held.length + ids.length - 1;
  }
}

const answer = (result: AppendResult): number | string =>
  result.outcome === 'appended' ? result.revision : `conflict ${result.actual}`;

describe('any sequence of appends', () => {
  const controls = new EmbeddedControls();
  const memory = new MemoryEventStore();
  afterAll(() => Promise.all([controls.cleanUp(), memory.close()]));

  /** Sends all at once, so that the embedded store commits them together. */
  async function run(store: EventStore, appends: readonly Append[]): Promise<unknown> {
    const account = newAccount();
    const streams = ROLES.map((role) => roleStream(account, role));
    const start = await here(store);
    const results = await Promise.all(
      appends.map(({ role, expected, ids }) =>
        store.append(roleStream(account, role), expected, ids.map(event)),
      ),
    );
    const log = await readStreams(store, start, streams);
    for (const result of results) {
      if (result.outcome === 'conflict') continue;
      const at = log.find(({ position }) => position === result.position);
      expect(at?.revision).toBe(result.revision);
    }
    const read = await Promise.all(streams.map((stream) => collect(store.readStream(stream))));
    const order = log.map(({ stream, revision, id }) => [streams.indexOf(stream), revision, id]);
    return { answers: results.map(answer), held: read.map(idsOf), order };
  }

  it('has the same outcome in the model, in memory and in the embedded store', async () => {
    const embedded = await controls.open();
    await fc.assert(
      fc.asyncProperty(fc.array(append, { maxLength: 25 }), async (appends) => {
        const model = new Model();
        const answers = appends.map((one) => model.append(one));
        const held = ROLES.map((role) => model.streams.get(role) ?? []);
        const inMemory = await run(memory, appends);
        expect(inMemory).toMatchObject({ answers, held });
        expect(await run(embedded, appends)).toEqual(inMemory);
      }),
      runs(200),
    );
  });
});
