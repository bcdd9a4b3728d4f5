import { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLog } from '../src/app/open-log';
import { withSealing } from '../src/app/open-seals';
import { loadConfig } from '../src/config/config';
import { sealOnce } from '../src/transparency/follower/seal-once';
import { Data, type DataFolder } from './data';
import { Clients, type Operation } from './load';
import { userId } from './population/names';
import { range } from './population/plan';
import { startRolebook } from './processes';
import { assign, createRole } from './queries';
import { median } from './stats';

/**
 * CPU time in all threads that seals add to mutations: the same load on a server that does not seal and on one that does, in
 * turns. The latter is measured until all that it wrote is sealed, at an interval that is shorter than the default.
 */

const INTERVAL_S = 10;
const CLIENTS = 64;
const TARGETS = 200;

const program = new Command('npm run bench:seals --')
  .option('--pairs <pairs>', 'pairs of runs', '5')
  .option('--mutations <mutations>', 'mutations a run', '10000')
  .parse();
const { pairs, mutations } = program.opts<{ pairs: string; mutations: string }>();

/** Seals what was there before a run, which is not its own. */
async function sealBefore(directory: string): Promise<void> {
  const config = loadConfig({ ROLEBOOK_DATA_DIR: directory });
  const store = await openLog(config, { readOnly: true });
  await withSealing(config, store, (parts) => sealOnce(parts, { atOnce: true }));
  await store.close();
}

let made = 0;

async function cpuOf(folder: DataFolder, seals: boolean): Promise<number> {
  const settings = { ROLEBOOK_SEAL_INTERVAL_S: seals ? String(INTERVAL_S) : '0' };
  const server = await startRolebook(folder.directory, { settings });
  const clients = new Clients({ url: server.url, token: folder.token }, CLIENTS);
  try {
    const grants = [folder.plan.wanted.some];
    const created = await Promise.all(
      range(0, TARGETS).map(() =>
        clients.send<{ createRole: { role: { id: string } } }>(createRole(`Target ${(made += 1)}`, grants)),
      ),
    );
    const roles = created.map(({ data }) => data.createRole.role.id.slice('Role:'.length));
    const { users } = folder.plan.shape;
    let n = 0;
    const next = (): Operation => {
      n += 1;
      if (n % 4 === 0) return createRole(`Made ${(made += 1)}`, grants);
      return assign(roles[n % roles.length]!, [userId(Math.floor(n / roles.length) % users)]);
    };
    const before = server.cpu();
    await clients.closedLoop(next, { requests: Number(mutations) });
    while (seals && !(await isSealed(server.url))) await sleep(1_000);
    return server.cpu() - before;
  } finally {
    await clients.close();
    await server.stop();
  }
}

async function isSealed(url: string): Promise<boolean> {
  const shown = await (await fetch(`${url}/metrics`)).text();
  const value = (name: string): number => Number(new RegExp(`^${name} (.*)$`, 'm').exec(shown)?.[1] ?? NaN);
  return value('rolebook_sealed_events') === value('rolebook_projected_events_total');
}

async function main(): Promise<void> {
  const data = new Data();
  try {
    const folder = await data.folder(1_000, 'seals');
    const seconds: Record<'without' | 'with', number[]> = { without: [], with: [] };
    for (let pair = 0; pair < Number(pairs); pair += 1)
      for (const way of pair % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const)) {
        await sealBefore(folder.directory);
        const cpu = await cpuOf(folder, way === 'with');
        seconds[way].push(cpu);
        process.stdout.write(`${way} seals: ${cpu.toFixed(2)} s of CPU for ${mutations} mutations\n`);
      }
    const ratios = seconds.with.map((cpu, pair) => cpu / seconds.without[pair]!);
    process.stdout.write(
      `medians: ${median(seconds.without).toFixed(2)} s without, ${median(seconds.with).toFixed(2)} s with seals; of the pairs' ratios ${median(ratios).toFixed(3)}\n`,
    );
  } finally {
    data.remove();
  }
}

void main();
