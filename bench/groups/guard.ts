import { inTurns, sized, smallest, type Bench, type Group } from '../context';
import { catalogueFile, type DataFolder } from '../data';
import { Clients, type Operation } from '../load';
import { userId } from '../population/names';
import { startWatched, type WatchedServer } from '../processes';
import { checks, roleList } from '../queries';
import type { Figure } from '../report/figure';
import { percentile } from '../stats';

/**
 * Cost of the guard: CPU time of a role list and of a check on a server with the guard and on one without, in turns.
 * The guard is all of it: the token and whose it is, whether the user is active, and the rights of fields.
 */

const CLIENTS = 4;
const MICROSECONDS = 1_000;
/** Requests of a turn: turns are short, so that what goes on beside falls on all alike; it only ever adds. */
const A_TURN = 60;
/** One of these costs so much at most by the guard. */
const MOST = 1.05;

interface Side {
  readonly folder: DataFolder;
  readonly server: WatchedServer;
  readonly clients: Clients;
}

export const guardCost: Group = async (bench) => {
  const sides: Side[] = [];
  try {
    for (const script of ['bench/watched-server.js', 'bench/unguarded-server.js'] as const) {
      const folder = await bench.data.folder(smallest(bench), script);
      const server = await startWatched(folder.directory, { ROLEBOOK_LOG_LEVEL: 'warn' }, script);
      // The one without must be without.
      const token = script === 'bench/unguarded-server.js' ? 'none' : folder.token;
      sides.push({ folder, server, clients: new Clients({ url: server.url, token }, CLIENTS) });
    }
    return await measured(sides, bench);
  } finally {
    for (const { server, clients } of sides) {
      await clients.close();
      await server.stop();
    }
  }
};

async function measured(sides: readonly Side[], bench: Bench): Promise<Omit<Figure, 'group'>[]> {
  const rounds = bench.quick ? 5 : bench.rounds * 12;
  const kinds = Object.keys(questions(sides[0]!.folder));
  const subjects = sides.flatMap(({ folder, server, clients }) =>
    Object.values(questions(folder)).map((next) => ({
      async measure(requests = A_TURN) {
        const before = await server.told('cpu');
        await clients.closedLoop(next, { requests });
        return (((await server.told('cpu')) - before) / requests) * MICROSECONDS;
      },
    })),
  );
  // Until all of it is compiled.
  for (const { measure } of subjects) await measure(bench.quick ? A_TURN : 20 * A_TURN);
  const turns = subjects.map(({ measure }) => ({ measure: () => measure() }));
  const spent = (await inTurns('what the guard costs', rounds, turns)).map((each) => percentile(each, 0.25));
  return kinds.map((kind, index) => ({
    what: `CPU of ${kind}, ${sized(sides[0]!.folder.plan.shape.users)} users`,
    value: spent[index]!,
    unit: 'µs',
    against: { what: 'without the guard', value: spent[kinds.length + index]!, unit: 'µs' },
    wanted: { of: 'ratio', atMost: MOST },
  }));
}

function questions({ plan }: DataFolder): Record<string, () => Operation> {
  const permissions = catalogueFile().permissions.map(({ key }) => key);
  let n = 0;
  return {
    'a role list': () => roleList(),
    'a check': () => {
      n += 1;
      const user = userId((n * 7_919) % plan.shape.users);
      return checks([{ user, permission: permissions[n % permissions.length]! }]);
    },
  };
}
