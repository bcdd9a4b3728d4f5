import type { Choose, Run } from './schedule';
import { explore, runSchedule, type Explored } from './schedule';
import { liveCustomRoles, readBook, type Book } from './book';
import { guardsOf } from './guards';
import { execute, given, replica, verdict, type Ask, type Done, type Log } from './harness';
import { faults } from './invariants';

/** A scenario of two replicas, run under every schedule, and what is asked of each. */

export interface Scenario {
  readonly name: string;
  readonly given?: readonly Ask[];
  /** What each replica is asked, one after another. */
  readonly replicas: readonly [readonly Ask[], readonly Ask[]];
  /** Fresh commands after each schedule, and what they must come to: nobody is stuck. */
  readonly then: (book: Book) => readonly { readonly ask: Ask; readonly expect: string }[];
  /** Verdicts that must be seen under some schedule; a check that the race happens at all. */
  readonly seen?: readonly string[];
  /** No fewer schedules than this. */
  readonly least: number;
}

/** Among so many first calls every choice is made. */
export const HORIZON = 30;

export interface Report extends Explored {
  readonly verdicts: ReadonlySet<string>;
}

/** Every schedule of both replicas to their end. Each must equal some serial order of the commands. */
export async function exploreRaces(scenario: Scenario, horizon = HORIZON): Promise<Report> {
  const start = await given(...(scenario.given ?? []));
  const serial = await serialResults(start, scenario);
  const verdicts = new Set<string>();
  const explored = await explore(
    (choose) =>
      underSchedule(start, scenario, choose, new Map(), async (log, done) => {
        const found = faults(log.book(), done.flat(), false);
        const result = summary(log.book(), done);
        if (!serial.has(result)) {
          found.push(`no serial order comes to\n${result}\nbut only to\n${[...serial].join('\n')}`);
        }
        verdicts.add(verdictsOf(done));
        return [...found, ...(await stuck(log, scenario, done.flat()))];
      }),
    { horizon },
  );
  return { ...explored, verdicts };
}

/** One replica dies after each number of its calls, under every schedule of what it did with all of the other's. */
export async function exploreDeaths(scenario: Scenario, horizon = HORIZON): Promise<Report> {
  const start = await given(...(scenario.given ?? []));
  const verdicts = new Set<string>();
  let schedules = 0;
  let beyond = 0;
  let longest = 0;
  for (const victim of [0, 1]) {
    for (let life = 1, reached = true; reached && life <= horizon; life += 1) {
      reached = false;
      const explored = await explore(
        (choose) =>
          underSchedule(start, scenario, choose, new Map([[victim, life]]), async (log, done, run) => {
            reached ||= run.calls[victim] === life;
            verdicts.add(verdictsOf(done));
            const found = faults(log.book(), done.flat(), true);
            return [...found, ...(await stuck(log, scenario, done.flat()))];
          }),
        { horizon },
      );
      schedules += explored.schedules;
      beyond += explored.beyond;
      longest = Math.max(longest, explored.longest);
    }
  }
  return { schedules, beyond, longest, verdicts };
}

type Check = (log: Log, done: readonly (readonly Done[])[], run: Run) => Promise<readonly string[]>;

async function underSchedule(
  start: Log,
  { replicas, name }: Scenario,
  choose: Choose,
  lives: ReadonlyMap<number, number>,
  check: Check,
): Promise<Run> {
  const log = await start.copy();
  const frozen = guardsOf(() => start.book());
  const done: Done[][] = replicas.map(() => []);
  const run = await runSchedule(
    replicas.map((asks, index) => async (turn) => {
      const bus = replica(log, frozen, turn);
      for (const wish of asks) done[index]?.push(await execute(bus, wish));
    }),
    choose,
    lives,
  );
  if (run.abandoned) return run;
  const found = await check(log, done, run);
  if (found.length > 0) {
    const steps = run.trace.map(({ process, call }) => `  ${process}: ${call.kind} ${call.stream}`);
    const tail = log.events
      .slice(start.events.length)
      .map(({ stream, type, data }) => `  ${stream} ${type} ${JSON.stringify(data)}`);
    throw new Error([name, ...found, verdictsOf(done), ...steps, 'log:', ...tail].join('\n'));
  }
  return run;
}

/** Fresh commands on a fresh replica end as they must, and leave all in order. */
async function stuck(log: Log, scenario: Scenario, before: readonly Done[]): Promise<string[]> {
  const bus = replica(log);
  const found: string[] = [];
  for (const { ask, expect } of scenario.then(log.book())) {
    const done = await execute(bus, ask);
    if (verdict(done) !== expect) found.push(`then ${ask.command.type}: ${verdict(done)}, not ${expect}`);
  }
  return [...found, ...faults(log.book(), before, true).map((fault) => `then: ${fault}`)];
}

/** What serial orders of the commands come to, each replica's own in its order. */
async function serialResults(start: Log, { replicas }: Scenario): Promise<Set<string>> {
  const results = new Set<string>();
  for (const order of merges(replicas[0].length, replicas[1].length)) {
    const log = await start.copy();
    const frozen = guardsOf(() => start.book());
    const done: Done[][] = [[], []];
    for (const index of order) {
      const list = done[index] as Done[];
      list.push(await execute(replica(log, frozen), replicas[index]?.[list.length] as Ask));
    }
    results.add(summary(log.book(), done));
  }
  return results;
}

function merges(a: number, b: number): (0 | 1)[][] {
  if (a === 0 && b === 0) return [[]];
  return [
    ...(a > 0 ? merges(a - 1, b).map((rest): (0 | 1)[] => [0, ...rest]) : []),
    ...(b > 0 ? merges(a, b - 1).map((rest): (0 | 1)[] => [1, ...rest]) : []),
  ];
}

const verdictsOf = (done: readonly (readonly Done[])[]): string =>
  done.map((each) => each.map(verdict).join(', ')).join(' | ');

/** The verdicts and the state of a log, without what differs between equals: ids drawn at random, fences, claims. */
export function summary(book: Book, done: readonly (readonly Done[])[]): string {
  const live = new Map(liveCustomRoles(book));
  const roles = [...book.roles].flatMap(([id, { members, grants, name, version }]) =>
    name === null || live.has(id)
      ? [[name ?? id, version, [...members].sort(), [...grants].sort()]]
      : [['deleted', version]],
  );
  const users = [...book.users.values()].map(({ username, name, active }) => [username, name, active]);
  const sorted = (rows: unknown[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
  return JSON.stringify([verdictsOf(done), sorted(roles), sorted(users), [...book.barred].sort()]);
}

export { readBook };
