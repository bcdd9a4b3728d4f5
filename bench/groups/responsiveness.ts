import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sized, type Bench, type Group } from '../context';
import type { DataFolder } from '../data';
import { Clients, type Load } from '../load';
import { ACCOUNT } from '../population/events';
import { writeUsers } from '../population/users-file';
import { rolebook, startRolebook, startWatched, type RunningServer } from '../processes';
import { me } from '../queries';
import { worst, type Worst } from './worst';
import type { Figure, Measure } from '../report/figure';
import { median } from '../stats';

/** Effect of long work on other GraphQL clients, and the memory it takes. */

type Found = Omit<Figure, 'group'>;
/** Small queries at a rate far below what a server can do. */
const PER_SECOND = 50;

export const whileRebuilding: Group = async (bench) => {
  const folder = await bench.data.folder(middle(bench), 'busy');
  const server = await startRolebook(folder.directory, { script: 'bench/rebuilding-server.js' });
  try {
    return await beside(
      `a rebuild of ${sized(folder.plan.shape.users)} users`,
      bench,
      server,
      folder,
      async () => {
        server.kill('SIGUSR2');
        await server.printed('rebuilt');
      },
    );
  } finally {
    await server.stop();
  }
};

export const whileImporting: Group = async (bench) => {
  const folder = await bench.data.folder(middle(bench), 'busy');
  const users = bench.quick ? 5_000 : 100_000;
  const file = path.join(bench.data.newDirectory(), 'users.csv');
  await writeUsers(file, users, folder.plan.shape.users);
  const server = await startRolebook(folder.directory);
  try {
    let seconds = 0;
    const figures = await beside(`an import of ${sized(users)} users`, bench, server, folder, async () => {
      const began = performance.now();
      await rolebook(['import', 'users', file, '--account', ACCOUNT], {
        ROLEBOOK_DATA_DIR: folder.directory,
      });
      seconds = (performance.now() - began) / 1_000;
    });
    return [
      ...figures,
      { what: `import of ${sized(users)} users, a server running`, value: users / seconds, unit: '/s' },
    ];
  } finally {
    await server.stop();
  }
};

/** The largest hold of the event loop, in CPU time, by the worst that anyone may ask for; each is asked some times. */
export const whileAsking: Group = async (bench) => {
  const folder = await bench.data.folder(middle(bench), 'busy');
  const size = sized(folder.plan.shape.users);
  const server = await startWatched(folder.directory);
  try {
    const ask = async ({ query, variables, atOnce = 1 }: Worst): Promise<void> => {
      const send = async (): Promise<void> => {
        const answer = await fetch(`${server.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${folder.token}` },
          body: JSON.stringify({ query, variables }),
        });
        const text = await answer.text();
        const isAnswer = answer.status === 200 || text.includes('"QUERY_TOO_COMPLEX"');
        if (!isAnswer) throw new Error(`Not an answer: ${answer.status} ${text.slice(0, 500)}`);
      };
      await Promise.all(Array.from({ length: atOnce }, send));
    };
    const held = (): Promise<number> => server.told('held');
    const figures: Found[] = [];
    for (const each of worst(folder.plan)) {
      // The first runs compile.
      for (let round = 0; round < 3; round += 1) await ask(each);
      const samples: number[] = [];
      for (let round = 0; round < (bench.quick ? 3 : 10); round += 1) {
        await held();
        await ask(each);
        samples.push(await held());
      }
      figures.push({
        what: `event loop held, CPU, by ${each.what}, ${size} users, median`,
        value: median(samples),
        unit: 'ms',
        wanted: { of: 'value', atMost: 50 },
      });
    }
    return figures;
  } finally {
    await server.stop();
  }
};

/** A size at which the work takes some seconds. */
const middle = ({ sizes }: Bench): number => sizes.filter((size) => size <= 100_000).at(-1) ?? sizes[0]!;

async function beside(
  what: string,
  { quick }: Bench,
  server: RunningServer,
  { token }: DataFolder,
  work: () => Promise<void>,
): Promise<Found[]> {
  const clients = new Clients({ url: server.url, token }, 16);
  const quiet = (): Promise<Load> => clients.steadily(PER_SECOND, me, sleep(quick ? 1_500 : 10_000));
  await quiet();
  const before = await quiet();
  const memory = [server.memory()];
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, server.memory())), 100);
  const during = await clients.steadily(PER_SECOND, me, work());
  clearInterval(watch);
  await sleep(2_000);
  memory.push(most, server.memory());
  await clients.close();
  const against: Measure = { what: 'before', value: before.p99, unit: 'ms' };
  return [
    {
      what: `small query during ${what}, p50`,
      value: during.p50,
      unit: 'ms',
      against: { ...against, value: before.p50 },
    },
    {
      what: `small query during ${what}, p99`,
      value: during.p99,
      unit: 'ms',
      against,
      wanted: { of: 'value', atMost: 50 },
    },
    ...['before', 'during, most', 'after'].map((when, index): Found => ({
      what: `memory, ${what}, ${when}`,
      value: memory[index]!,
      unit: 'MB',
    })),
  ];
}
