import type { Race, State } from './race';

/** All places that a race can come to, and how they hang together. */
export interface StateGraph {
  readonly states: readonly State[];
  readonly numbers: ReadonlyMap<string, number>;
  /** For each state, which state each process comes to by its next call. */
  readonly calls: readonly ReadonlyMap<number, number>[];
  /** Calls, deaths, and who gives up. */
  readonly steps: number;
}

/** More than any scenario has. Nothing is ever cut off: a graph that does not end there is an error. */
const TOO_MANY = 100_000;

/**
 * Breadth first, so that each place is come to by a shortest way. Whenever a place is come to again, what is about to
 * happen there is compared with what was about to happen the first time.
 */
export async function graphOf(race: Race): Promise<StateGraph> {
  const first = await race.first();
  const states = [first];
  const numbers = new Map([[race.key(first), 0]]);
  const calls: Map<number, number>[] = [];
  let steps = 0;
  for (let number = 0; number < states.length; number += 1) {
    const mine = new Map<number, number>();
    for (const { process, kind, to } of await race.following(states[number] as State)) {
      const key = race.key(to);
      const before = numbers.get(key);
      const known = before ?? states.push(to) - 1;
      if (before === undefined) numbers.set(key, known);
      else if (race.outlook(to) !== race.outlook(states[before] as State)) {
        throw new Error(`places that differ were taken for one:\n${key}\n${race.outlook(to)}`);
      }
      steps += 1;
      if (kind === 'call') mine.set(process, known);
    }
    calls.push(mine);
    if (states.length > TOO_MANY) throw new Error(`no end after ${TOO_MANY} states`);
  }
  return { states, numbers, calls, steps };
}

/**
 * From how many places processes can hinder each other for ever: those from which a circle can be reached. What is
 * taken away one after another are the places all of whose calls lead to where that has been ruled out.
 */
export function contended({ calls }: StateGraph): number {
  const before = calls.map((): number[] => []);
  calls.forEach((next, number) => next.forEach((to) => before[to]?.push(number)));
  const left = calls.map(({ size }) => size);
  const ended = left.flatMap((size, number) => (size === 0 ? [number] : []));
  for (const number of ended) {
    for (const each of before[number] ?? [])
      if ((left[each] = (left[each] as number) - 1) === 0) ended.push(each);
  }
  return calls.length - ended.length;
}

/** The most calls that a process makes to its end when all others pause, from any place. A circle is a livelock. */
export function longestAlone({ calls, states }: StateGraph): number {
  let longest = 0;
  for (const process of states[0]?.locals.keys() ?? []) {
    const known = new Map<number, number>();
    for (const start of calls.keys()) {
      const way: number[] = [];
      let at: number | undefined = start;
      while (at !== undefined && !known.has(at)) {
        if (way.length > calls.length) throw new Error(`process ${process} does not end though others pause`);
        way.push(at);
        at = calls[at]?.get(process);
      }
      let count = at === undefined ? -1 : (known.get(at) as number);
      for (const each of way.reverse()) known.set(each, (count += 1));
      longest = Math.max(longest, count);
    }
  }
  return longest;
}
