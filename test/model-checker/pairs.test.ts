import { exploreAll, sumOf, type Report } from './exploration';
import type { Ask } from '../commands/harness';
import { isTried } from '../scale';
import { POOLS } from './scenarios/pools';

/**
 * Any two of the commands that can be in each other's way, under every schedule, with deaths: what
 * `protocol.test.ts` asks of the races that the protocols were made for, asked of those that nobody thought of. A
 * command beside itself and one pair in twelve in `npm test`, one in three in `.ci/run`, all of them in
 * `npm run test:long`.
 */
const told = ({ command, context }: Ask): string => JSON.stringify({ ...command, ...context });

describe.each(POOLS)('any two commands at once: $name', ({ given, asks, then }) => {
  test.each(asks.map((ask, index) => [told(ask), ask, asks.slice(index)] as const))(
    '%s, and each that follows in the pool',
    async (_name, one, others) => {
      for (const [index, other] of others.entries()) {
        if (index > 0 && !isTried(asks.indexOf(one) + index, 12)) continue;
        const name = `${told(one)} and ${told(other)}`;
        reports.push(await exploreAll({ name, given, replicas: [[one], [other]], then }));
      }
    },
  );
});

const reports: Report[] = [];
afterAll(() => {
  process.stderr.write(`pairs: ${sumOf(reports)}\n`);
});
