import { CommandError } from '../../src/commands/command';
import type { DecisionReads } from '../../src/commands/decision-reads';
import { Catalogue } from '../../src/domain/catalogue/catalogue';
import { liveCustomRoles, type Book } from './book';
import { CATALOGUE } from '../commands/catalogue';
import { guardsOf } from '../commands/decision-reads';
import { execute, given, replicaOn, storeOf, verdict, type Ask, type Done } from '../commands/harness';
import { faults } from './invariants';
import { Race, told, type Appending, type State } from './race';
import { OpenLog, SharedLog } from './shared-log';
import { contended, graphOf, longestAlone, type StateGraph } from './state-graph';

/** A scenario of two replicas, run under every schedule, and what is asked of each. */

/** A race of replicas, and what fresh commands come to after it. */
export interface Racing {
  readonly name: string;
  readonly given?: readonly Ask[];
  /** `given` was done before the catalogue declared its conflicts: nobody claimed anything for them. */
  readonly undeclared?: boolean;
  /** The reads know nothing of `given`, only of the account; else of all that stood before the race. */
  readonly guardsLag?: boolean;
  /** Commands of each replica, one after another. */
  readonly replicas: readonly (readonly Ask[])[];
  /** Fresh commands for the same things after each schedule, and what they must come to: nobody is stuck. */
  readonly then: (book: Book) => readonly { readonly ask: Ask; readonly expect: string }[];
  /** For the controls: a log that breaks its word. */
  readonly append?: Appending;
}

/** A race that is thought through. */
export interface Scenario extends Racing {
  /** Outcomes of the commands when nobody dies or gives up: each under some schedule, and nothing else. */
  readonly seen: readonly string[];
  /** No fewer places than this: half of what was counted when it was written, so that a lame explorer shows. */
  readonly least: number;
}

export interface Report {
  /** Places that differ in what can follow. */
  readonly states: number;
  /** Calls, deaths, and who gives up. */
  readonly steps: number;
  /** Places from which replicas could hinder each other for ever, if nothing got them out of step. */
  readonly contended: number;
  /** The most calls that one replica makes to its end from any place, when the others pause. */
  readonly longestAlone: number;
  readonly verdicts: ReadonlySet<string>;
}

export const sumOf = (reports: readonly Report[]): string => {
  const sum = (count: (report: Report) => number): string =>
    reports.reduce((total, report) => total + count(report), 0).toLocaleString('en');
  return (
    `${reports.length} races, ${sum(({ states }) => states)} places, ${sum(({ steps }) => steps)} steps, none cut off; ` +
    `${sum((report) => Number(report.contended > 0))} races can go round in circles; ` +
    `who goes on alone ends within ${Math.max(...reports.map(({ longestAlone: calls }) => calls))} calls`
  );
};

/** The log before the race, and reads that stay as they are then or before, for tables lag. */
export interface Start {
  readonly log: SharedLog;
  readonly reads: DecisionReads;
}

export async function startOf({ given: before = [], undeclared, guardsLag }: Racing): Promise<Start> {
  const account = SharedLog.of((await given()).events);
  const open = new OpenLog(account);
  const bus = replicaOn(storeOf(open), {
    ...guardsOf(() => open.now.book),
    ...(undeclared ? { catalogue: () => new Catalogue({ ...CATALOGUE.content, conflicts: [] }) } : {}),
  });
  for (const wish of before) {
    const done = await execute(bus, wish);
    if (verdict(done) !== 'ok') throw new Error(`given ${wish.command.type}: ${verdict(done)}`);
  }
  const seen = guardsLag ? account : open.now;
  return { log: open.now, reads: guardsOf(() => seen.book) };
}

export const raceOf = (start: Start, { replicas, append }: Racing): Race =>
  new Race(start, replicas, { append });

/** Every schedule of the replicas to its end, with a death or a pause at every step, and all that must hold there. */
export async function exploreAll(scenario: Racing): Promise<Report> {
  const start = await startOf(scenario);
  const graph = await graphOf(raceOf(start, scenario));
  const verdicts = await checkEnds(graph, start, scenario);
  return {
    states: graph.states.length,
    steps: graph.steps,
    contended: contended(graph),
    longestAlone: longestAlone(graph),
    verdicts,
  };
}

async function checkEnds(graph: StateGraph, start: Start, scenario: Racing): Promise<Set<string>> {
  const serial = await serialResults(start, scenario.replicas);
  const verdicts = new Set<string>();
  for (const state of graph.states.filter(({ locals }) => locals.every(({ call }) => !call))) {
    const found = await wrong(state, scenario, serial);
    if (found.length > 0) {
      throw new Error(
        [scenario.name, ...found, verdictsOf(doneIn(state)), ...told(state, start.log)].join('\n'),
      );
    }
    if (!state.harmed) verdicts.add(verdictsOf(doneIn(state)));
  }
  return verdicts;
}

export const doneIn = ({ locals }: State): (readonly Done[])[] => locals.map(({ done }) => done);

/** Faults where all have ended: with the log, with what was answered, and with what can be done from here. */
async function wrong(
  state: State,
  scenario: Racing,
  serial: ReadonlySet<string>,
): Promise<readonly string[]> {
  const { log, harmed } = state;
  const done = doneIn(state);
  const decided = done.flat().filter(({ outcome }) => !harmed || !(outcome instanceof CommandError));
  const found = faults(log.book, decided, harmed);
  const result = harmed ? null : summary(log.book, done);
  if (result !== null && !serial.has(result)) {
    found.push(`no serial order comes to\n${result}\nbut only to\n${[...serial].join('\n')}`);
  }
  return [...found, ...(await stuck(log, scenario, decided))];
}

/** Fresh commands on a fresh replica end as they must, and leave all in order. */
async function stuck(log: SharedLog, scenario: Racing, before: readonly Done[]): Promise<string[]> {
  const open = new OpenLog(log);
  const bus = replicaOn(
    storeOf(open),
    guardsOf(() => open.now.book),
  );
  const found: string[] = [];
  for (const { ask, expect } of scenario.then(log.book)) {
    const done = await execute(bus, ask);
    if (verdict(done) !== expect) found.push(`then ${ask.command.type}: ${verdict(done)}, not ${expect}`);
  }
  return [...found, ...faults(open.now.book, before, true).map((fault) => `then: ${fault}`)];
}

/** Outcomes of the serial orders of the commands, each replica's own in its order. */
export async function serialResults(
  { log, reads }: Start,
  replicas: Racing['replicas'],
): Promise<ReadonlySet<string>> {
  const results = new Set<string>();
  for (const order of merges(replicas.map(({ length }) => length))) {
    const open = new OpenLog(log);
    const done = replicas.map((): Done[] => []);
    for (const index of order) {
      const list = done[index] as Done[];
      list.push(await execute(replicaOn(storeOf(open), reads), replicas[index]?.[list.length] as Ask));
    }
    results.add(summary(open.now.book, done));
  }
  return results;
}

/** All orders of so many things each. */
function merges(left: readonly number[]): number[][] {
  if (left.every((count) => count === 0)) return [[]];
  return left.flatMap((count, index) =>
    count === 0 ? [] : merges(left.with(index, count - 1)).map((rest) => [index, ...rest]),
  );
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
  const users = [...book.users.values()].map(({ username, name, externalId, identities, active }) => [
    username,
    name,
    externalId,
    [...identities.values()].sort(),
    active,
  ]);
  const sorted = (rows: unknown[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
  return JSON.stringify([verdictsOf(done), sorted(roles), sorted(users), [...book.barred].sort()]);
}
