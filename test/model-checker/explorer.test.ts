import fc from 'fast-check';
import { raceOf, startOf, type Scenario } from './exploration';
import type { Race, State, Step } from './race';
import { named, SCENARIOS } from './scenarios';
import { graphOf } from './state-graph';
import { ask, user } from '../commands/harness';
import { isTried, runs } from '../scale';

/** The explorer is checked itself: it takes every step, and takes for one only places that can be taken for one. */

/** Every schedule of calls, none left out: the ends that they come to, once for each. */
async function everySchedule(race: Race): Promise<State[]> {
  const ends: State[] = [];
  const goOn = async (state: State): Promise<void> => {
    const able = [...state.locals.keys()].filter((process) => state.locals[process]?.call);
    if (able.length === 0) ends.push(state);
    for (const process of able) await goOn(await race.call(state, process));
  };
  await goOn(await race.first());
  return ends;
}

const raceNamed = async (name: string): Promise<Race> => raceOf(await startOf(named(name)), named(name));

/** Scenarios with few calls: even without leaving anything out they have a few thousand schedules. */
const SMALL = [
  'a role is deleted while it is renamed',
  'the last two admins are deactivated',
  'a user becomes an admin while being deactivated',
  'a user leaves one of two conflicting roles while joining the other',
  'one key with two inputs, createRole on two replicas',
];

test('commands that have nothing to do with each other: every interleaving of their calls, once', async () => {
  const scenario: Scenario = {
    name: 'a user is assigned while another is renamed',
    // Two calls each: a read and an append.
    replicas: [
      [ask({ type: 'assignUsers', role: 'manager', userIds: ['cat'] })],
      [ask({ type: 'updateUser', user: 'dan', name: 'Daniel' })],
      [ask({ type: 'disableFeature', feature: 'EXTRA' }, { actor: user('ann') })],
    ],
    then: () => [],
    seen: ['ok | ok | ok'],
    least: 27,
  };
  const race = raceOf(await startOf(scenario), scenario);
  expect(await everySchedule(race)).toHaveLength(90);
  // Each of the three has read nothing, has read, or has written, is dead by now or was never: 0, 1, 2, and dead at 0 or 1.
  const { states } = await graphOf(race);
  expect(states.filter(({ harmed }) => !harmed)).toHaveLength(27);
});

test.each(SMALL)('%s: places taken for one come to the ends that all schedules come to', async (name) => {
  const race = await raceNamed(name);
  const ends = await everySchedule(race);
  const { states, numbers } = await graphOf(race);
  const merged = states.filter(({ locals, harmed }) => !harmed && locals.every(({ call }) => !call));
  expect(ends.length).toBeGreaterThan(3 * merged.length);
  expect(new Set(ends.map((end) => race.key(end)))).toEqual(new Set(merged.map((end) => race.key(end))));
  expect(numbers.size).toBe(states.length);
});

const NAMES = SCENARIOS.flatMap(([, group]) => group.map(({ name }) => name));

/**
 * A random schedule, in which nothing is taken for anything else, stays within the places that were counted, and from
 * each of its places the same can follow as from the one that was explored in its stead. One scenario in eight in `npm test`.
 */
test.each(NAMES.filter((_name, index) => isTried(index, 8)))(
  '%s: places taken for one go on alike',
  async (name) => {
    const race = await raceNamed(name);
    const { states, numbers } = await graphOf(race);
    const followed = (steps: readonly Step[]): string[] =>
      steps.map(({ kind, to }) => `${to.step}, ${kind} ${race.key(to)}`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(999), { minLength: 40, maxLength: 120 }), async (choices) => {
        let state = await race.first();
        for (const choice of choices) {
          const explored = states[numbers.get(race.key(state)) ?? -1];
          if (!explored) throw new Error('a place that was not counted');
          const steps = await race.following(state);
          if (steps.length === 0) return;
          if (state !== explored) expect(followed(steps)).toEqual(followed(await race.following(explored)));
          const calls = steps.filter(({ kind }) => kind === 'call');
          state = (choice < 980 ? calls[choice % calls.length] : steps[choice % steps.length])?.to as State;
        }
      }),
      runs(8, 20260301),
    );
  },
);
