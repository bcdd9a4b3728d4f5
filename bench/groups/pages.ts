import {
  allFolders,
  inTurns,
  largest,
  sized,
  smallest,
  withServers,
  type Bench,
  type Group,
  type Served,
} from '../context';
import type { DataFolder } from '../data';
import { Clients, type Load, type Operation } from '../load';
import type { Hello } from '../processes';
import { userId } from '../population/names';
import { firstOrdinary } from '../population/shape';
import { effective, hello as helloQuery, holders, roleList, rolePage, roleUsers } from '../queries';
import type { Figure, Measure, Wanted } from '../report/figure';
import { median } from '../stats';

/** Pages that people wait for: one client after the other, over HTTP. */

type Found = Omit<Figure, 'group'>;
interface Page {
  readonly what: string;
  readonly served: Served;
  readonly next: () => Operation;
}
interface Times {
  readonly p50: number;
  readonly p99: number;
}

/** DESIGN: nothing a client can ask may hold the event loop for longer. */
const BEARABLE: Wanted = { of: 'value', atMost: 50 };
const WITHIN: Wanted = { of: 'ratio', atMost: 1.5 };

/** The role list and the role page, small and large, beside Apollo's hello. */
export const roleScreens: Group = async (bench) => {
  const folders = [await bench.data.folder(smallest(bench)), await bench.data.folder(largest(bench))];
  return withServers(folders, async (served, hello) => {
    const pages = served.flatMap((each): Page[] => {
      const size = `${sized(each.folder.plan.shape.users)} users, ${sized(each.folder.plan.shape.roles)} roles`;
      return [
        { what: `role list, ${size}`, served: each, next: () => roleList() },
        { what: `role page, ${size}`, served: each, next: rolePages(each.folder) },
      ];
    });
    const { times, apollo } = await timesOf(pages, bench, hello, bench.quick ? 150 : 600);
    const figures = apolloFigures(apollo);
    for (const quantile of ['p50', 'p99'] as const) {
      for (const [index, { what }] of pages.entries()) {
        const figure: Found = { what: `${what}, ${quantile}`, value: times[index]![quantile], unit: 'ms' };
        const small = pages[index - 2];
        const against: Measure | undefined = small && {
          what: sized(smallest(bench)) + ' users',
          value: times[index - 2]![quantile],
          unit: 'ms',
        };
        figures.push({
          ...figure,
          against,
          wanted: small && index === 2 && quantile === 'p99' ? WITHIN : undefined,
        });
      }
    }
    return figures;
  });
};

function rolePages({ plan }: DataFolder): () => Operation {
  let n = 0;
  return () => rolePage(plan.ordinary[(n++ * 31) % plan.ordinary.length]!.id);
}

/** First pages of who holds a permission, and of a role's users. */
export const userPages: Group = async (bench) =>
  withServers(await allFolders(bench), async (served, hello) => {
    const pages = served.flatMap((each): Page[] => {
      const { plan } = each.folder;
      const size = `${sized(plan.shape.users)} users`;
      const wanted = [
        ['few', plan.wanted.few],
        [sized(plan.shape.some), plan.wanted.some],
        ['nearly all', plan.wanted.nearlyAll],
      ] as const;
      const roles = [
        [plan.shape.small, plan.small.id],
        [plan.shape.large, plan.large.id],
      ] as const;
      return [
        ...wanted.map(([many, permission]) => ({
          what: `who holds a permission, ${many} of ${size}`,
          served: each,
          next: () => holders(permission),
        })),
        ...roles.flatMap(([members, role]) => [
          {
            what: `users of a role of ${sized(members)}, ${size}`,
            served: each,
            next: () => roleUsers(role, null),
          },
          {
            what: `users of a role of ${sized(members)} named “novak”, ${size}`,
            served: each,
            next: () => roleUsers(role, 'novak'),
          },
        ]),
      ];
    });
    const { times } = await timesOf(pages, bench, hello, bench.quick ? 20 : 60);
    return pages.flatMap(({ what }, index): Found[] => [
      { what: `${what}, p50`, value: times[index]!.p50, unit: 'ms' },
      { what: `${what}, p99`, value: times[index]!.p99, unit: 'ms', wanted: BEARABLE },
    ]);
  });

/** The same questions about a moment in the past and about now. */
export const pastAndNow: Group = async (bench) =>
  withServers([await bench.data.folder(largest(bench))], async ([served], hello) => {
    const each = served!;
    const { folder } = each;
    const pages: Page[] = [
      { what: 'role list now', served: each, next: () => roleList() },
      { what: 'role list as of the past', served: each, next: () => roleList(folder.past) },
      { what: 'effective permissions now', served: each, next: people(folder, undefined) },
      { what: 'effective permissions as of the past', served: each, next: people(folder, folder.past) },
    ];
    const { times } = await timesOf(pages, bench, hello, bench.quick ? 150 : 400);
    return pages.map(({ what }, index): Found => {
      const value = times[index]!.p50;
      if (index % 2 === 0) return { what: `${what}, p50`, value, unit: 'ms' };
      const against: Measure = { what: 'now', value: times[index - 1]!.p50, unit: 'ms' };
      return { what: `${what}, p50`, value, unit: 'ms', against, wanted: WITHIN };
    });
  });

function people({ plan }: DataFolder, asOf: string | undefined): () => Operation {
  const first = firstOrdinary(plan.shape);
  let n = 0;
  return () => effective(userId(first + ((n++ * 7_919) % (plan.shape.users - first))), asOf);
}

async function timesOf(
  pages: readonly Page[],
  bench: Bench,
  hello: Hello,
  requests: number,
): Promise<{ readonly times: readonly Times[]; readonly apollo: Times & { readonly bare: Times } }> {
  const bare = new Clients({ url: hello.bare }, 1);
  const apollo = new Clients({ url: hello.apollo }, 1);
  const clients = pages.map(
    ({ served }) => new Clients({ url: served.server.url, token: served.folder.token }, 1),
  );
  const subjects = [
    { measure: () => bare.closedLoop(helloQuery, { requests }) },
    { measure: () => apollo.closedLoop(helloQuery, { requests }) },
    ...pages.map(({ next }, index) => ({ measure: () => clients[index]!.closedLoop(next, { requests }) })),
  ];
  const [overHttp, overApollo, ...times] = (await inTurns('pages', bench.rounds, subjects)).map(typical);
  for (const each of [bare, apollo, ...clients]) await each.close();
  return { times, apollo: { ...overApollo!, bare: overHttp! } };
}

/** Median over the rounds of each round's percentiles: one bad moment of the machine is not the figure. */
const typical = (loads: readonly Load[]): Times => ({
  p50: median(loads.map(({ p50 }) => p50)),
  p99: median(loads.map(({ p99 }) => p99)),
});

const apolloFigures = ({ p50, p99, bare }: Times & { readonly bare: Times }): Found[] =>
  (
    [
      ['p50', p50, bare.p50],
      ['p99', p99, bare.p99],
    ] as const
  ).map(([quantile, value, http]) => ({
    what: `Apollo’s hello, one client, ${quantile}`,
    value,
    unit: 'ms',
    against: { what: 'bare HTTP server', value: http, unit: 'ms' },
  }));
