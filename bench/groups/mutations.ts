import { inTurns, sized, smallest, withServers, type Group } from '../context';
import type { DataFolder } from '../data';
import { Clients, type Load, type Operation } from '../load';
import { userId } from '../population/names';
import { range } from '../population/plan';
import { assign, createRole, hello as helloQuery } from '../queries';
import type { Figure } from '../report/figure';
import { median } from '../stats';
import { commitsPerSecond } from '../yardsticks/commits';

/** Durable mutations a second over HTTP, beside Apollo's hello with as many clients and bare commits. */

/** Roles that users are assigned to: enough that few clients meet on one. */
const TARGETS = 500;
/** One mutation in four creates a role. */
const CREATE_EVERY = 4;

export const mutations: Group = async (bench) => {
  const users = bench.sizes.find((size) => size >= 10_000) ?? smallest(bench);
  const folder = await bench.data.folder(users, 'mutations');
  return withServers([folder], async ([served], hello) => {
    const { server } = served!;
    const target = { url: server.url, token: folder.token };
    const next = mix(folder, await targets(folder, target));
    const seconds = bench.quick ? 0.8 : 4;
    const sizes = [1, 64] as const;
    const clients = sizes.map((count) => ({
      ours: new Clients(target, count),
      apollo: new Clients({ url: hello.apollo }, count),
      bare: new Clients({ url: hello.bare }, count),
    }));
    const subjects = clients.flatMap(({ ours, apollo, bare }) => [
      { measure: () => ours.closedLoop(next, { seconds }) },
      { measure: () => apollo.closedLoop(helloQuery, { seconds: seconds / 2 }) },
      { measure: () => bare.closedLoop(helloQuery, { seconds: seconds / 4 }) },
    ]);
    const commits: number[] = [];
    const takeCommits = {
      measure: () => void commits.push(commitsPerSecond(bench.data.newDirectory(), 0.5)),
    };
    const loads = (await inTurns<Load | void>('mutations', bench.rounds, [
      ...subjects,
      takeCommits,
    ])) as Load[][];
    for (const { ours, apollo, bare } of clients)
      await Promise.all([ours.close(), apollo.close(), bare.close()]);
    return sizes.flatMap((count, index) => {
      const [ours, apollo, bare] = loads.slice(index * 3, index * 3 + 3);
      return figuresOf(count, sized(users), { ours: ours!, apollo: apollo!, bare: bare! }, median(commits));
    });
  });
};

function figuresOf(
  count: number,
  size: string,
  { ours, apollo, bare }: Readonly<Record<'ours' | 'apollo' | 'bare', readonly Load[]>>,
  commits: number,
): Omit<Figure, 'group'>[] {
  const clients = count === 1 ? '1 client' : `${count} clients`;
  const perSecond = (loads: readonly Load[]): number => median(loads.map((load) => load.perSecond));
  const what = `durable mutations, ${clients}, ${size} users`;
  const value = perSecond(ours);
  const hello = { what: `Apollo’s hello, ${clients}`, value: perSecond(apollo), unit: '/s' } as const;
  return [
    { ...hello, against: { what: `bare HTTP server, ${clients}`, value: perSecond(bare), unit: '/s' } },
    {
      what,
      value,
      unit: '/s',
      against: hello,
      wanted: count > 1 ? { of: 'ratio', atLeast: 1 / 3 } : undefined,
    },
    { what, value, unit: '/s', against: { what: 'bare SQLite commits', value: commits, unit: '/s' } },
    { what: `${what}, p99`, value: median(ours.map(({ p99 }) => p99)), unit: 'ms' },
  ];
}

/** Global ids of new roles, without their type. */
async function targets({ plan }: DataFolder, target: { url: string; token: string }): Promise<string[]> {
  const clients = new Clients(target, 8);
  const created = await Promise.all(
    range(0, TARGETS).map((n) =>
      clients.send<{ createRole: { role: { id: string } } }>(createRole(`Target ${n}`, [plan.wanted.some])),
    ),
  );
  await clients.close();
  return created.map(({ data }) => data.createRole.role.id.slice('Role:'.length));
}

/** Each mutation changes something: no user is assigned to a role twice, no name is asked for twice. */
function mix({ plan }: DataFolder, roles: readonly string[]): () => Operation {
  const { users } = plan.shape;
  const grants = plan.large.grants.slice(0, 3).map(({ permission }) => permission);
  let n = 0;
  return () => {
    n += 1;
    if (n % CREATE_EVERY === 0) return createRole(`Made ${n}`, grants);
    const role = roles[n % roles.length]!;
    return assign(role, [userId(Math.floor(n / roles.length) % users)]);
  };
}
