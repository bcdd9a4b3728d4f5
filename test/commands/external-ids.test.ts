import type { NewEvent } from '../../src/event-store/port/event-store';
import { guardsOf } from './decision-reads';
import { ask, execute, given, Log, replica, storeOf, verdict, type Ask } from './harness';

/** Two claims of one command, between which another replica comes first. */

const both = (user: string | null, username: string, externalId: string): Ask =>
  ask(
    user === null
      ? { type: 'registerUser', username, externalId }
      : { type: 'updateUser', user, username, externalId },
  );

/** A replica before whose claim on an external id something else happens, once. */
function interrupted(log: Log, meanwhile: () => Promise<unknown>) {
  let isDone = false;
  const isClaim = ([event]: readonly NewEvent[]): boolean =>
    event?.type === 'Claimed' && event.data['kind'] === 'EXTERNAL_ID';
  const store = storeOf({
    readStream: (...args) => log.store.readStream(...args),
    append: async (stream, expected, events) => {
      if (!isDone && isClaim(events)) {
        isDone = true;
        await meanwhile();
      }
      return log.append(stream, expected, events);
    },
  });
  return replica(
    log,
    guardsOf(() => log.book()),
    undefined,
    { store },
  );
}

test('whoever was fenced off after the first claim is told of the username, not of the external id alone', async () => {
  const log = await given();
  const first = both(null, 'eve', 'E1');
  const bus = interrupted(log, async () => expect(verdict(await execute(replica(log), first))).toBe('ok'));
  expect(verdict(await execute(bus, both('cat', 'eve', 'E1')))).toBe('USERNAME_TAKEN');
  expect(log.book().users.get('cat')).toMatchObject({ username: 'cat', externalId: null });
});

test('a refused external id leaves a claim on the username, which is the next one’s', async () => {
  const log = await given(ask({ type: 'updateUser', user: 'dan', externalId: 'E1' }));
  const bus = interrupted(log, async () => undefined);
  expect(verdict(await execute(bus, both('cat', 'eve', 'E1')))).toBe('EXTERNAL_ID_TAKEN');
  expect(verdict(await execute(replica(log), both(null, 'eve', 'E2')))).toBe('ok');
});

test('an external id that another takes in between is refused, and none that a third has given up', async () => {
  const log = await given(ask({ type: 'updateUser', user: 'dan', externalId: 'E1' }));
  const taken = interrupted(log, () => execute(replica(log), both('dan', 'dan', 'E2')));
  expect(verdict(await execute(taken, both('cat', 'eve', 'E2')))).toBe('EXTERNAL_ID_TAKEN');
  expect(verdict(await execute(taken, both('cat', 'eve', 'E1')))).toBe('ok');
});
