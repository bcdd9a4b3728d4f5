import { historyCursor, openReadOnly, type ReadOnlyReadModels } from '../../projections';
import type { PageRequest, View } from '../../projections/view';
import { allFolders, inTurns, sized, type Bench, type Group } from '../context';
import type { DataFolder } from '../data';
import { ACCOUNT } from '../population/events';
import { userId } from '../population/names';
import { firstOrdinary } from '../population/shape';
import type { Figure, Measure, Wanted } from '../report/figure';
import { median } from '../stats';

/** CPU of what auditors ask, in this process: then against now, history from its first page to its last, gains and losses. */

type Found = Omit<Figure, 'group'>;

/** A question, and what it is compared with: the line before it. */
interface Question {
  readonly what: string;
  readonly ask: (view: View, then: View) => Promise<unknown> | unknown;
  readonly against?: string;
  readonly wanted?: Wanted;
}

const WITHIN: Wanted = { of: 'ratio', atMost: 1.5 };
/** The first page of a difference over the whole history. */
const BEARABLE: Wanted = { of: 'value', atMost: 200 };
const PAGE: PageRequest = { first: 20 };
/** Questions of one sample, so that a short one is longer than the clock's step. */
const TIMES = 5;

/** `npm run bench -- --only audit` */
export const audit: Group = async (bench) => {
  const figures: Found[] = [];
  for (const folder of await allFolders(bench)) {
    const models = openReadOnly(folder.directory);
    try {
      figures.push(...(await figuresOf(bench, folder, models)));
    } finally {
      models.close();
    }
  }
  return figures;
};

async function figuresOf(bench: Bench, folder: DataFolder, models: ReadOnlyReadModels): Promise<Found[]> {
  const questions = questionsOf(folder);
  const times = await inTurns(
    'answers for auditors',
    bench.rounds,
    questions.map(({ ask }) => ({
      measure: () =>
        cpuOf(() => {
          const view = models.view(ACCOUNT);
          return ask(view, models.view(ACCOUNT, { position: folder.ends[0]! }));
        }),
    })),
  );
  const size = `${sized(folder.plan.shape.users)} users, ${sized(folder.events)} events`;
  return questions.map(({ what, against, wanted }, index): Found => {
    const value = median(times[index]!);
    const before: Measure | undefined =
      against === undefined ? undefined : { what: against, value: median(times[index - 1]!), unit: 'ms' };
    return { what: `${what}, ${size}, CPU`, value, unit: 'ms', against: before, wanted };
  });
}

/** CPU of one question, in milliseconds. */
async function cpuOf(ask: () => Promise<unknown> | unknown): Promise<number> {
  const before = process.cpuUsage();
  for (let time = 0; time < TIMES; time += 1) await ask();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / TIMES;
}

function questionsOf({ plan, events }: DataFolder): Question[] {
  const person = userId(firstOrdinary(plan.shape));
  const large = plan.large.id;
  const rolePage = (view: View): unknown => [view.roles([large]), view.grants([large])];
  const middle = historyCursor({ ordinal: Math.floor(events / 2), part: 0 });
  const byName = { field: 'NAME', direction: 'ASC' } as const;
  const then = { against: 'now', wanted: WITHIN };
  return [
    { what: 'role list now', ask: (view) => view.roleList({}, byName, PAGE) },
    { what: 'role list then', ask: (_, past) => past.roleList({}, byName, PAGE), ...then },
    { what: 'a role and its permissions now', ask: rolePage },
    { what: 'a role and its permissions then', ask: (_, past) => rolePage(past), ...then },
    { what: 'effective permissions now', ask: (view) => view.effective([person]) },
    { what: 'effective permissions then', ask: (_, past) => past.effective([person]), ...then },
    { what: 'users of a large role now', ask: (view) => view.roleUsers(large, {}, null, PAGE) },
    { what: 'users of a large role then', ask: (_, past) => past.roleUsers(large, {}, null, PAGE), ...then },
    { what: 'first page of history', ask: (view) => view.history({}, PAGE) },
    {
      what: 'page in the middle of history',
      ask: (view) => view.history({}, { ...PAGE, after: middle }),
      against: 'the first page',
      wanted: WITHIN,
    },
    { what: 'first page of history again', ask: (view) => view.history({}, PAGE) },
    {
      what: 'last page of history',
      ask: (view) => view.history({}, { last: 20 }),
      against: 'the first page',
      wanted: WITHIN,
    },
    {
      what: 'first page of differences of access since then',
      ask: (view, past) => view.accessDiffs({ from: past.pin.ordinal, among: null }, PAGE),
      wanted: BEARABLE,
    },
    {
      what: 'gains and losses of a user',
      ask: (view) => view.accessHistory({ user: person, permission: null }, PAGE),
    },
    {
      what: 'gains and losses of a permission that few have',
      ask: (view) => view.accessHistory({ user: null, permission: plan.wanted.few }, PAGE),
    },
    {
      what: 'gains and losses of a permission that nearly all have',
      ask: (view) => view.accessHistory({ user: null, permission: plan.wanted.nearlyAll }, PAGE),
    },
    { what: 'first steps of a large role', ask: (view) => view.replay({ role: large }, PAGE) },
    {
      what: 'last steps of a large role',
      ask: (view) => view.replay({ role: large }, { last: 20 }),
      against: 'the first ones',
      wanted: WITHIN,
    },
  ];
}
