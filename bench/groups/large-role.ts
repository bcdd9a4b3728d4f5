import { largest, sized, withServers, type Group } from '../context';
import type { DataFolder } from '../data';
import { Clients, type Operation } from '../load';
import { userId } from '../population/names';
import { firstOrdinary, LARGE_SHARE } from '../population/shape';
import { assign, createRole } from '../queries';
import type { Figure, Measure, Wanted } from '../report/figure';
import { median, timed } from '../stats';

/** One assignment to a very large role against one to an empty one: what it costs must not follow from the length of its stream. */

type Found = Omit<Figure, 'group'>;
const WITHIN: Wanted = { of: 'ratio', atMost: 1.5 };
const CLIENTS = 16;

export const largeRole: Group = async (bench) => {
  const folder = await bench.data.folder(largest(bench));
  const size = sized(folder.plan.shape.large);
  const first = await withServers([folder], ([served]) => firstAssignments(served!.server.url, folder));
  return withServers([folder], async ([served]) => {
    const target = { url: served!.server.url, token: folder.token };
    const again = await firstAssignments(target.url, folder);
    const alone = new Clients(target, 1);
    const many = new Clients(target, CLIENTS);
    const next = strangers(folder);
    const aloneTimes = { large: [] as number[], empty: [] as number[] };
    const manyRates = { large: [] as number[], empty: [] as number[] };
    for (let round = 0; round < bench.rounds; round += 1) {
      for (let n = 0; n < (bench.quick ? 60 : 200); n += 1) {
        const empty = n % 20 === 0 ? await emptyRole(alone) : null;
        if (empty) latest = empty;
        aloneTimes.large.push(await timed(() => alone.send(assign(folder.plan.large.id, [next()]))));
        aloneTimes.empty.push(await timed(() => alone.send(assign(latest, [next()]))));
      }
      const requests = bench.quick ? 300 : 1_500;
      const empty = await emptyRole(alone);
      for (const [kind, role] of [
        ['large', folder.plan.large.id],
        ['empty', empty],
      ] as const) {
        const load = await many.closedLoop(() => assign(role, [next()]), { requests });
        manyRates[kind].push(load.perSecond);
      }
    }
    await Promise.all([alone.close(), many.close()]);
    const compared = (
      what: string,
      unit: 'ms' | '/s',
      { large, empty }: { readonly large: number; readonly empty: number },
      wanted?: Wanted,
    ): Found => {
      const against: Measure = { what: 'an empty role', value: empty, unit };
      return { what: `${what} to a role of ${size}`, value: large, unit, against, wanted };
    };
    const middle = { large: median(aloneTimes.large), empty: median(aloneTimes.empty) };
    const rates = { large: median(manyRates.large), empty: median(manyRates.empty) };
    return [
      compared('assignment, p50', 'ms', middle, WITHIN),
      compared(`assignments, ${CLIENTS} clients,`, '/s', rates, { of: 'ratio', atLeast: 1 / 1.5 }),
      compared('first assignment ever on this replica', 'ms', first),
      compared('first assignment after a restart', 'ms', again),
    ];
  });
};

let latest = '';

/** Users who are not in the large role; in a role made now nobody is. */
function strangers({ plan }: DataFolder): () => string {
  let n = firstOrdinary(plan.shape);
  return () => {
    n += 1;
    if (n % LARGE_SHARE === 0) n += 1;
    return userId(n % plan.shape.users);
  };
}

let made = 0;

async function emptyRole(clients: Clients): Promise<string> {
  const { data } = await clients.send<{ createRole: { role: { id: string } } }>(
    createRole(`Empty ${(made += 1)}`, []),
  );
  return data.createRole.role.id.slice('Role:'.length);
}

/** The first commands after a start find no state in memory. */
async function firstAssignments(
  url: string,
  folder: DataFolder,
): Promise<{ readonly large: number; readonly empty: number }> {
  const clients = new Clients({ url, token: folder.token }, 1);
  const [role, other] = [await emptyRole(clients), await emptyRole(clients)];
  // Warms up all but the streams.
  for (let n = 1; n <= 20; n += 1) await clients.send(assign(other, [userId(n)]));
  const stranger = userId(LARGE_SHARE * 3 + 1 + made);
  const empty = await timed(() => clients.send(assign(role, [stranger])));
  const large = await timed(() => clients.send(assign(folder.plan.large.id, [stranger])));
  await clients.close();
  return { large, empty };
}
