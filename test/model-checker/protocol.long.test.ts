import { exploreAll, sumOf, type Report } from './exploration';
import { SCENARIOS } from './scenarios';

/**
 * The protocols of names, admins, conflicts and keys, two replicas at once, under every schedule there is.
 *
 * A schedule says who makes the next call of the store, and at every call anyone may also die, or try no longer after a
 * conflict; who is not chosen for long has paused. Guards are frozen before the race, for tables lag.
 *
 * There is no horizon: where two replicas undo each other's attempts, places repeat, up to what nobody looks into
 * (`state-key.ts` says what that is, and why it cannot matter), so that endless schedules are circles in a finite
 * graph, of which every place is visited and every step taken. A graph that grew without end would fail the test.
 *
 * What is asked of each end: the invariants, from the log alone (`invariants.ts`); fresh commands for the same things
 * end as the log says they must, so nobody is stuck; and where nobody died or gave up, verdicts and state are those of
 * some serial order. What is asked of each place: whoever goes on alone from there ends. So only contenders that keep
 * in step hinder each other for ever, which the random pauses end.
 */
describe.each(SCENARIOS)('%s', (_group, scenarios) => {
  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    async (_name, scenario) => {
      const report = await exploreAll(scenario);
      reports.push(report);
      expect(report.states).toBeGreaterThanOrEqual(scenario.least);
      expect([...report.verdicts].sort()).toEqual([...scenario.seen].sort());
    },
  );
});

const reports: Report[] = [];
afterAll(() => {
  process.stderr.write(`protocols: ${sumOf(reports)}\n`);
});
