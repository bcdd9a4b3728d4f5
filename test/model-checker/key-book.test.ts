import { sumOf, type Report } from './exploration';
import { exploreKeys } from './key-book/exploration';
import { KEY_POOL, KEY_SCENARIOS } from './key-book/scenarios';
import { isTried } from '../scale';

/**
 * Erasures, rotations, registrations and copies at once, under every schedule of their calls of log and key book, with a
 * death at every one of them. The rules are in `key-book/rules.ts`.
 */
test.each(KEY_SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
  '%s',
  async (_name, scenario) => {
    const report = await exploreKeys(scenario);
    reports.push(report);
    expect([...report.verdicts].sort()).toEqual([...scenario.seen].sort());
    expect(report.states).toBeGreaterThanOrEqual(scenario.least);
  },
);

/** One pair in eight in `npm test`, all of them in `npm run test:long`, and there a rotation beside some of them too. */
const PAIRS = KEY_POOL.flatMap(([one, first], index) =>
  KEY_POOL.slice(index).map(([two, second]) => ({ name: `${one}, ${two}`, processes: [[first], [second]] })),
);
const TRIPLES = PAIRS.map(({ name, processes }) => ({
  name: `${name}, rotate`,
  processes: [...processes, ...KEY_POOL.filter(([task]) => task === 'rotate').map(([, task]) => [task])],
}));
const tried = [
  ...PAIRS.filter((_, index) => isTried(index, 8)),
  ...TRIPLES.filter((_, index) => isTried(index + 1, 400)),
];
test.each(tried.map((race) => [race.name, race] as const))('any at once: %s', async (_name, race) => {
  reports.push(await exploreKeys(race));
});

const reports: Report[] = [];
afterAll(() => {
  process.stderr.write(`key books: ${sumOf(reports)}\n`);
});
