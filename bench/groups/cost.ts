import path from 'node:path';
import { inTurns, largest, sized, smallest, type Bench, type Group } from '../context';
import { catalogueFile, rebuildSeconds, type DataFolder } from '../data';
import { Clients, type Operation } from '../load';
import { ACCOUNT } from '../population/events';
import { userId } from '../population/names';
import { writeUsers } from '../population/users-file';
import { rolebook, startRolebook } from '../processes';
import { checks, register, roleList } from '../queries';
import type { Figure } from '../report/figure';
import { median } from '../stats';

/**
 * CPU time of what is asked most, in all threads of the process that does it. It does not depend on what else the
 * machine does, so that two versions can be compared run by run.
 */

type Found = Omit<Figure, 'group'>;

const CLIENTS = 8;
const MICROSECONDS = 1e6;

export const cost: Group = async (bench) => {
  const folder = await bench.data.folder(
    bench.sizes.find((size) => size >= 10_000) ?? smallest(bench),
    'cost',
  );
  return [await ofRebuild(bench, folder), ...(await overHttp(bench, folder)), await ofImport(bench)];
};

async function ofRebuild({ data, rounds }: Bench, folder: DataFolder): Promise<Found> {
  const spent: number[] = [];
  for (let round = 0; round < Math.min(3, rounds); round += 1) {
    const before = process.cpuUsage();
    await rebuildSeconds(folder, data.newDirectory());
    const { user, system } = process.cpuUsage(before);
    spent.push((user + system) / folder.events);
  }
  return figure(`a rebuild, each of ${sized(folder.events)} events`, median(spent));
}

async function overHttp(bench: Bench, folder: DataFolder): Promise<Found[]> {
  const server = await startRolebook(folder.directory);
  const clients = new Clients({ url: server.url, token: folder.token }, CLIENTS);
  const requests = bench.quick ? 600 : 3_000;
  try {
    const asked = Object.entries(questions(folder));
    const subjects = asked.map(([, next]) => ({
      async measure() {
        const before = server.cpu();
        await clients.closedLoop(next, { requests });
        return ((server.cpu() - before) * MICROSECONDS) / requests;
      },
    }));
    const spent = await inTurns('costs of requests', bench.rounds, subjects);
    return asked.map(([what], index) =>
      figure(`${what}, ${sized(folder.plan.shape.users)} users`, median(spent[index]!)),
    );
  } finally {
    await clients.close();
    await server.stop();
  }
}

function questions({ plan }: DataFolder): Record<string, () => Operation> {
  const permissions = catalogueFile().permissions.map(({ key }) => key);
  let n = 0;
  return {
    'a registration': () => register(`costs${(n += 1)}@example.com`, `Cost ${n}`),
    'a role list': () => roleList(),
    'a check': () => {
      n += 1;
      const user = userId((n * 7_919) % plan.shape.users);
      return checks([{ user, permission: permissions[n % permissions.length]! }]);
    },
  };
}

async function ofImport(bench: Bench): Promise<Found> {
  const users = largest(bench);
  const directory = bench.data.newDirectory();
  const settings = { ROLEBOOK_DATA_DIR: directory };
  const file = path.join(directory, 'users.csv');
  await writeUsers(file, users, 0);
  await rolebook(['account', 'open', ACCOUNT, '--admin', 'first-admin'], settings);
  let spent = 0;
  await rolebook(['import', 'users', file, '--account', ACCOUNT], settings, ({ cpu }) => {
    if (Number.isFinite(cpu)) spent = cpu;
  });
  return figure(`an import, each of ${sized(users)} users`, (spent * MICROSECONDS) / users);
}

const figure = (of: string, value: number): Found => ({ what: `CPU of ${of}`, value, unit: 'µs' });
