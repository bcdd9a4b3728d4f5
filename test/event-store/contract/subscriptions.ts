import type { RecordedEvent } from '../../../src/event-store/port/event-store';
import { heartbeatStream, roleStream } from '../../../src/event-store/port/streams';
import {
  collect,
  expectIncreasing,
  followStreams,
  here,
  idsOf,
  newAccount,
  newEvent,
  newEvents,
  newStream,
  revisionsOf,
  write,
  type OpenStore,
} from './controls';
import { sharedStore } from './shared-store';

export function subscriptionContract(open: OpenStore): void {
  describe('a subscription', () => {
    const store = sharedStore(open);

    it('gives what stands in the log, then says that it has caught up', async () => {
      const start = await here(store());
      const stream = newStream();
      const { position } = await write(store(), stream, newEvents(1_200));
      const stop = new AbortController();
      const seen: number[] = [];
      for await (const item of store().subscribe({ after: start, signal: stop.signal })) {
        if (item.kind === 'event') {
          if (item.event.stream === stream) seen.push(item.event.revision);
          continue;
        }
        expect(item.position).toBeGreaterThanOrEqual(position);
        stop.abort();
      }
      expect(seen).toEqual(Array.from({ length: 1_200 }, (_, index) => index));
    });

    it('says so at once where nothing follows, then gives what is appended', async () => {
      const start = await here(store());
      const stream = newStream();
      const stop = new AbortController();
      const live: RecordedEvent[] = [];
      let waits = false;
      for await (const item of store().subscribe({ after: start, signal: stop.signal })) {
        if (item.kind === 'caught-up' && !waits) {
          waits = true;
          await write(store(), stream, newEvents(3));
        }
        if (item.kind === 'event' && item.event.stream === stream) live.push(item.event);
        if (live.length === 3) stop.abort();
      }
      expect(revisionsOf(live)).toEqual([0, 1, 2]);
      expect(live).toEqual(await collect(store().readStream(stream)));
    });

    it('starts strictly after its position, also inside an append', async () => {
      const stream = newStream();
      await write(store(), stream, newEvents(5));
      const events = await collect(store().readStream(stream));
      const seen = await followStreams(store(), events[2]?.position ?? 0n, new Set([stream]), 2);
      expect(revisionsOf(seen)).toEqual([3, 4]);
    });

    it('gives only streams of ours, and no heartbeats', async () => {
      const start = await here(store());
      const last = newStream();
      await write(store(), heartbeatStream(newAccount()), [newEvent({}, 'Heartbeat')]);
      await write(store(), last, newEvents(1));
      const stop = new AbortController();
      for await (const item of store().subscribe({ after: start, signal: stop.signal })) {
        if (item.kind !== 'event') continue;
        expect(item.event.stream).toMatch(/^rolebook\.(?!heartbeat)/);
        if (item.event.stream === last) stop.abort();
      }
    });

    it('goes from the past into the present with no gap and no repeat while many write', async () => {
      const account = newAccount();
      const streams = Array.from({ length: 8 }, (_, index) => roleStream(account, `role${index}`));
      const start = await here(store());
      const writers = streams.map(async (stream) => {
        for (let append = 0; append < 25; append++) await write(store(), stream, newEvents(1 + (append % 3)));
      });
      const each = 49;
      const following = (): Promise<RecordedEvent[]> =>
        followStreams(store(), start, new Set(streams), streams.length * each);
      const early = following();
      await Promise.race(writers);
      const late = following();
      await Promise.all(writers);
      const seen = await early;
      for (const stream of streams) {
        const own = seen.filter((event) => event.stream === stream);
        expect(revisionsOf(own)).toEqual(Array.from({ length: each }, (_, index) => index));
      }
      expectIncreasing(seen.map(({ position }) => position));
      expect(await late).toEqual(seen);
    });

    it('holds the log back for a slow consumer, who still gets everything in order', async () => {
      const start = await here(store());
      const stream = newStream();
      const written: string[] = [];
      const stop = new AbortController();
      const items = store().subscribe({ after: start, signal: stop.signal })[Symbol.asyncIterator]();
      const seen: string[] = [];
      const takeOne = async (): Promise<void> => {
        const { value, done } = await items.next();
        if (!done && value.kind === 'event' && value.event.stream === stream) seen.push(value.event.id);
      };
      for (let round = 0; round < 5; round++) {
        const events = newEvents(300);
        await write(store(), stream, events);
        written.push(...idsOf(events));
        await takeOne();
      }
      while (seen.length < written.length) await takeOne();
      stop.abort();
      await items.return?.();
      expect(seen).toEqual(written);
    });

    it('ends when it is aborted while it waits', async () => {
      const start = await here(store());
      const stop = new AbortController();
      const items = store().subscribe({ after: start, signal: stop.signal });
      for await (const item of items) {
        if (item.kind === 'caught-up') setImmediate(() => stop.abort());
      }
      expect(stop.signal.aborted).toBe(true);
    });

    it('gives nothing more once it is aborted, and nothing at all if it was before', async () => {
      const start = await here(store());
      await write(store(), newStream(), newEvents(10));
      const stop = new AbortController();
      let given = 0;
      for await (const _ of store().subscribe({ after: start, signal: stop.signal })) {
        given++;
        stop.abort();
      }
      expect(given).toBe(1);
      expect(await collect(store().subscribe({ after: start, signal: stop.signal }))).toEqual([]);
    });

    it('can be left by its consumer', async () => {
      const start = await here(store());
      await write(store(), newStream(), newEvents(2));
      for await (const _ of store().subscribe({ after: start, signal: new AbortController().signal })) break;
      expect(await store().head()).not.toBeNull();
    });

    it('does not disturb another', async () => {
      const start = await here(store());
      const stream = newStream();
      const stop = new AbortController();
      const idle = store().subscribe({ after: start, signal: stop.signal })[Symbol.asyncIterator]();
      const busy = followStreams(store(), start, new Set([stream]), 600);
      await write(store(), stream, newEvents(600));
      expect(await busy).toHaveLength(600);
      stop.abort();
      await idle.return?.();
    });
  });
}
