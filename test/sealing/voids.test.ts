import { randomUUID } from 'node:crypto';
import type { EventStore, RecordedEvent } from '../../src/event-store/port/event-store';
import { repairStream } from '../../src/event-store/port/streams';
import { firstSegmentOf, keyOfReasons } from '../../src/keys/key-id';
import { NO_ACCOUNT } from '../../src/keys/port/key-book';
import { projectAside, type Projected } from '../../src/operations/log/aside';
import { voidEvent } from '../../src/operations/log/void';
import { verifyLog } from '../../src/operations/log/verify';
import { eventDigest } from '../../src/repair/digest';
import { readVoids } from '../../src/repair/voids';
import { Opener, opening } from '../../src/sealing/opening-store';
import { reasonOfNoAccount } from '../../src/sealing/reason-of-no-account';
import { ask, OPERATOR } from '../commands/harness';
import { newDirectory, removeDirectory } from '../directories';
import { givenSealed, type SealedLog } from './harness';

/** Void events of a log whose names are encrypted: readers get another text than was recorded, and mean the same event. */

const directory = newDirectory();
afterAll(() => removeDirectory(directory));

const assign = ask({ type: 'assignUsers', role: 'account-admin', userIds: ['cat'] }, { reason: 'she asked' });

/** An event with an encrypted reason that is sound by itself, and that nobody can apply: there is no such user. */
async function poisoned(): Promise<{
  readonly given: SealedLog;
  readonly store: EventStore;
  readonly id: string;
}> {
  const given = await givenSealed(assign);
  const { store, events } = given.log;
  const { stream, revision, type, data, metadata } = events.at(-1)!;
  const id = randomUUID();
  await store.append(stream, revision, [{ id, type, data: { ...data, user: 'ghost' }, metadata }]);
  return { given, store, id };
}

const projected = async (given: SealedLog): Promise<Projected> =>
  projectAside(opening(given.log.store, new Opener(await given.book())), { directory });

test('an encrypted event that stops projectors is declared void by its digest in the log, and passed over', async () => {
  const { given, store, id } = await poisoned();
  const readable = opening(store, new Opener(null));
  const stopped = await projected(given);
  expect(stopped.poisonEvent).toMatchObject({ id });
  const request = { reason: REASON, actor: OPERATOR };
  const tools = { store, readable, directory, recordedReason: encrypting(given) };
  // A sound event before it is told to be one, encrypted as it is.
  const sound = given.log.events.at(-1)!;
  await expect(voidEvent(tools, { event: sound.id, ...request })).rejects.toMatchObject({
    code: 'EVENT_SOUND',
  });
  // Nothing was recorded, so that no key was made.
  expect(given.shelf.has(firstSegmentOf(NO_ACCOUNT))).toBe(false);
  const voided = await voidEvent(tools, { event: id, ...request });
  expect(voided.reason).toBe(REASON);
  const [recorded] = await readAll(store, id);
  expect(voided.digest).toBe(eventDigest(recorded!));
  expect(await projected(given)).toMatchObject({ poison: null, ordinal: stopped.ordinal + 2 });
});

test('the digest of an event is that of what was recorded, in clear too', async () => {
  const { given, store, id } = await poisoned();
  const [recorded] = await readAll(store, id);
  const opened = await new Opener(await given.book()).open(recorded!);
  expect(opened).not.toEqual(recorded);
  expect(eventDigest(opened)).toBe(eventDigest(recorded!));
});

test('a declaration is the same for those who cannot decrypt its reason', async () => {
  const { given, store, id } = await poisoned();
  const readable = opening(store, new Opener(null));
  const tools = { store, readable, directory, recordedReason: encrypting(given) };
  const { digest } = await voidEvent(tools, { event: id, reason: REASON, actor: OPERATOR });
  const [declaration] = await eventsOn(store, repairStream);
  const { data, metadata } = declaration!;
  expect(JSON.stringify([data, metadata])).not.toContain(REASON);
  expect([data['reason'], metadata['schemaVersion']]).toEqual([metadata['reason'], '2']);
  expect(data['reason']).toMatchObject({ k: keyOfReasons(NO_ACCOUNT) });
  expect(await verifyLog(store, () => undefined)).toMatchObject({ faults: [], voided: 1 });
  const [poison] = await readAll(store, id);
  for (const [reader, reason] of [
    [store, data['reason']],
    [readable, null],
    [opening(store, new Opener(await given.book())), REASON],
  ] as const) {
    const voids = await readVoids(reader);
    expect(voids.of(poison!)).toMatchObject({ event: id, digest, reason });
  }
  // The read models show the declaration, with its reason or without.
  expect(await projectAside(readable, { directory })).toMatchObject({ poison: null });
  expect(await projected(given)).toMatchObject({ poison: null });
});

const REASON = 'declared void for Ada Lovelace';

const encrypting = (given: SealedLog) => async (reason: string) =>
  reasonOfNoAccount(given.log.store, await given.book(), reason);

async function eventsOn(store: EventStore, stream: string): Promise<RecordedEvent[]> {
  const found: RecordedEvent[] = [];
  for await (const event of store.readStream(stream)) found.push(event);
  return found;
}

async function readAll(store: EventStore, id: string) {
  const found = [];
  for await (const event of store.readAll()) if (event.id === id) found.push(event);
  return found;
}
