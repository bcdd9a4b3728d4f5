import { exploreRaces } from './exploration';
import { SCENARIOS } from './scenarios';

/**
 * The protocols of names, admins, conflicts and keys, two replicas at once, under every schedule.
 *
 * What is exhausted: every interleaving of the first 26 calls of the store, retries included, up to the order of
 * calls that cannot matter to each other (different streams, two reads, pauses). A process that is not chosen for
 * long is the long pause at each step. Half of the scenarios end within that under every schedule. The others go on
 * where two replicas undo each other's attempts again and again, which in life the random pauses end: beyond the
 * 26th call whoever runs is not interrupted any more. Guards are frozen before the race, for tables lag.
 *
 * What is asked of each schedule: the invariants, from the log alone (`invariants.ts`); verdicts and state are those
 * of some serial order; all end; fresh commands for the same things end too, and come to what the log says they must.
 */
const HORIZON = 26;

describe.each(SCENARIOS)('%s', (_group, scenarios) => {
  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    async (_name, scenario) => {
      const { schedules, verdicts } = await exploreRaces(scenario, HORIZON);
      expect(schedules).toBeGreaterThanOrEqual(scenario.least.races);
      expect([...verdicts]).toEqual(expect.arrayContaining([...scenario.seen]));
    },
  );
});
