import type { EventStore, RecordedEvent, SubscriptionItem } from '../../src/event-store/port/event-store';
import { opening, type Opener } from '../../src/sealing/opening-store';

/** Subscriptions of readers in clear: what fails or ends above ends the subscription below, which may hold a connection. */

const event = (id: string) => ({ id, type: 'UserRegistered' }) as RecordedEvent;
const ITEMS: readonly SubscriptionItem[] = [
  { kind: 'event', event: event('one') },
  { kind: 'caught-up' } as SubscriptionItem,
  { kind: 'event', event: event('two') },
];

function subscribed(open: Opener['open']) {
  const seen = { ended: false, items: [] as SubscriptionItem[] };
  async function* items(): AsyncGenerator<SubscriptionItem, void, undefined> {
    try {
      yield* ITEMS;
    } finally {
      seen.ended = true;
    }
  }
  const store = opening({ subscribe: items } as unknown as EventStore, { open });
  return { seen, stream: store.subscribe({ signal: new AbortController().signal }) };
}

const renamed = (from: RecordedEvent): RecordedEvent => ({ ...from, type: 'Opened' });

test.each([
  ['at once', (from: RecordedEvent) => renamed(from)],
  ['later', (from: RecordedEvent) => Promise.resolve(renamed(from))],
])('events are opened %s, in their order, and other items pass', async (_when, open) => {
  const { seen, stream } = subscribed(open);
  for await (const item of stream) seen.items.push(item);
  expect(seen.items).toEqual([
    { kind: 'event', event: { ...event('one'), type: 'Opened' } },
    { kind: 'caught-up' },
    { kind: 'event', event: { ...event('two'), type: 'Opened' } },
  ]);
});

test.each([
  [
    'at once',
    () => {
      throw new Error('not now');
    },
  ],
  ['later', () => Promise.reject(new Error('not now'))],
])('an event that fails to open %s ends the subscription', async (_when, open) => {
  const { seen, stream } = subscribed(open);
  const reading = async () => {
    for await (const item of stream) seen.items.push(item);
  };
  await expect(reading()).rejects.toThrow('not now');
  expect(seen).toEqual({ ended: true, items: [] });
});

test('a reader that leaves ends the subscription', async () => {
  const { seen, stream } = subscribed(renamed);
  for await (const item of stream) {
    seen.items.push(item);
    break;
  }
  expect(seen.items).toHaveLength(1);
  expect(seen.ended).toBe(true);
});
