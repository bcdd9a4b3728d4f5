import { roleStream } from '../../../src/event-store/port/streams';
import type { Append, AppendResult } from '../../../src/event-store/port/event-store';
import {
  collect,
  expectIncreasing,
  failureOf,
  here,
  idsOf,
  newAccount,
  newEvent,
  newEvents,
  newStream,
  readStreams,
  type OpenStore,
} from './controls';
import { sharedStore } from './shared-store';

/** Appends of one to three events each, to the streams in turns. */
function appendsOf(count: number, streams: readonly string[]): Append[] {
  const next = new Map<string, number>();
  return Array.from({ length: count }, (_, index) => {
    const stream = streams[index % streams.length]!;
    const revision = next.get(stream) ?? -1;
    const events = newEvents(1 + (index % 3));
    next.set(stream, revision + events.length);
    return { stream, expected: revision < 0 ? 'no-stream' : revision, events };
  });
}

async function* given(appends: readonly Append[]): AsyncGenerator<Append> {
  yield* appends;
}

export function inOrderContract(open: OpenStore): void {
  describe('appends in order', () => {
    const store = sharedStore(open);
    const streamsOf = (count: number): string[] => {
      const account = newAccount();
      return Array.from({ length: count }, (_, index) => roleStream(account, `role${index}`));
    };

    it('stand in the log in the order in which they were given, over all streams', async () => {
      const start = await here(store());
      const streams = streamsOf(30);
      const appends = appendsOf(400, streams);
      const results = await collect(store().appendInOrder(given(appends)));
      expect(results.map(({ outcome }) => outcome)).toEqual(appends.map(() => 'appended'));
      expectIncreasing(results.map((result) => (result.outcome === 'appended' ? result.position : 0n)));
      const log = await readStreams(store(), start, streams);
      expect(idsOf(log)).toEqual(idsOf(appends.flatMap(({ events }) => events)));
      expect(log.at(-1)?.position).toBe((results.at(-1) as { position: bigint }).position);
    });

    it('given again answer as they did, and write nothing', async () => {
      const start = await here(store());
      const streams = streamsOf(5);
      const appends = appendsOf(60, streams);
      const first = await collect(store().appendInOrder(given(appends)));
      expect(await collect(store().appendInOrder(given(appends)))).toEqual(first);
      expect(await readStreams(store(), start, streams)).toHaveLength(120);
    });

    it('give a conflict in its place', async () => {
      const [one, other] = [newStream(), newStream()];
      const append = (stream: string): Append => ({ stream, expected: 'no-stream', events: newEvents(1) });
      const results = await collect(store().appendInOrder(given([append(one), append(one), append(other)])));
      expect(results).toMatchObject([
        { outcome: 'appended', revision: 0 },
        { outcome: 'conflict', actual: 0 },
        { outcome: 'appended', revision: 0 },
      ]);
    });

    it('end at one that cannot be sent; those before it are there', async () => {
      const [sound, faulty] = [newStream(), newStream()];
      const appends: Append[] = [
        { stream: sound, expected: 'no-stream', events: newEvents(2) },
        { stream: faulty, expected: 'no-stream', events: [{ ...newEvent(), id: 'none' }] },
      ];
      const results: AppendResult[] = [];
      const appending = async (): Promise<void> => {
        for await (const result of store().appendInOrder(given(appends))) results.push(result);
      };
      expect(await failureOf(appending())).toBe('INVALID_EVENT');
      expect(results).toMatchObject([{ outcome: 'appended', revision: 1 }]);
      expect(await collect(store().readStream(sound))).toHaveLength(2);
      expect(await collect(store().readStream(faulty))).toEqual([]);
    });

    it('may be left by whoever gives them', async () => {
      const streams = streamsOf(3);
      for await (const _ of store().appendInOrder(given(appendsOf(90, streams)))) break;
      expect(await store().append(newStream(), 'no-stream', newEvents(1))).toMatchObject({ revision: 0 });
    });

    it('fail as a failure of what gives them', async () => {
      const failing = async function* (): AsyncGenerator<Append> {
        yield* appendsOf(3, [newStream()]);
        throw new Error('the source is gone');
      };
      await expect(collect(store().appendInOrder(failing()))).rejects.toThrow('the source is gone');
    });
  });
}
