import { randomUUID } from 'node:crypto';
import {
  UnsoundEventError,
  type NewEvent,
  type RecordedEvent,
} from '../../../src/event-store/port/event-store';
import { MemoryEventStore } from '../memory/memory-store';
import { roleStream, userStream } from '../../../src/event-store/port/streams';
import { validating } from '../../../src/event-store/decorators/validating-store';
import { soundMetadata } from '../../sound-metadata';

const event = (type: string, data: object, metadata: object = {}): NewEvent => ({
  id: randomUUID(),
  type,
  data: data as NewEvent['data'],
  metadata: { ...soundMetadata(), ...metadata } as NewEvent['metadata'],
});
const assigned = event('UserAssigned', { role: 'r1', user: 'ann' });
const ROLE = roleStream('acme', 'r1');

async function contentOf(store: MemoryEventStore): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const each of store.readAll()) events.push(each);
  return events;
}

const UNSOUND: readonly (readonly [what: string, stream: string, event: NewEvent, path: string])[] = [
  ['an unknown type', ROLE, event('RoleExploded', {}), 'type'],
  ['a type that objects inherit', ROLE, event('toString', {}), 'type'],
  ['a missing field', ROLE, event('UserAssigned', { role: 'r1' }), 'data/user'],
  ['an unknown field', ROLE, event('UserAssigned', { role: 'r1', user: 'ann', x: 1 }), 'data/x'],
  [
    'a year of six digits',
    userStream('acme', 'ann'),
    event('UserLoggedIn', { user: 'ann', at: '-000001-12-31T23:00:00.000Z' }),
    'data/at',
  ],
  [
    'a reason that is a list',
    ROLE,
    event('UserAssigned', { role: 'r1', user: 'ann' }, { reason: ['a'] }),
    'metadata/reason',
  ],
  [
    'a reason of 201 characters',
    ROLE,
    event('UserAssigned', { role: 'r1', user: 'ann' }, { reason: '😀'.repeat(201) }),
    'metadata/reason',
  ],
  [
    'no actor',
    ROLE,
    event('UserAssigned', { role: 'r1', user: 'ann' }, { actorId: undefined }),
    'metadata/actorId',
  ],
  ['the role of another stream', roleStream('acme', 'r2'), assigned, 'data/role'],
];

test.each(UNSOUND)(
  '%s is refused before anything is sent, by both ways of appending',
  async (_what, stream, bad, path) => {
    const store = new MemoryEventStore();
    const checked = validating(store);
    const thrown = await checked.append(stream, 'any', [assigned, bad]).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(UnsoundEventError);
    // The first event of the append is sound on its own stream, and goes nowhere without the second.
    if (stream === ROLE)
      expect((thrown as UnsoundEventError).faults.map((fault) => fault.path.join('/'))).toEqual([path]);
    expect(await contentOf(store)).toEqual([]);

    async function* appends() {
      yield { stream: ROLE, expected: 'any' as const, events: [assigned] };
      yield { stream, expected: 'any' as const, events: [bad] };
    }
    const results: unknown[] = [];
    const copying = (async () => {
      for await (const result of checked.appendInOrder(appends())) results.push(result);
    })();
    await expect(copying).rejects.toThrow(UnsoundEventError);
    expect((await contentOf(store)).map(({ id }) => id)).toEqual([assigned.id]);
  },
);

test('what is sound goes through, and everything else is the store’s own', async () => {
  const store = new MemoryEventStore();
  const checked = validating(store);
  expect(await checked.append(ROLE, 'no-stream', [assigned])).toMatchObject({ outcome: 'appended' });
  expect(await checked.append(ROLE, 'no-stream', [event('UserUnassigned', assigned.data)])).toMatchObject({
    outcome: 'conflict',
  });
  expect(await checked.head()).toMatchObject({ id: assigned.id });
  expect(await checked.identity()).toBe(await store.identity());
  expect(checked.clockSkewMs).toBe(undefined);
  expect(validating(Object.assign(store, { clockSkewMs: () => 7 })).clockSkewMs?.()).toBe(7);
});
