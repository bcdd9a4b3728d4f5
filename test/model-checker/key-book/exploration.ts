import type { Report } from '../exploration';
import { doneIn } from '../exploration';
import { Race, told, type State } from '../race';
import { contended, graphOf, longestAlone, type StateGraph } from '../state-graph';
import { shelvesKey } from '../shelves';
import { acknowledgedFaults, givenFaults, standingFaults, unsealed, type Standing } from './rules';
import { filesOf, startOf, type KeyRace } from './start';
import { GIVEN, ROTATED } from './tasks';

/** A race over a log and key books, run under every schedule with a death at every call of either. */

/** A race that is thought through. */
export interface KeyScenario extends KeyRace {
  /** Outcomes of the tasks when nobody dies or gives up: each under some schedule, and nothing else. */
  readonly seen: readonly string[];
  /** No fewer places than this, so that a lame explorer shows. */
  readonly least: number;
}

export async function exploreKeys(race: KeyRace): Promise<Report> {
  const start = await startOf(race);
  const { append, shelve } = race;
  const graph = await graphOf(new Race(start, race.processes, { append, shelve }));
  const verdicts = await checkEnds(graph, { log: start.log, shelves: start.keys.shelves }, race);
  return {
    states: graph.states.length,
    steps: graph.steps,
    contended: contended(graph),
    longestAlone: longestAlone(graph),
    verdicts,
  };
}

async function checkEnds(graph: StateGraph, before: Standing, race: KeyRace): Promise<Set<string>> {
  const known = new Map<string, Promise<readonly string[]>>();
  /** Many ends differ in what was answered alone. */
  const standing = (state: State): Promise<readonly string[]> => {
    const key = `${state.log.events.map(({ id }) => id).join()}\n${shelvesKey(state.shelves)}`;
    const faults = known.get(key) ?? standingFaults(state, before);
    known.set(key, faults);
    return faults;
  };
  const verdicts = new Set<string>();
  for (const state of graph.states.filter(({ locals }) => locals.every(({ call }) => !call))) {
    const found = [...(await standing(state)), ...(await saidFaults(state, race))];
    const said = state.locals.map((local) => local.said.map(firstWord).join(', ')).join(' | ');
    if (found.length > 0) throw new Error([race.name, ...found, said, ...told(state, before.log)].join('\n'));
    if (!state.harmed) verdicts.add(said);
  }
  return verdicts;
}

const firstWord = (text: string): string => text.split(' ')[0] ?? '';

/** Promises that a process was given, or gave, hold though others may have died. */
async function saidFaults(state: State, race: KeyRace): Promise<string[]> {
  const erased = doneIn(state)
    .flat()
    .flatMap(({ ask: { command }, outcome }) =>
      command.type === 'eraseUser' && 'accepted' in outcome && outcome.accepted ? [command.user] : [],
    );
  const said = state.locals.flatMap((local) => local.said);
  const given = said.flatMap((each) => (firstWord(each) === GIVEN ? each.split(' ').slice(1) : []));
  const allSealAnew = filesOf(race).every(([first]) => first === 'm2');
  return [
    ...(await acknowledgedFaults(state, new Set(erased))),
    ...(given.length > 0 ? await givenFaults(state, given) : []),
    ...(allSealAnew && said.includes(ROTATED) ? unsealed(state) : []),
  ];
}
