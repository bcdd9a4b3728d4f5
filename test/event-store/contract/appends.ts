import { roleStream } from '../../../src/event-store/port/streams';
import {
  collect,
  expectIncreasing,
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

export function appendContract(open: OpenStore): void {
  describe('an append', () => {
    const store = sharedStore(open);

    it('makes a stream when none is expected, and says where its last event stands', async () => {
      const stream = newStream();
      const result = await store().append(stream, 'no-stream', newEvents(3));
      const events = await collect(store().readStream(stream));
      expect(result).toEqual({ outcome: 'appended', revision: 2, position: events[2]?.position });
    });

    it('goes on at the revision that it expects', async () => {
      const stream = newStream();
      await store().append(stream, 'no-stream', newEvents(2));
      expect(await store().append(stream, 1, newEvents(2))).toMatchObject({
        outcome: 'appended',
        revision: 3,
      });
      expect(revisionsOf(await collect(store().readStream(stream)))).toEqual([0, 1, 2, 3]);
    });

    it('that expects any revision makes a stream, or goes on', async () => {
      const stream = newStream();
      expect(await store().append(stream, 'any', newEvents(1))).toMatchObject({ revision: 0 });
      expect(await store().append(stream, 'any', newEvents(2))).toMatchObject({ revision: 2 });
    });

    it('gives a stream of which it expects nothing or too little back as a conflict, with its revision', async () => {
      const stream = newStream();
      await write(store(), stream, newEvents(3));
      const conflict = { outcome: 'conflict', actual: 2 };
      expect(await store().append(stream, 'no-stream', newEvents(1))).toEqual(conflict);
      expect(await store().append(stream, 0, newEvents(1))).toEqual(conflict);
      expect(await store().append(stream, 0, newEvents(9))).toEqual(conflict);
    });

    it('that expects more than there is conflicts, with null where there is no stream', async () => {
      const stream = newStream();
      expect(await store().append(stream, 0, newEvents(1))).toEqual({ outcome: 'conflict', actual: null });
      await write(store(), stream, newEvents(1));
      expect(await store().append(stream, 5, newEvents(1))).toEqual({ outcome: 'conflict', actual: 0 });
    });

    it('that conflicts writes none of its events', async () => {
      const stream = newStream();
      const start = await here(store());
      const first = newEvents(2);
      await write(store(), stream, first);
      await store().append(stream, 0, newEvents(3));
      expect(idsOf(await readStreams(store(), start, [stream]))).toEqual(idsOf(first));
    });

    it('is won by exactly one of many that expect the same revision', async () => {
      const stream = newStream();
      await write(store(), stream, newEvents(1));
      const rivals = Array.from({ length: 20 }, () => store().append(stream, 0, newEvents(2)));
      const results = await Promise.all(rivals);
      expect(results.filter(({ outcome }) => outcome === 'appended')).toHaveLength(1);
      for (const result of results) {
        if (result.outcome === 'conflict') expect(result.actual).toBe(2);
      }
      expect(await collect(store().readStream(stream))).toHaveLength(3);
    });

    it('of several events gives each a position of its own, in order', async () => {
      const stream = newStream();
      const first = await write(store(), stream, newEvents(5));
      const second = await write(store(), stream, newEvents(5));
      const positions = (await collect(store().readStream(stream))).map(({ position }) => position);
      expectIncreasing(positions);
      expect([positions[4], positions[9]]).toEqual([first.position, second.position]);
    });

    it('keeps its events together in the log, whoever writes beside it', async () => {
      const account = newAccount();
      const start = await here(store());
      const streams = Array.from({ length: 10 }, (_, index) => roleStream(account, `role${index}`));
      await Promise.all(streams.map((stream) => write(store(), stream, newEvents(7))));
      const log = await readStreams(store(), start, streams);
      for (let at = 0; at < log.length; at += 7) {
        const append = log.slice(at, at + 7);
        expect(new Set(append.map(({ stream }) => stream)).size).toBe(1);
        expect(revisionsOf(append)).toEqual([0, 1, 2, 3, 4, 5, 6]);
      }
      expect(log).toHaveLength(70);
    });

    it('gives back every kind of JSON as it was', async () => {
      const stream = newStream();
      const event = newEvent({
        texts: ['', 'Zoë 🧑‍🚀 漢字 \u0000 \u2028 "\\', 'مدير', 'e\u0301'],
        'ключ 🔑': { 10: 'ten', 9: 'nine', __proto: null },
        numbers: [0, -1.5, 1e21, 5e-324, 9007199254740991, 0.1],
        nested: [[[]], {}, { a: [{ b: [true, false, null] }] }],
      });
      await write(store(), stream, [event]);
      const [read] = await collect(store().readStream(stream));
      expect(read).toEqual({ ...event, stream, revision: 0, position: read?.position });
    });

    it('takes names of the longest form', async () => {
      const stream = roleStream(newAccount().padEnd(64, '_'), 'R-'.repeat(32));
      const event = newEvent({}, 'T'.repeat(64));
      await write(store(), stream, [event]);
      expect(await collect(store().readStream(stream))).toMatchObject([{ ...event, stream }]);
    });

    it('keeps many streams apart', async () => {
      const account = newAccount();
      const names = Array.from({ length: 200 }, (_, index) => `role${index}`);
      await Promise.all(names.map((role) => write(store(), roleStream(account, role), [newEvent({ role })])));
      for (const role of names) {
        expect(await collect(store().readStream(roleStream(account, role)))).toMatchObject([
          { data: { role } },
        ]);
      }
    });
  });
}
