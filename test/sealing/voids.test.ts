import { randomUUID } from 'node:crypto';
import type { EventStore } from '../../src/event-store/port/event-store';
import { projectAside, type Projected } from '../../src/operations/log/aside';
import { voidEvent } from '../../src/operations/log/void';
import { eventDigest } from '../../src/repair/digest';
import { Opener, opening } from '../../src/sealing/opening-store';
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
  const request = { reason: 'twice', actor: OPERATOR };
  // A sound event before it is told to be one, encrypted as it is.
  const sound = given.log.events.at(-1)!;
  await expect(
    voidEvent({ store, readable, directory }, { event: sound.id, ...request }),
  ).rejects.toMatchObject({
    code: 'EVENT_SOUND',
  });
  const voided = await voidEvent({ store, readable, directory }, { event: id, ...request });
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

async function readAll(store: EventStore, id: string) {
  const found = [];
  for await (const event of store.readAll()) if (event.id === id) found.push(event);
  return found;
}
