import { exploreDeaths, exploreRaces, type Scenario } from './exploration';
import { ADMINS, CONFLICTS, KEYS, NAMES, USERNAMES } from './scenarios';

const only = process.env.ONLY;
describe.each([
  ['names', NAMES],
  ['usernames', USERNAMES],
  ['admins', ADMINS],
  ['conflicts', CONFLICTS],
  ['keys', KEYS],
] as [string, readonly Scenario[]][])('%s', (_group, scenarios) => {
  test.each(scenarios.filter((s) => !only || s.name.includes(only)).map((s) => [s.name, s] as const))('%s', async (_name, s) => {
    const t = Date.now();
    const r = await exploreRaces(s, Number(process.env.H ?? 30));
    const t2 = Date.now();
    process.stderr.write(`${s.name}: ${r.schedules} beyond ${r.beyond} longest ${r.longest} ${t2 - t} ms ${[...r.verdicts].join(' ; ')}\n`);
    for (const v of s.seen ?? []) if (!r.verdicts.has(v)) process.stderr.write(`   NOT SEEN ${v}\n`);
  }, 600000);
});
void exploreDeaths;
