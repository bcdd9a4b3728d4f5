import { heartbeatStream, isHeartbeat, roleStream } from '../../../src/event-store/port/streams';
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
  revisionsOf,
  write,
  type OpenStore,
} from './controls';
import { sharedStore } from './shared-store';

export function readContract(open: OpenStore): void {
  const store = sharedStore(open);

  describe('reading a stream', () => {
    const stream = newStream();
    const events = newEvents(1_200);
    beforeAll(() => write(store(), stream, events));

    const revisions = async (
      options: Parameters<ReturnType<typeof store>['readStream']>[1],
    ): Promise<number[]> => revisionsOf(await collect(store().readStream(stream, options)));

    it('gives all its events in order, from the first', async () => {
      const read = await collect(store().readStream(stream));
      expect(idsOf(read)).toEqual(idsOf(events));
      expect(revisionsOf(read)).toEqual(events.map((_, index) => index));
    });

    it('starts at the revision asked for, that one included', async () => {
      expect(await revisions({ from: 1_197 })).toEqual([1_197, 1_198, 1_199]);
      expect(await revisions({ from: 1_200 })).toEqual([]);
    });

    it('gives no more than the limit', async () => {
      expect(await revisions({ limit: 2 })).toEqual([0, 1]);
      expect(await revisions({ from: 5, limit: 3 })).toEqual([5, 6, 7]);
      expect(await revisions({ limit: 0 })).toEqual([]);
      expect(await revisions({ limit: 700 })).toHaveLength(700);
    });

    it('goes backwards from the end, or from a revision', async () => {
      expect(await revisions({ direction: 'backwards', limit: 2 })).toEqual([1_199, 1_198]);
      expect(await revisions({ direction: 'backwards', from: 2 })).toEqual([2, 1, 0]);
      expect(await revisions({ direction: 'backwards', from: 900, limit: 2 })).toEqual([900, 899]);
      expect(await revisions({ direction: 'backwards' })).toEqual(events.map((_, index) => 1_199 - index));
    });

    it('can be left half way', async () => {
      const seen: number[] = [];
      for await (const { revision } of store().readStream(stream)) {
        if (seen.push(revision) === 3) break;
      }
      expect(seen).toEqual([0, 1, 2]);
    });

    it('gives nothing where there is no stream', async () => {
      expect(await collect(store().readStream(newStream()))).toEqual([]);
      expect(await collect(store().readStream(newStream(), { direction: 'backwards', limit: 1 }))).toEqual(
        [],
      );
      expect(await collect(store().readStream(newStream(), { from: 3 }))).toEqual([]);
    });

    it('refuses a revision or a limit that is none', async () => {
      expect(await failureOf(revisions({ from: -1 }))).toBe('INVALID_ARGUMENT');
      expect(await failureOf(revisions({ limit: 1.5 }))).toBe('INVALID_ARGUMENT');
    });
  });

  describe('reading the whole log', () => {
    it('gives the events of all streams in the order of their positions', async () => {
      const start = await here(store());
      const account = newAccount();
      const streams = ['a', 'b', 'c'].map((role) => roleStream(account, role));
      for (const stream of [...streams, ...streams]) await write(store(), stream, newEvents(2));
      const log = await readStreams(store(), start, streams);
      expect(log.map(({ stream, revision }) => [streams.indexOf(stream), revision])).toEqual(
        [0, 1, 2]
          .flatMap((n) => [
            [n, 0],
            [n, 1],
          ])
          .concat(
            [0, 1, 2].flatMap((n) => [
              [n, 2],
              [n, 3],
            ]),
          ),
      );
      expectIncreasing(log.map(({ position }) => position));
    });

    it('starts strictly after the position asked for, also inside an append', async () => {
      const start = await here(store());
      const stream = newStream();
      await write(store(), stream, newEvents(4));
      const [, second] = await readStreams(store(), start, [stream]);
      expect(revisionsOf(await readStreams(store(), second?.position ?? start, [stream]))).toEqual([2, 3]);
    });

    it('gives an event as the reading of its stream does', async () => {
      const start = await here(store());
      const stream = newStream();
      await write(store(), stream, [newEvent({ name: 'Zoë' }), newEvent()]);
      expect(await readStreams(store(), start, [stream])).toEqual(await collect(store().readStream(stream)));
    });

    it('gives no more than the limit, and only streams of ours', async () => {
      const start = await here(store());
      await write(store(), newStream(), newEvents(5));
      const some = await collect(store().readAll({ after: start, limit: 3 }));
      expect(some).toHaveLength(3);
      for (const { stream } of some) expect(stream).toMatch(/^rolebook\./);
      expect(await collect(store().readAll({ after: start, limit: 0 }))).toEqual([]);
    });

    it('from the very start begins with an event of ours', async () => {
      await here(store());
      const first = await collect(store().readAll({ limit: 1 }));
      expect(first).toHaveLength(1);
      expect(first[0]?.stream).toMatch(/^rolebook\./);
    });

    it('after its last event gives nothing of ours', async () => {
      const stream = newStream();
      const { position } = await write(store(), stream, newEvents(1));
      expect(await readStreams(store(), position, [stream])).toEqual([]);
    });
  });

  describe('heartbeats', () => {
    const heartbeat = heartbeatStream(newAccount());

    it('are left out of the head and of the whole log, and stand in their stream', async () => {
      const start = await here(store());
      const { position } = await write(store(), newStream(), newEvents(1));
      await write(store(), heartbeat, [newEvent({}, 'Heartbeat')]);
      const head = await store().head();
      expect(head?.position).toBeGreaterThanOrEqual(position);
      expect(isHeartbeat(head?.stream ?? '')).toBe(false);
      expect(await readStreams(store(), start, [heartbeat])).toEqual([]);
      expect(await collect(store().readStream(heartbeat))).toHaveLength(1);
    });
  });
}
