import type { Append, EventStore } from '../../../src/event-store/port/event-store';
import {
  collect,
  failureOf,
  here,
  idsOf,
  newEvent,
  newEvents,
  newStream,
  write,
  type OpenStore,
} from './controls';

export function closingContract(open: OpenStore): void {
  describe('closing', () => {
    it('finishes the appends under way, and may be done twice', async () => {
      const { store, close } = await open();
      const appends = Array.from({ length: 20 }, () => store.append(newStream(), 'no-stream', [newEvent()]));
      await store.close();
      await store.close();
      for (const result of await Promise.all(appends)) expect(result.outcome).toBe('appended');
      await close();
    });

    it('makes every later call fail as closed', async () => {
      const { store, close } = await open();
      await store.close();
      const { signal } = new AbortController();
      const one = async function* (): AsyncGenerator<Append> {
        yield { stream: newStream(), expected: 'any', events: [newEvent()] };
      };
      const calls: readonly ((store: EventStore) => Promise<unknown>)[] = [
        (s) => s.identity(),
        (s) => s.line(),
        (s) => s.takeLine('another'),
        (s) => s.format(),
        (s) => s.origin(),
        (s) => s.takeFormat(2, null),
        (s) => s.head(),
        (s) => s.append(newStream(), 'any', [newEvent()]),
        (s) => collect(s.appendInOrder(one())),
        (s) => collect(s.readStream(newStream())),
        (s) => collect(s.readAll({ limit: 1 })),
        (s) => collect(s.subscribe({ signal })),
      ];
      for (const call of calls) expect(await failureOf(call(store))).toBe('CLOSED');
      await close();
    });

    it('ends a subscription that waits, as closed', async () => {
      const { store, close } = await open();
      const after = await here(store);
      const following = async (): Promise<void> => {
        for await (const item of store.subscribe({ after, signal: new AbortController().signal })) {
          if (item.kind === 'caught-up') setImmediate(() => void store.close());
        }
      };
      expect(await failureOf(following())).toBe('CLOSED');
      await close();
    });
  });

  describe('a log opened again', () => {
    it('is the same log with the same events', async () => {
      const { store, close, reopen } = await open();
      const identity = await store.identity();
      const stream = newStream();
      const events = newEvents(3);
      const first = await write(store, stream, events);
      if (reopen) {
        const again = await reopen();
        expect(await again.identity()).toBe(identity);
        expect(idsOf(await collect(again.readStream(stream)))).toEqual(idsOf(events));
        expect(await again.append(stream, 'no-stream', events)).toEqual(first);
        expect(await again.append(stream, 2, newEvents(1))).toMatchObject({
          outcome: 'appended',
          revision: 3,
        });
      } else {
        expect(await store.identity()).toBe(identity);
      }
      await close();
    });
  });
}
