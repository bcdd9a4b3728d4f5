import type { Call, Turn } from './harness';

/**
 * A scheduler for code that meets others only at the calls of a store. Each process stops before every call and goes
 * on when it is chosen; its call is then made, and it runs until its next call. A process that is not chosen for
 * long is a long pause; one that is never chosen again is a death.
 */

export type Process = (turn: Turn) => Promise<void>;

/** Chooses who goes on, from what each is about to do; null gives the schedule up. */
export type Choose = (waiting: ReadonlyMap<number, Call>) => number | null;

export interface Run {
  /** Who called what, in order. */
  readonly trace: readonly { readonly process: number; readonly call: Call }[];
  readonly calls: readonly number[];
  readonly abandoned: boolean;
}

/** No schedule of a few commands needs more calls; more is a livelock. */
const TOO_LONG = 1_000;

/** Runs the processes under one schedule. `lives`: after so many calls the process dies. */
export async function runSchedule(
  processes: readonly Process[],
  choose: Choose,
  lives: ReadonlyMap<number, number> = new Map(),
): Promise<Run> {
  const waiting = new Map<number, { call: Call; go: () => void }>();
  const trace: { process: number; call: Call }[] = [];
  const calls = processes.map(() => 0);
  let failure: unknown;
  /** Resolves when the process waits for its turn, or has ended. */
  let stopped: () => void = () => undefined;
  const start = (process: Process, index: number): Promise<void> =>
    new Promise((resolve) => {
      stopped = resolve;
      const turn: Turn = (call) =>
        new Promise((go) => {
          waiting.set(index, { call, go });
          stopped();
        });
      process(turn)
        .catch((error: unknown) => (failure ??= error))
        .finally(() => stopped());
    });
  for (const [index, process] of processes.entries()) await start(process, index);
  const alive = (index: number): boolean => (calls[index] as number) < (lives.get(index) ?? Infinity);
  for (;;) {
    const able = new Map([...waiting].filter(([index]) => alive(index)).map(([index, { call }]) => [index, call]));
    if (failure !== undefined) throw failure;
    if (able.size === 0) return { trace, calls, abandoned: false };
    if (trace.length > TOO_LONG) throw new Error('a livelock: the commands do not end');
    const chosen = choose(able);
    if (chosen === null) return { trace, calls, abandoned: true };
    const { call, go } = waiting.get(chosen) as { call: Call; go: () => void };
    waiting.delete(chosen);
    trace.push({ process: chosen, call });
    calls[chosen] = (calls[chosen] as number) + 1;
    await new Promise<void>((resolve) => {
      stopped = resolve;
      go();
    });
  }
}

interface Node {
  readonly calls: ReadonlyMap<number, Call>;
  /** Whose turn here leads to what an earlier branch has covered already. */
  readonly asleep: ReadonlySet<number>;
  readonly tried: Set<number>;
  chosen: number;
}

/** Calls whose order cannot matter: on different streams, or reads both. A pause does nothing that others see. */
const independent = (a: Call, b: Call): boolean =>
  a.kind === 'pause' || b.kind === 'pause' || a.stream !== b.stream || (a.kind === 'read' && b.kind === 'read');

export interface Explored {
  /** Schedules run to their end, no two of which differ only in the order of independent calls. */
  readonly schedules: number;
  /** Of these, how many left the horizon, beyond which whoever runs is not interrupted any more. */
  readonly beyond: number;
  readonly longest: number;
}

/**
 * Depth first through all schedules, each run from scratch. Sleep sets (Godefroid) leave out schedules that differ
 * from a covered one only in the order of independent calls; nothing else is left out within the horizon: every
 * choice among the first `horizon` calls is made.
 */
export async function explore(
  run: (choose: Choose) => Promise<Run>,
  { horizon }: { readonly horizon: number },
): Promise<Explored> {
  const path: Node[] = [];
  let schedules = 0;
  let beyond = 0;
  let longest = 0;
  do {
    let depth = 0;
    let last = -1;
    const result = await run((calls) => {
      const known = path[depth];
      depth += 1;
      if (known) return (last = known.chosen);
      const parent = path.at(-1);
      const able = [...calls.keys()].sort();
      if (path.length >= horizon) return (last = able.includes(last) ? last : (able[0] as number));
      const asleep = parent ? inherited(parent) : new Set<number>();
      const awake = able.filter((index) => !asleep.has(index));
      if (awake.length === 0) return null;
      last = awake.includes(last) ? last : (awake[0] as number);
      path.push({ calls, asleep, tried: new Set(), chosen: last });
      return last;
    });
    if (!result.abandoned) {
      schedules += 1;
      longest = Math.max(longest, result.trace.length);
      if (result.trace.length > horizon) beyond += 1;
    }
  } while (backtrack(path));
  return { schedules, beyond, longest };
}

function inherited({ calls, asleep, tried, chosen }: Node): Set<number> {
  const made = calls.get(chosen) as Call;
  return new Set(
    [...asleep, ...tried].filter((index) => index !== chosen && independent(calls.get(index) as Call, made)),
  );
}

function backtrack(path: Node[]): boolean {
  for (let node = path.at(-1); node; node = path.at(-1)) {
    const { calls, tried, asleep } = node;
    tried.add(node.chosen);
    const next = [...calls.keys()].sort().find((index) => !tried.has(index) && !asleep.has(index));
    if (next !== undefined) {
      node.chosen = next;
      return true;
    }
    path.pop();
  }
  return false;
}
