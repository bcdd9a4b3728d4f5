import type { EventStore, NewEvent } from '../../src/event-store/event-store';
import { exploreRaces } from './exploration';
import type { Call } from './harness';
import { named } from './scenarios';
import { explore, runSchedule, type Process } from './schedule';

/** The explorer is checked itself: it counts right, leaves out nothing that matters, and finds what is broken. */

const read: Call = { kind: 'read', stream: 'x' };
const append: Call = { kind: 'append', stream: 'x' };
const elsewhere: Call = { kind: 'append', stream: 'y' };

/** Scenarios with few calls: even without leaving anything out they have a few thousand schedules. */
const SMALL = [
  'a role is deleted while it is renamed',
  'the last two admins are deactivated',
  'a user becomes an admin while being deactivated',
  'a user leaves one of two conflicting roles while joining the other',
  'one key with two inputs, createRole on two replicas',
];

/** Processes that make these calls; `seen` gets who called, in order. */
const making =
  (calls: readonly (readonly Call[])[], seen: string[]): (() => readonly Process[]) =>
  () => {
    let order = '';
    let left = calls.length;
    return calls.map((own, index): Process => async (turn) => {
      for (const call of own) {
        await turn(call);
        order += index;
      }
      if ((left -= 1) === 0) seen.push(order);
    });
  };

async function schedules(
  reduced: boolean,
  horizon: number,
  ...calls: (readonly Call[])[]
): Promise<string[]> {
  const seen: string[] = [];
  const start = making(calls, seen);
  await explore((choose) => runSchedule(start(), choose), { horizon, reduced });
  return seen;
}

describe('the explorer', () => {
  const three = (call: Call) => [call, call, call];

  test('runs every interleaving once', async () => {
    const seen = await schedules(false, 99, three(append), three(append));
    expect(seen).toHaveLength(20);
    expect(new Set(seen).size).toBe(20);
    expect(await schedules(false, 99, three(append), three(append), [append])).toHaveLength(140);
  });

  test('leaves out orders that cannot matter, and no others', async () => {
    expect(await schedules(true, 99, three(append), three(append))).toHaveLength(20);
    expect(await schedules(true, 99, three(append), three(elsewhere))).toHaveLength(1);
    expect(await schedules(true, 99, three(read), three(read))).toHaveLength(1);
    expect(await schedules(true, 99, [read, append], [read, append])).toHaveLength(4);
  });

  test('does not interrupt beyond the horizon', async () => {
    expect(await schedules(false, 1, three(append), three(append))).toEqual(['000111', '111000']);
  });

  test('with all orders comes to the same verdicts as without those that cannot matter', async () => {
    for (const scenario of SMALL.map(named)) {
      const all = await exploreRaces(scenario, 99, false);
      const reduced = await exploreRaces(scenario, 99);
      expect(all.schedules).toBeGreaterThan(reduced.schedules);
      expect(all.beyond).toBe(0);
      expect([...all.verdicts].sort()).toEqual([...reduced.verdicts].sort());
    }
  });
});

/** Stores that break their word, one each: what the protocols rest on, they rest on. */
describe('the checks notice', () => {
  const without = (type: string) => (store: EventStore) => ({
    ...store,
    append: async (stream: string, expected: never, events: readonly NewEvent[]) =>
      events[0]?.type === type
        ? ({ outcome: 'appended', revision: 0, position: 1n } as const)
        : store.append(stream, expected, events),
  });
  const heedless = (store: EventStore) => ({
    ...store,
    append: (stream: string, _expected: never, events: readonly NewEvent[]) =>
      store.append(stream, 'any', events),
  });

  test.each([
    [
      'names without claims',
      'two roles are created under one name',
      without('Claimed'),
      'two roles bear agents',
    ],
    [
      'names without fences',
      'two roles are created under one name',
      without('ClaimAbandoned'),
      'two roles bear agents',
    ],
    [
      'conflicts without fences',
      'one user is assigned to two conflicting roles',
      without('ClaimAbandoned'),
      'is in maker and checker',
    ],
    [
      'deactivation without bars',
      'the last two admins are deactivated',
      without('UserBarred'),
      'no active account admin',
    ],
    [
      'reactivation without fences',
      'one user is deactivated and reactivated',
      without('ClaimAbandoned'),
      'is inactive and not barred',
    ],
    ['appends at any revision', 'the last two admins are deactivated', heedless, 'no active account admin'],
    [
      'keys with appends at any revision',
      'one key, assignUsers on two replicas, unassigned between',
      heedless,
      'was recorded 2 times',
    ],
  ] as [string, string, (store: EventStore) => EventStore, string][])(
    '%s',
    async (_what, name, sabotage, fault) => {
      await expect(exploreRaces({ ...named(name), sabotage }, 26)).rejects.toThrow(fault);
    },
  );
});
