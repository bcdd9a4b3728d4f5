import { largest, sized, withServers, type Group } from '../context';
import type { DataFolder } from '../data';
import { Clients } from '../load';
import { userId } from '../population/names';
import { firstOrdinary, LARGE_SHARE } from '../population/shape';
import { assign, createRole } from '../queries';
import type { Figure, Measure, Unit, Wanted } from '../report/figure';
import { median, timed } from '../stats';

/** One assignment to a very large role against one to an empty one: what it costs must not follow from its stream’s length. */

const CLIENTS = 16;
/** An empty role is left for another before it has members to speak of. */
const STILL_EMPTY = 20;

/** The same of the large role and of an empty one. */
interface Pair {
  readonly large: number;
  readonly empty: number;
}

export const largeRole: Group = async (bench) => {
  const folder = await bench.data.folder(largest(bench));
  const large = folder.plan.large.id;
  const people = new People(folder);
  const first = await withServers([folder], ([served]) =>
    coldAssignments(served!.server.url, folder, people),
  );
  return withServers([folder], async ([served]) => {
    const target = { url: served!.server.url, token: folder.token };
    const again = await coldAssignments(target.url, folder, people);
    const alone = new Clients(target, 1);
    const many = new Clients(target, CLIENTS);
    const times = { large: [] as number[], empty: [] as number[] };
    const rates = { large: [] as number[], empty: [] as number[] };
    for (let round = 0; round < bench.rounds; round += 1) {
      for (let turn = 0; turn < (bench.quick ? 3 : 10); turn += 1) {
        const empty = await emptyRole(alone);
        for (let n = 0; n < STILL_EMPTY; n += 1) {
          times.large.push(await timed(() => alone.send(assign(large, [people.next()]))));
          times.empty.push(await timed(() => alone.send(assign(empty, [people.next()]))));
        }
      }
      const requests = bench.quick ? 300 : 1_500;
      const empty = await emptyRole(alone);
      rates.large.push((await many.closedLoop(() => assign(large, [people.next()]), { requests })).perSecond);
      rates.empty.push((await many.closedLoop(() => assign(empty, [people.next()]), { requests })).perSecond);
    }
    await Promise.all([alone.close(), many.close()]);
    const compared = (what: string, unit: Unit, pair: Pair, wanted?: Wanted): Omit<Figure, 'group'> => {
      const against: Measure = { what: 'an empty role', value: pair.empty, unit };
      return {
        what: `${what} to a role of ${sized(folder.plan.shape.large)}`,
        value: pair.large,
        unit,
        against,
        wanted,
      };
    };
    return [
      compared('assignment, p50,', 'ms', medians(times), { of: 'ratio', atMost: 1.5 }),
      compared(`assignments, ${CLIENTS} clients,`, '/s', medians(rates), { of: 'ratio', atLeast: 1 / 1.5 }),
      compared('first assignment ever on this replica', 'ms', first),
      compared('first assignment after a restart', 'ms', again),
    ];
  });
};

const medians = ({ large, empty }: Readonly<Record<keyof Pair, readonly number[]>>): Pair => ({
  large: median(large),
  empty: median(empty),
});

/** Users who are not in the large role yet, nor in any that was made since. */
class People {
  #n: number;
  readonly #users: number;

  constructor({ plan }: DataFolder) {
    this.#n = firstOrdinary(plan.shape);
    this.#users = plan.shape.users;
  }

  next(): string {
    this.#n += 1;
    if (this.#n % LARGE_SHARE === 0) this.#n += 1;
    return userId(this.#n % this.#users);
  }
}

async function emptyRole(clients: Clients): Promise<string> {
  const name = `Empty ${Date.now()} ${performance.now()}`;
  const { data } = await clients.send<{ createRole: { role: { id: string } } }>(createRole(name, []));
  return data.createRole.role.id.slice('Role:'.length);
}

/** The first commands on a role after a start find no state of it in memory. */
async function coldAssignments(url: string, folder: DataFolder, people: People): Promise<Pair> {
  const clients = new Clients({ url, token: folder.token }, 1);
  const [role, other] = [await emptyRole(clients), await emptyRole(clients)];
  // Warms up all but the two roles.
  for (let n = 0; n < STILL_EMPTY; n += 1) await clients.send(assign(other, [people.next()]));
  const empty = await timed(() => clients.send(assign(role, [people.next()])));
  const large = await timed(() => clients.send(assign(folder.plan.large.id, [people.next()])));
  await clients.close();
  return { large, empty };
}
