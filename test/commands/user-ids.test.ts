import type { Command, CommandBus } from '../../src/commands/command';
import { MAX_GENERATIONS } from '../../src/commands/inputs';
import { givenSealed } from '../sealing/harness';
import { ask, execute, given, replica, user, verdict, type Ask, type Done, type Log } from './harness';

/** Users whose ids are made from their usernames: the same each time, and in a log of encrypted names not to be guessed. */

const register = (username: string, generation = 1, name = username): Ask =>
  ask({ type: 'registerUser', username, name, generation });

const ownerOf = ({ outcome }: Done): string | null =>
  'accepted' in outcome && outcome.accepted ? outcome.owner.id : null;

const idOf = async (bus: CommandBus, username: string, generation?: number): Promise<string | null> =>
  ownerOf(await execute(bus, register(username, generation)));

/** Ids as every release has made them; logs of names in clear rest on these. */
const GOLDEN: readonly (readonly [string, number, string])[] = [
  ['wile', 1, 'u_f55636795dc653afaea5'],
  ['WILE', 1, 'u_f55636795dc653afaea5'],
  ['Straße', 1, 'u_fdb7835e985253bb839c'],
  ['wile', 2, 'u_5f3143d06edb5fe0a3ba'],
];

test.each(GOLDEN)(
  'in a log of names in clear %p of generation %p is %p',
  async (username, generation, id) => {
    expect(await idOf(replica(await given()), username, generation)).toBe(id);
  },
);

test('in a log of encrypted names it is another, of every log its own, and the same from any replica', async () => {
  const [one, other] = [await givenSealed(), await givenSealed()];
  for (const [username, id] of [
    ['wile', 'u_f55636795dc653afaea5'],
    ['Straße', 'u_fdb7835e985253bb839c'],
  ] as const) {
    const made = await idOf(await one.replica(), username);
    expect(made).toMatch(/^u_[0-9a-f]{20}$/);
    expect(made).not.toBe(id);
    expect(await idOf(await other.replica(), username)).not.toBe(made);
    const before = one.log.events.length;
    expect(await idOf(await one.replica(), username)).toBe(made);
    expect(one.log.events).toHaveLength(before);
    expect(JSON.stringify(one.log.events.map((event) => ({ ...event, position: 0 })))).not.toContain(id);
  }
});

test.each([
  ['in clear', async () => replica(await given())],
  ['encrypted', async () => (await givenSealed()).replica()],
])('where names are %s a taken id is told, and the next generation is another’s', async (_names, start) => {
  const bus = await start();
  const first = (await idOf(bus, 'wile'))!;
  await execute(bus, ask({ type: 'updateUser', user: first, username: 'coyote' }));
  const again = await execute(bus, register('wile'));
  expect(again.outcome).toMatchObject({
    accepted: false,
    refusals: [{ code: 'INVALID_INPUT', field: ['user'], ids: [first] }],
  });
  const second = await idOf(bus, 'wile', 2);
  expect([second === null, second === first]).toEqual([false, false]);
});

const usersRegistered = ({ events }: Log): number =>
  events.filter(({ type }) => type === 'UserRegistered').length;

test('two registrations of one username at once are decided one after the other, the first one first', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { log, bus } = await startSealed();
    const before = [usersRegistered(log), log.events.length];
    const done = await Promise.all([
      execute(bus, register('Ann Lee', 1, 'Ann')),
      execute(bus, register('ANN LEE', 1, 'Other')),
    ]);
    expect(done.map(verdict)).toEqual(['ok', 'INVALID_INPUT']);
    // One claim and one registration: nothing was begun twice.
    expect([usersRegistered(log), log.events.length]).toEqual([before[0]! + 1, before[1]! + 2]);
  }
});

async function startSealed(): Promise<{ readonly log: Log; readonly bus: CommandBus }> {
  const sealed = await givenSealed();
  return { log: sealed.log, bus: await sealed.replica() };
}

test('two replicas that register one username at once make one user', async () => {
  const sealed = await givenSealed();
  const before = usersRegistered(sealed.log);
  const buses = [await sealed.replica(), await sealed.replica()];
  const ids = await Promise.all(buses.map((bus) => idOf(bus, 'wile')));
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).not.toBeNull();
  expect(usersRegistered(sealed.log)).toBe(before + 1);
});

test.each<[string, object]>([
  ['with an id besides', { user: 'wile', generation: 1 }],
  ['of no generation', { generation: 0 }],
  ['of too late a generation', { generation: MAX_GENERATIONS + 1 }],
  ['of half a generation', { generation: 1.5 }],
  ['of null', { generation: null }],
  ['of a text', { generation: '1' }],
])('a registration %s is refused', async (_what, fields) => {
  const command = { type: 'registerUser', username: 'wile', name: 'Wile', ...fields } as Command;
  const { outcome } = await execute(replica(await given()), ask(command));
  expect(outcome).toMatchObject({
    accepted: false,
    refusals: [{ code: 'INVALID_INPUT', field: ['generation'] }],
  });
});

test('the last generation is registered', async () => {
  expect(await idOf(replica(await given()), 'wile', MAX_GENERATIONS)).toMatch(/^u_/);
});

test('no user may have an id made from a username, who could test usernames by it', async () => {
  const bus = replica(await given());
  const byAdmin = { actor: user('ann') };
  expect(verdict(await execute(bus, { ...register('wile'), context: byAdmin }))).toBe('FORBIDDEN');
  const plain = ask({ type: 'registerUser', username: 'wile', name: 'Wile' }, byAdmin);
  expect(verdict(await execute(bus, plain))).toBe('ok');
});

test('a username that is too long is refused before a key is made of it', async () => {
  const bus = replica(await given());
  const done = await execute(bus, register('\ufdfa'.repeat(201)));
  expect(done.outcome).toMatchObject({
    accepted: false,
    refusals: [{ code: 'INVALID_INPUT', field: ['username'] }, { field: ['name'] }],
  });
});
