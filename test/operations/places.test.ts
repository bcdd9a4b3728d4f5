import { LogPlaces, placeAfter } from '../../src/operations/log/places';
import type { EventStore, RecordedEvent } from '../../src/event-store/port/event-store';
import { repairStream, roleStream } from '../../src/event-store/port/streams';
import { eventDigest } from '../../src/repair/digest';
import { KnownVoids } from '../../src/repair/known-voids';
import type { Place } from '../../projections/view';
import { ACCOUNT, CATALOGUE, Log, Models } from '../projections/log';

/** Places as the log says them are those that the read models have, void events and clocks that go back included. */

const models = new Models();
let log: Log;
let events: RecordedEvent[];
let read: Awaited<ReturnType<Models['current']>>;
let voids: KnownVoids;

beforeAll(async () => {
  log = new Log();
  await log.publish(CATALOGUE);
  await log.account();
  for (const user of ['ada', 'ben', 'cleo']) await log.register(user);
  log.day = 1;
  await log.create('editors', 'Editors', {}, ['ada', 'ben']);
  log.day = 400;
  await log.append(roleStream(ACCOUNT, 'viewer'), ['UserAssigned', { role: 'viewer', user: 7 }]);
  events = await all(log.store);
  const { id, stream, revision } = events.at(-1)!;
  const digest = eventDigest(events.at(-1)!);
  log.actor = { type: 'operator', id: 'root' };
  await log.append(repairStream, ['EventVoided', { event: id, stream, revision, digest, reason: 'SUP-7' }]);
  log.day = 20;
  await log.assign('editors', 'cleo');
  events = await all(log.store);
  read = await models.current(log.store);
  voids = new KnownVoids(log.store);
  await voids.again();
});
afterAll(() => models.cleanUp());

async function all(store: EventStore): Promise<RecordedEvent[]> {
  const found: RecordedEvent[] = [];
  for await (const event of store.readAll()) found.push(event);
  return found;
}

test('counted from the start, every event has the place that the read models have', () => {
  let place: Place | null = null;
  for (const event of events) {
    place = placeAfter(place, event, voids.now);
    expect(read.findPlace(place.ordinal)).toEqual(place);
    expect(read.findPlace(event.position)).toEqual(place);
    expect(read.findPlace({ event: event.id, account: null })).toEqual(place);
  }
  expect(place?.ordinal).toBe(read.status().ordinal);
});

/** Read models that hold so many events. */
const upTo = (most: number): Pick<typeof read, 'findPlace' | 'status'> => ({
  findPlace: (sought) => {
    const place = read.findPlace(sought);
    return place && place.ordinal <= most ? place : null;
  },
  status: () => ({ ...read.status(), ordinal: most as Place['ordinal'] }),
});

describe.each([
  ['without read models', null],
  ['with read models that are behind', 4],
  ['with read models that are current', Infinity],
])('%s', (_case, most) => {
  const places = (): LogPlaces => {
    const tables = most === null ? null : upTo(Math.min(most, read.status().ordinal));
    return new LogPlaces(log.store, { tables, voids });
  };
  const durable = (ordinal: number, fits = true) => ({ form: 'durable' as const, ordinal, fits: () => fits });

  test('events are found by number, position and id, in any order', async () => {
    const finder = places();
    for (const n of [2, 9, 5, 1, events.length, 3]) {
      const event = events[n - 1]!;
      const place = read.findPlace(event.position);
      expect(place?.ordinal).toBe(n);
      expect(await finder.find(durable(n))).toEqual(place);
      expect(await finder.find({ form: 'pending', position: event.position })).toEqual(place);
      expect(await finder.find({ form: 'old', position: event.position })).toEqual(place);
      expect(await finder.find({ form: 'event', id: event.id })).toEqual(place);
      expect(await finder.ofEvent(event)).toEqual(place);
    }
  });

  test('what the log does not have is refused', async () => {
    const finder = places();
    const end = events.at(-1)!.position;
    await expect(finder.find(durable(events.length + 1))).rejects.toMatchObject({
      code: 'POSITION_NOT_REACHED',
    });
    await expect(finder.find({ form: 'old', position: end + 1n })).rejects.toMatchObject({
      code: 'POSITION_NOT_REACHED',
    });
    await expect(finder.find(durable(5, false))).rejects.toMatchObject({ code: 'POSITION_OF_A_FORK' });
    await expect(finder.find({ form: 'event', id: '-' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});
