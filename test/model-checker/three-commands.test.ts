import fc from 'fast-check';
import { serialResults, summary } from './exploration';
import { guardsOf } from '../commands/decision-reads';
import { execute, given, replica, verdict, type Ask, type Done, type Turn } from '../commands/harness';
import { faults } from './invariants';
import { POOLS, type Pool } from './scenarios/pools';
import { SharedLog } from './shared-log';
import { runs } from '../scale';

/**
 * Three replicas at once, any three of these commands, in an order that fast-check's scheduler draws; sometimes one
 * of them dies. The seed is fixed: what passes here passes everywhere, and `npm test` says the same each time.
 */
const SEED = 20260301;

describe.each([30, 15, 30, 20, 25, 20].map((runs, index) => [POOLS[index] as Pool, runs] as const))(
  'three commands at once: $name',
  ({ given: before, asks: pool }, numRuns) => {
    const three = fc.tuple(...[0, 1, 2].map(() => fc.nat(pool.length - 1)));
    const death = fc.option(fc.record({ victim: fc.nat(2), after: fc.nat(12) }), { freq: 2 });

    test('keep every rule, and come to what some order comes to', async () => {
      const start = await given(...before);
      const frozen = guardsOf(() => start.book());
      /** Outcomes of each order of the three, one after another. */
      const serial = new Map<string, Promise<ReadonlySet<string>>>();
      const serially = (replicas: readonly (readonly Ask[])[]): Promise<ReadonlySet<string>> =>
        serialResults({ log: SharedLog.of(start.events), reads: frozen }, replicas);
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), three, death, async (scheduler, chosen, dies) => {
          const asks = chosen.map((index) => pool[index] as Ask);
          const log = await start.copy();
          const done: Done[][] = [[], [], []];
          const running = asks.map(async (ask, index) => {
            let calls = 0;
            const turn: Turn = async ({ kind, stream }) => {
              if (dies?.victim === index && calls > dies.after) await new Promise(() => undefined);
              calls += 1;
              await scheduler.schedule(Promise.resolve(), `${index}: ${kind} ${stream}`);
            };
            done[index]?.push(await execute(replica(log, frozen, turn), ask));
          });
          const alive = dies ? running.filter((_, index) => index !== dies.victim) : running;
          await scheduler.waitFor(Promise.all(alive));
          await scheduler.waitIdle();

          const someoneDied = done.some((each) => each.length === 0);
          expect(faults(log.book(), done.flat(), someoneDied)).toEqual([]);
          expect(done.flat().map(verdict)).not.toContain('CONTENTION');
          if (someoneDied) return;
          const key = String(chosen);
          if (!serial.has(key)) serial.set(key, serially(asks.map((ask) => [ask])));
          expect([...((await serial.get(key)) ?? [])]).toContain(summary(log.book(), done));
        }),
        runs(numRuns, SEED),
      );
    });
  },
);
