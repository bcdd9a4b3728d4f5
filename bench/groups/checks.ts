import { ROUTES } from '../../src/http/routes';
import { openReadOnly, type ReadOnlyReadModels } from '../../projections';
import { allFolders, inTurns, sized, smallest, withServers, type Bench, type Group } from '../context';
import { catalogueFile, type DataFolder } from '../data';
import { Clients } from '../load';
import { ACCOUNT } from '../population/events';
import { userId } from '../population/names';
import { firstOrdinary } from '../population/shape';
import { checks, hello as helloQuery } from '../queries';
import type { Figure, Measure } from '../report/figure';
import { median } from '../stats';
import { loadCasbin, type Casbin } from '../yardsticks/casbin';

type Found = Omit<Figure, 'group'>;
interface Question {
  readonly user: string;
  readonly permission: string;
}

/** Everyone who is asked about has roles alike in every size; each asks about all permissions in turn. */
function questions({ plan }: DataFolder): () => Question {
  const permissions = catalogueFile().permissions.map(({ key }) => key);
  const first = firstOrdinary(plan.shape);
  const users = plan.shape.users - first;
  let n = 0;
  return () => {
    n += 1;
    return { user: userId(first + ((n * 7_919) % users)), permission: permissions[n % permissions.length]! };
  };
}

const WITHIN = { of: 'ratio', atLeast: 1 / 1.5 } as const;
const CASBIN_UP_TO = 10_000;

/** Checks a second in this process, each as a request of its own would make it. */
export const checksInProcess: Group = async (bench) => {
  const folders = await allFolders(bench);
  const opened = folders.map(({ directory }) => openReadOnly(directory));
  try {
    const seconds = bench.quick ? 0.3 : 1;
    const subjects = folders.map((folder, index) => {
      const next = questions(folder);
      const check = ({ user, permission }: Question): boolean =>
        opened[index]!.view(ACCOUNT).check(user, permission, null).allowed;
      return { measure: () => rate(seconds, () => check(next())) };
    });
    const rates = (await inTurns('checks', bench.rounds, subjects)).map(median);
    const figures = rates.map((value, index) => ofSize('check in process', bench, rates, value, index));
    for (const [index, folder] of folders.entries()) {
      if (folder.plan.shape.users > CASBIN_UP_TO) continue;
      const casbin = await loadCasbin(folder.plan, catalogueFile());
      await sameAnswers(casbin, opened[index]!, folder);
      figures.push(...(await besideCasbin(casbin, folder, rates[index]!, seconds)));
    }
    return figures;
  } finally {
    for (const models of opened) models.close();
  }
};

async function besideCasbin(
  casbin: Casbin,
  folder: DataFolder,
  ours: number,
  seconds: number,
): Promise<Found[]> {
  const users = folder.plan.shape.users;
  const next = questions(folder);
  const ask = ({ user, permission }: Question) => casbin.check(user, permission);
  const askFast = ({ user, permission }: Question) => casbin.checkFast(user, permission);
  await rateOf(seconds, () => ask(next()));
  const documented = await rateOf(seconds * 2, () => ask(next()));
  const tuned = rate(seconds * 2, () => askFast(next()));
  const what = `check in process, ${sized(users)} users`;
  const against = (name: string, value: number): Measure => ({ what: name, value, unit: '/s' });
  const wanted = users === CASBIN_UP_TO ? ({ of: 'ratio', atLeast: 1_000 } as const) : undefined;
  return [
    { what, value: ours, unit: '/s', against: against('node-casbin, as documented', documented), wanted },
    { what, value: ours, unit: '/s', against: against('node-casbin, synchronous and tuned', tuned) },
  ];
}

/** Fails unless all that is compared answers the same. */
async function sameAnswers(casbin: Casbin, models: ReadOnlyReadModels, folder: DataFolder): Promise<void> {
  const next = questions(folder);
  const view = models.view(ACCOUNT);
  for (let n = 0; n < 240; n += 1) {
    const { user, permission } = next();
    const { allowed } = view.check(user, permission, null);
    if ((await casbin.check(user, permission)) !== allowed || casbin.checkFast(user, permission) !== allowed)
      throw new Error(`node-casbin disagrees about ${permission} of ${user}.`);
  }
}

/** Checks a second over HTTP: one to a request, and a hundred. */
export const checksOverHttp: Group = async (bench) =>
  withServers(await allFolders(bench), async (served, hello) => {
    const figures: Found[] = [];
    const seconds = bench.quick ? 0.3 : 1;
    for (const [perRequest, count] of [
      [1, 16],
      [100, 4],
    ] as const) {
      const apollo = new Clients({ url: hello.apollo }, count);
      const clients = served.map(
        ({ server, folder }) => new Clients({ url: server.url, token: folder.token }, count),
      );
      const subjects = [
        { measure: async () => (await apollo.closedLoop(helloQuery, { seconds })).perSecond },
        ...served.map(({ folder }, index) => {
          const next = questions(folder);
          const request = () => checks(Array.from({ length: perRequest }, next));
          return {
            measure: async () =>
              (await clients[index]!.closedLoop(request, { seconds })).perSecond * perRequest,
          };
        }),
      ];
      const what = `check over HTTP, ${perRequest} to a request`;
      const [bare, ...rates] = (await inTurns(what, bench.rounds, subjects)).map(median);
      figures.push(...rates.map((value, index) => ofSize(what, bench, rates, value, index)));
      if (perRequest === 1) {
        const against = { what: 'Apollo’s hello, 16 clients', value: bare!, unit: '/s' } as const;
        figures.push({
          what: `${what}, ${sized(bench.sizes.at(-1)!)} users`,
          value: rates.at(-1)!,
          unit: '/s',
          against,
        });
      }
      for (const each of [apollo, ...clients]) await each.close();
    }
    return figures;
  });

/** Single checks by AuthZEN, beside a bare route that parses as much and answers a constant. */
export const checksByAuthzen: Group = async (bench) =>
  withServers([await bench.data.folder(smallest(bench))], async ([served], hello) => {
    const { path } = ROUTES.authzenEvaluation;
    const { folder, server } = served!;
    const bare = new Clients({ url: hello.apollo, path }, 16);
    const clients = new Clients({ url: server.url, token: folder.token, path }, 16);
    const next = questions(folder);
    const request = (): object => {
      const { user, permission } = next();
      const resource = { type: 'account', id: ACCOUNT };
      return { subject: { type: 'user', id: user }, action: { name: permission }, resource };
    };
    const seconds = bench.quick ? 0.3 : 2;
    const subjects = [bare, clients].map((each) => ({
      measure: async () => (await each.closedLoop(request, { seconds })).perSecond,
    }));
    const [constant, found] = (await inTurns('check by AuthZEN', bench.rounds, subjects)).map(median);
    await Promise.all([bare.close(), clients.close()]);
    return [
      {
        what: `check by AuthZEN, 16 clients, ${sized(smallest(bench))} users`,
        value: found!,
        unit: '/s',
        against: { what: 'a bare route that answers a constant', value: constant!, unit: '/s' },
        wanted: { of: 'ratio', atLeast: 0.6 },
      },
    ];
  });

function ofSize(
  what: string,
  { sizes }: Bench,
  rates: readonly number[],
  value: number,
  index: number,
): Found {
  const figure: Found = { what: `${what}, ${sized(sizes[index]!)} users`, value, unit: '/s' };
  if (index === 0) return figure;
  const against: Measure = { what: `${sized(sizes[0]!)} users`, value: rates[0]!, unit: '/s' };
  return { ...figure, against, wanted: WITHIN };
}

const TURN = 50;

function rate(seconds: number, turn: () => void): number {
  const began = performance.now();
  let turns = 0;
  while (performance.now() - began < seconds * 1_000) for (let n = 0; n < TURN; n += 1, turns += 1) turn();
  return turns / ((performance.now() - began) / 1_000);
}

async function rateOf(seconds: number, turn: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  let turns = 0;
  for (; performance.now() - began < seconds * 1_000; turns += 1) await turn();
  return turns / ((performance.now() - began) / 1_000);
}
