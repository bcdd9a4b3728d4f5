import type { Guards } from '../../src/commands/guards';
import { liveCustomRoles, type Book } from './book';
import { guardsOf } from './guards';
import type { EventStore } from '../../src/event-store/event-store';
import { execute, gatedStore, given, replica, verdict, type Ask, type Done, type Log } from './harness';
import { faults } from './invariants';
import { DEATH, explore, runSchedule, type Choose, type Explored, type Run } from './schedule';

/** A scenario of two replicas, run under every schedule, and what is asked of each. */

export interface Scenario {
  readonly name: string;
  readonly given?: readonly Ask[];
  /** The guards know nothing of `given`, only of the account; else of all that stood before the race. */
  readonly guardsLag?: boolean;
  /** What each replica is asked, one after another. */
  readonly replicas: readonly [readonly Ask[], readonly Ask[]];
  /** Fresh commands after each schedule, and what they must come to: nobody is stuck. */
  readonly then: (book: Book) => readonly { readonly ask: Ask; readonly expect: string }[];
  /** Verdicts that must be seen under some schedule; the race does happen. */
  readonly seen: readonly string[];
  /** No fewer schedules than this: half of what was counted when it was written, so that a lame explorer shows. */
  readonly least: { readonly races: number; readonly deaths: number };
  /** For the controls: a store that breaks its word. */
  readonly sabotage?: (store: EventStore) => EventStore;
}

export interface Report extends Explored {
  readonly verdicts: ReadonlySet<string>;
}

/** The log before the race, and guards that stay as they are then or before, for tables lag. */
interface Start {
  readonly log: Log;
  readonly guards: Guards;
}

async function startOf(scenario: Scenario): Promise<Start> {
  const log = await given(...(scenario.given ?? []));
  const seen = scenario.guardsLag ? await given() : log;
  return { log, guards: guardsOf(() => seen.book()) };
}

/** Every schedule of both replicas to their end. Each must equal some serial order of the commands. */
export async function exploreRaces(scenario: Scenario, horizon: number, reduced = true): Promise<Report> {
  const start = await startOf(scenario);
  const serial = await serialResults(start, scenario);
  const verdicts = new Set<string>();
  const explored = await explore(
    (choose) =>
      underSchedule(start, scenario, choose, async (log, done) => {
        const found = faults(log.book(), done.flat(), false);
        const result = summary(log.book(), done);
        if (!serial.has(result)) {
          found.push(`no serial order comes to\n${result}\nbut only to\n${[...serial].join('\n')}`);
        }
        verdicts.add(verdictsOf(done));
        return [...found, ...(await stuck(log, scenario, done.flat()))];
      }),
    { horizon, reduced },
  );
  return { ...explored, verdicts };
}

/**
 * One replica dies after one of its appends, under every schedule of what it did until then with all of the other's.
 * A death after a read is a death before it, for nobody can tell; schedules in which nobody dies are the races above.
 */
export async function exploreDeaths(scenario: Scenario, horizon: number): Promise<Report> {
  const start = await startOf(scenario);
  const verdicts = new Set<string>();
  let schedules = 0;
  let beyond = 0;
  let longest = 0;
  for (const victim of [0, 1]) {
    const check: Check = async (log, done, run) => {
      if (!run.died) return [];
      schedules += 1;
      longest = Math.max(longest, run.trace.length);
      if (run.trace.length > horizon) beyond += 1;
      verdicts.add(verdictsOf(done));
      return [...faults(log.book(), done.flat(), true), ...(await stuck(log, scenario, done.flat()))];
    };
    await explore(
      (choose) => {
        let last = 'nothing';
        const afterAppends: Choose = (waiting) => {
          const chosen = choose(waiting);
          if (chosen === DEATH && last !== 'append') return null;
          if (chosen === victim) last = waiting.get(victim)?.kind ?? last;
          return chosen;
        };
        return underSchedule(start, scenario, afterAppends, check, victim);
      },
      { horizon },
    );
  }
  return { schedules, beyond, longest, verdicts };
}

type Check = (log: Log, done: readonly (readonly Done[])[], run: Run) => Promise<readonly string[]>;

async function underSchedule(
  start: Start,
  { replicas, name, sabotage = (store) => store }: Scenario,
  choose: Choose,
  check: Check,
  mortal: number | null = null,
): Promise<Run> {
  const log = await start.log.copy();
  const done: Done[][] = replicas.map(() => []);
  const run = await runSchedule(
    replicas.map((asks, index) => async (turn) => {
      const bus = replica(log, start.guards, turn, { store: sabotage(gatedStore(log, turn)) });
      for (const wish of asks) done[index]?.push(await execute(bus, wish));
    }),
    choose,
    mortal,
  );
  if (run.abandoned) return run;
  const found = await check(log, done, run);
  if (found.length > 0) {
    const steps = run.trace.map(
      ({ process, step }) => `  ${process}: ${step.kind} ${'stream' in step ? step.stream : step.of}`,
    );
    const tail = log.events
      .slice(start.log.events.length)
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
async function serialResults(start: Start, { replicas }: Scenario): Promise<Set<string>> {
  const results = new Set<string>();
  for (const order of merges(replicas[0].length, replicas[1].length)) {
    const log = await start.log.copy();
    const done: Done[][] = [[], []];
    for (const index of order) {
      const list = done[index] as Done[];
      list.push(await execute(replica(log, start.guards), replicas[index]?.[list.length] as Ask));
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
