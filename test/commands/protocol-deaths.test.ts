import { exploreDeaths } from './exploration';
import { SCENARIOS } from './scenarios';

/**
 * The same scenarios, and one replica dies: after each of its appends among the first 16 calls of both, under every
 * schedule of what it did until then with all that the other does (what `protocol.test.ts` says of schedules holds here
 * too). A dead process never goes on. Afterwards the invariants hold, the other has ended, and nobody is stuck: who
 * wants the name gets it or is refused for a bearer, who repeats a deactivation or reactivation completes it.
 */
const HORIZON = 16;

describe.each(SCENARIOS)('%s', (_group, scenarios) => {
  const mortal = scenarios.filter(({ least }) => least.deaths > 0);
  test.each(mortal.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
    const { schedules } = await exploreDeaths(scenario, HORIZON);
    expect(schedules).toBeGreaterThanOrEqual(scenario.least.deaths);
  });
});
