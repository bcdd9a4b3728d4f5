import { setTimeout as sleep } from 'node:timers/promises';
import {
  EventStoreError,
  type EventStore,
  type SubscribeOptions,
  type SubscriptionItem,
} from '../../src/event-store/port/event-store';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { roleStream, userStream } from '../../src/event-store/port/streams';
import { TURN, Work } from '../../src/shared/turns';
import { ACCOUNT, CATALOGUE, DAY, Log, Models, START } from './log';

let models: Models;
beforeEach(() => (models = new Models()));
afterEach(() => models.cleanUp());

/** A log that can be cut off: its subscriptions fail, and new ones too, until it is restored. */
class Cuttable extends MemoryEventStore implements EventStore {
  #cut = new AbortController();
  #isCut = false;
  subscriptions = 0;

  cut(): void {
    this.#isCut = true;
    this.#cut.abort();
  }

  restore(): void {
    this.#isCut = false;
    this.#cut = new AbortController();
  }

  override async *subscribe({ after, signal }: SubscribeOptions): AsyncGenerator<SubscriptionItem> {
    this.subscriptions += 1;
    const cut = this.#cut.signal;
    if (!this.#isCut) yield* super.subscribe({ after, signal: AbortSignal.any([signal, cut]) });
    if (!signal.aborted) throw new EventStoreError('UNAVAILABLE', 'cut off');
  }
}

async function opened(store: EventStore = new MemoryEventStore()): Promise<Log> {
  const log = new Log(store);
  await log.publish(CATALOGUE);
  await log.account();
  await log.register('ada');
  return log;
}

test('a restart goes on from the checkpoint', async () => {
  const log = await opened();
  const first = await models.current(log.store);
  const { ordinal } = first.status();
  expect(first.status()).toMatchObject({
    state: 'live',
    staleSince: null,
    lagEvents: 0,
    lagMs: 0,
    poison: null,
  });
  await first.close();
  expect(first.status().state).toBe('stopped');
  const position = await log.register('bob');
  const second = await models.open(log.store);
  expect(second.status()).toMatchObject({ state: 'starting', ordinal });
  expect(await second.waitFor(position, 5_000)).toBe(true);
  expect(second.status()).toMatchObject({ ordinal: ordinal + 1, position });
  expect(await second.view(ACCOUNT).countUsers({})).toBe(2);
  expect(models.files()).toEqual(['read-models-1.sqlite']);
});

test('a wait ends when the position is reached, or runs out', async () => {
  const log = await opened();
  const read = await models.current(log.store);
  const position = await log.register('bob');
  expect(await read.waitFor(position, 5_000)).toBe(true);
  expect(await read.waitFor(position, 0)).toBe(true);
  expect(await read.waitFor(position + 1n, 20)).toBe(false);
});

test.each([
  ['of an unknown type', 'RoleFrozen', { role: 'viewer' }, 'its type is not known'],
  ['that breaks its definition', 'UserAssigned', { role: 'viewer', user: 7 }, 'user: '],
  ['about another role', 'UserAssigned', { role: 'other', user: 'ada' }, 'not the one of its stream'],
  ['about nobody', 'UserAssigned', { role: 'viewer', user: 'ghost' }, 'never registered'],
  ['that is out of place', 'UserRegistered', { user: 'x', username: 'x', name: 'x' }, 'does not belong'],
])('an event %s stops the projector; what was before it is served', async (_, type, data, why) => {
  const log = await opened();
  const before = await log.register('bob');
  await log.store.append(roleStream(ACCOUNT, 'viewer'), 'any', [log.event(type, data)]);
  await log.register('eve');
  const read = await models.open(log.store);
  await expect(read.caughtUp()).rejects.toThrow(why);
  expect(read.status()).toMatchObject({
    state: 'poisoned',
    position: before,
    staleSince: expect.any(Date) as Date,
  });
  expect(read.status().poison).toContain(why);
  expect(await read.view(ACCOUNT).countUsers({})).toBe(2);
  // Every kind of question is answered, though the file was never finished.
  expect((await read.view(ACCOUNT).userList({}, null, { first: 10 })).items).toHaveLength(2);
  expect((await read.view(ACCOUNT).history({}, { first: 10 })).items.length).toBeGreaterThan(2);
  expect(await read.waitFor(before + 1n, 20)).toBe(false);
});

test('a poisoned append leaves nothing of itself', async () => {
  const log = await opened();
  const read = await models.current(log.store);
  const { position } = read.status();
  await log.role('viewer', ['UserAssigned', { user: 'ada' }], ['UserAssigned', { user: 'ghost' }]);
  while (read.status().state === 'live') await sleep(5);
  expect(read.status()).toMatchObject({ state: 'poisoned', position });
  expect(read.view(ACCOUNT).rolesOf(['ada']).get('ada')).toEqual([]);
});

test('an append of which the end is missing is not shown', async () => {
  const log = await opened();
  const read = await models.current(log.store);
  const { position } = read.status();
  const parts = ['bob', 'eve'].map((user, index) =>
    log.event('UserRegistered', { user, username: user, name: user }, index + 1, 2),
  );
  await log.store.append(userStream(ACCOUNT, 'bob'), 'any', [parts[0]!]);
  await sleep(30);
  expect(read.status()).toMatchObject({ position, state: 'live' });
  expect(await read.view(ACCOUNT).countUsers({})).toBe(1);
  const end = await log.store.append(userStream(ACCOUNT, 'eve'), 'any', [parts[1]!]);
  expect(await read.waitFor(end.outcome === 'appended' ? end.position : 0n, 5_000)).toBe(true);
  expect(await read.view(ACCOUNT).countUsers({})).toBe(3);
});

test('a lost log: stale, since when, and live again from what was committed', async () => {
  const store = new Cuttable();
  const log = await opened(store);
  const read = await models.current(store);
  const known = Date.now();
  await sleep(50);
  store.cut();
  while (read.status().state === 'live') await sleep(5);
  // The silence began when nothing more was heard, not when it was noticed.
  expect(read.status().staleSince?.getTime()).toBeLessThanOrEqual(known);
  const position = await log.register('bob');
  expect(read.status()).toMatchObject({
    state: 'stale',
    staleSince: expect.any(Date) as Date,
    lagEvents: null,
  });
  await sleep(20);
  expect(read.status().lagMs).toBeGreaterThan(10);
  expect(await read.view(ACCOUNT).countUsers({})).toBe(1);
  store.restore();
  expect(await read.waitFor(position, 5_000)).toBe(true);
  while (read.status().state === 'stale') await sleep(5);
  expect(read.status()).toMatchObject({ state: 'live', staleSince: null, lagMs: 0 });
  expect(store.subscriptions).toBeGreaterThan(1);
});

test('queries get their turn while a long log is projected', async () => {
  const log = await opened();
  for (let batch = 0; batch < 4; batch++) {
    const users = Array.from({ length: 500 }, (_, index) => `u${batch}-${index}`);
    for (const user of users) await log.register(user);
  }
  const read = await models.open(log.store);
  let turns = 0;
  let caughtUp = false;
  const turn = (): void => {
    turns += 1;
    if (!caughtUp) setImmediate(turn);
  };
  setImmediate(turn);
  await read.caughtUp().finally(() => (caughtUp = true));
  expect(await read.view(ACCOUNT).countUsers({})).toBe(2001);
  // Reading the log alone takes a turn for each of its pages, some five; projecting takes one for every few users.
  expect(turns).toBeGreaterThan(8);
});

test('however many ask, a log is projected beside them, not behind them', async () => {
  const log = await opened();
  for (let n = 0; n < 1_000; n += 1) await log.register(`u${n}`);
  const read = await models.open(log.store);
  let turns = 0;
  let caughtUp = false;
  const ask = async (): Promise<void> => {
    for (const work = new Work(); !caughtUp; await work.turn()) {
      await work.before(TURN);
      turns += 1;
    }
  };
  const asking = Array.from({ length: 50 }, ask);
  await read.caughtUp().finally(() => (caughtUp = true));
  await Promise.all(asking);
  // A turn of theirs for each of the projector's, some ten, and for each page of the log; behind them it were fifty times that.
  expect(turns).toBeLessThan(200);
});

test('beside writers who never pause, nothing is missing that was recorded before what is there', async () => {
  /** Nobody sees the head of this log again once it has gone on. */
  class Busy extends MemoryEventStore {
    override async *subscribe(options: SubscribeOptions): AsyncGenerator<SubscriptionItem> {
      let first = true;
      for await (const item of super.subscribe(options)) {
        if (item.kind === 'event' || first) yield item;
        if (item.kind === 'caught-up') first = false;
      }
    }
  }
  const log = await opened(new Busy());
  const read = await models.current(log.store);
  const recordNow = (): number => {
    const now = Date.now();
    log.day = (now - START) / DAY;
    return now;
  };
  for (const user of ['bob', 'eve']) {
    await sleep(20);
    const recorded = recordNow();
    await read.waitFor(await log.register(user), 5_000);
    const { lagMs, state } = read.status();
    expect(state).toBe('live');
    expect(Date.now() - lagMs).toBeGreaterThanOrEqual(recorded);
  }
  // A clock that is ahead of ours says nothing about what is still to come.
  log.day += 1;
  await read.waitFor(await log.register('kim'), 5_000);
  expect(read.status().lagMs).toBeGreaterThanOrEqual(0);
});

test('closing while catching up ends the projector at once, between transactions', async () => {
  const log = await opened();
  for (let index = 0; index < 600; index++) await log.register(`u${index}`);
  const read = await models.open(log.store);
  await sleep(5);
  await read.close();
  const again = await models.current(log.store);
  expect(await again.view(ACCOUNT).countUsers({})).toBe(601);
});
