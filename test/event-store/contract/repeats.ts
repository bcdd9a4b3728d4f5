import { collect, idsOf, newEvent, newEvents, newStream, write, type OpenStore } from './controls';
import { sharedStore } from './shared-store';

export function repeatContract(open: OpenStore): void {
  describe('an append sent again', () => {
    const store = sharedStore(open);
    const stored = async (stream: string): Promise<string[]> =>
      idsOf(await collect(store().readStream(stream)));

    it.each(['no-stream', 'any'] as const)(
      'as the start of a stream (%s) answers its first outcome',
      async (expected) => {
        const stream = newStream();
        const events = newEvents(3);
        const first = await store().append(stream, expected, events);
        expect(await store().append(stream, expected, events)).toEqual(first);
        expect(await stored(stream)).toEqual(idsOf(events));
      },
    );

    it('at an exact revision answers its first outcome', async () => {
      const stream = newStream();
      await write(store(), stream, newEvents(2));
      const events = newEvents(2);
      const first = await store().append(stream, 1, events);
      expect(await store().append(stream, 1, events)).toEqual(first);
      expect(await stored(stream)).toHaveLength(4);
    });

    it('answers its first outcome when the stream has grown since', async () => {
      const stream = newStream();
      const [opening, next] = [newEvents(2), newEvents(2)];
      const first = await store().append(stream, 'no-stream', opening);
      const second = await store().append(stream, 1, next);
      await write(store(), stream, newEvents(3));
      expect(await store().append(stream, 'no-stream', opening)).toEqual(first);
      expect(await store().append(stream, 1, next)).toEqual(second);
      expect(await stored(stream)).toHaveLength(7);
    });

    it('while the first is still under way is written once', async () => {
      const stream = newStream();
      const events = newEvents(2);
      const append = (): Promise<unknown> => store().append(stream, 'no-stream', events);
      const [first, second] = await Promise.all([append(), append()]);
      expect(second).toEqual(first);
      expect(await stored(stream)).toEqual(idsOf(events));
    });

    it('with other content under known ids is a repeat: the first content stays', async () => {
      const stream = newStream();
      const event = newEvent({ name: 'first' });
      const first = await store().append(stream, 'no-stream', [event]);
      expect(await store().append(stream, 'no-stream', [{ ...event, data: { name: 'other' } }])).toEqual(
        first,
      );
      expect(await collect(store().readStream(stream))).toMatchObject([{ data: { name: 'first' } }]);
    });

    it('with its ids in capitals is a repeat', async () => {
      const stream = newStream();
      const event = newEvent();
      const first = await store().append(stream, 'no-stream', [event]);
      const again = await store().append(stream, 'no-stream', [{ ...event, id: event.id.toUpperCase() }]);
      expect(again).toEqual(first);
      expect(await stored(stream)).toEqual([event.id]);
    });

    it('at a later revision is written again: ids are not unique', async () => {
      const stream = newStream();
      const events = newEvents(2);
      await store().append(stream, 'no-stream', events);
      expect(await store().append(stream, 1, events)).toMatchObject({ outcome: 'appended', revision: 3 });
      expect(await stored(stream)).toEqual([...idsOf(events), ...idsOf(events)]);
    });

    it('to another stream is written there', async () => {
      const [stream, other] = [newStream(), newStream()];
      const events = newEvents(2);
      await store().append(stream, 'no-stream', events);
      await store().append(other, 'no-stream', events);
      expect(await stored(other)).toEqual(idsOf(events));
    });

    it('with one event more, or another last one, is a conflict', async () => {
      const stream = newStream();
      const [a, b, c] = newEvents(3) as [
        ReturnType<typeof newEvent>,
        ReturnType<typeof newEvent>,
        ReturnType<typeof newEvent>,
      ];
      await store().append(stream, 'no-stream', [a, b]);
      const conflict = { outcome: 'conflict', actual: 1 };
      expect(await store().append(stream, 'no-stream', [a, b, c])).toEqual(conflict);
      expect(await store().append(stream, 'no-stream', [a, c])).toEqual(conflict);
      expect(await store().append(stream, 'no-stream', [b, a])).toEqual(conflict);
      expect(await stored(stream)).toEqual(idsOf([a, b]));
    });
  });
}
