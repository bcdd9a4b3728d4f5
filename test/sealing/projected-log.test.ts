import { projectedLog } from '../../src/app/sealing';
import type { RecordedEvent } from '../../src/event-store/port/event-store';
import { firstSegmentOf } from '../../src/keys/key-id';
import { KeyBookError, type KeyBook } from '../../src/keys/port/key-book';
import { isSealedField } from '../../src/keys/sealed-field';
import { ACCOUNT, ask } from '../commands/harness';
import { lookUp } from '../keys/contract/controls';
import { givenSealed, type SealedLog } from './harness';

/** Erasures as a projector meets them: it destroys the keys that whoever recorded the erasure left. */

const erased = (): Promise<SealedLog> => givenSealed(ask({ type: 'eraseUser', user: 'dan' }));

/** Ids of the keys of a user. */
function keysOf({ log }: SealedLog, user: string): string[] {
  const ids = log.events
    .filter(({ stream, type }) => stream.endsWith(`.${user}`) && type === 'UserRegistered')
    .flatMap(({ data }) => Object.values(data))
    .flatMap((value) => (isSealedField(value) ? [value.k] : []));
  return [...new Set(ids)];
}

/** Reads the whole log as a projector does. */
async function project(given: SealedLog) {
  const unreadable: string[] = [];
  const told: (readonly string[])[] = [];
  const read: RecordedEvent[] = [];
  const store = projectedLog(given.log.store, await given.book(), {
    onUnreadable: ({ stream }) => unreadable.push(stream),
    onKeysErased: (keyIds) => told.push(keyIds),
  });
  for await (const event of store.readAll()) read.push(event);
  return { read, told, unreadable };
}

test('its keys are destroyed, and other books of the process are told which they were', async () => {
  const given = await erased();
  const [key, ...others] = keysOf(given, 'dan');
  expect(others).toEqual([]);
  const held = await given.book();
  expect(await lookUp(held, ACCOUNT, key!)).toMatch(/^[0-9a-f]{64}$/);
  const { told, unreadable } = await project(given);
  expect([told, unreadable]).toEqual([[[key]], []]);
  held.forget(told[0]!);
  expect(await lookUp(held, ACCOUNT, key!)).toBe('erased');
  expect(await lookUp(held, ACCOUNT, keysOf(given, 'ann')[0]!)).toMatch(/^[0-9a-f]{64}$/);
});

test('a segment that is damaged, even an account’s first one, stops no reader', async () => {
  const given = await erased();
  const id = firstSegmentOf(ACCOUNT);
  const segment = given.shelf.get(id)!;
  given.shelf.set(id, { ...segment, blob: Buffer.from(segment.blob).fill(0, 40) });
  const { read, told, unreadable } = await project(given);
  expect(read).toHaveLength(given.log.events.length);
  expect(told).toEqual([keysOf(given, 'dan')]);
  expect(unreadable).toHaveLength(4);
  // Once the segment is back, a rebuild completes the erasure.
  given.shelf.set(id, segment);
  await project(given);
  expect(await lookUp(await given.book(), ACCOUNT, told[0]![0]!)).toBe('erased');
});

test.each(['UNAVAILABLE', 'MASTER_KEY_UNKNOWN'] as const)(
  'a key book that answers %s is an outage of the log, which a projector waits for',
  async (code) => {
    const given = await erased();
    const find = () => Promise.reject(new KeyBookError(code, 'not now'));
    const store = projectedLog(given.log.store, { ...(await given.book()), find } as KeyBook, {
      onUnreadable: () => undefined,
    });
    const reading = async () => {
      for await (const event of store.readAll()) expect(event.type).not.toBe('UserRegistered');
    };
    await expect(reading()).rejects.toMatchObject({
      name: 'EventStoreError',
      code: 'UNAVAILABLE',
      message: `${code}: not now`,
    });
  },
);
