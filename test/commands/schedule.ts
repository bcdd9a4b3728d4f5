import type { Call, Turn } from './harness';

/**
 * A scheduler for code that meets others only at the calls of a store. Each process stops before every call and goes
 * on when it is chosen; its call is then made, and it runs until its next call. A process that is not chosen for
 * long is a long pause; one that is never chosen again is a death.
 */

export type Process = (turn: Turn) => Promise<void>;

/** A step of a schedule: a call, or the death of the process that is mortal. */
type Step = Call | { readonly kind: 'death'; readonly of: number };
/** Who takes the step "death": chosen like a process, once at most. */
export const DEATH = 9;

/** Chooses who goes on, from what each is about to do; null gives the schedule up. */
export type Choose = (waiting: ReadonlyMap<number, Step>) => number | null;

export interface Run {
  /** Who called what, in order. */
  readonly trace: readonly { readonly process: number; readonly step: Step }[];
  readonly abandoned: boolean;
  readonly died: boolean;
}

/** No schedule of a few commands needs more calls; more is a livelock. */
const TOO_LONG = 1_000;

/** Runs the processes under one schedule, in which the one that is `mortal` may die, and then never goes on. */
export async function runSchedule(
  processes: readonly Process[],
  choose: Choose,
  mortal: number | null = null,
): Promise<Run> {
  const waiting = new Map<number, { call: Call; go: () => void }>();
  const trace: { process: number; step: Step }[] = [];
  let died = false;
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
  for (;;) {
    const able = new Map<number, Step>([...waiting].map(([index, { call }]) => [index, call]));
    if (failure !== undefined) throw failure;
    if (able.size === 0) return { trace, died, abandoned: false };
    if (trace.length > TOO_LONG) throw new Error('a livelock: the commands do not end');
    if (mortal !== null && able.has(mortal)) able.set(DEATH, { kind: 'death', of: mortal });
    const chosen = choose(able);
    if (chosen === null) return { trace, died, abandoned: true };
    trace.push({ process: chosen, step: able.get(chosen) as Step });
    if (chosen === DEATH) {
      died = waiting.delete(mortal as number);
      continue;
    }
    const { go } = waiting.get(chosen) as { go: () => void };
    waiting.delete(chosen);
    await new Promise<void>((resolve) => {
      stopped = resolve;
      go();
    });
  }
}

interface Node {
  readonly steps: ReadonlyMap<number, Step>;
  /** Whose turn here leads to what an earlier branch has covered already. */
  readonly asleep: ReadonlySet<number>;
  readonly tried: Set<number>;
  chosen: number;
}

/** Steps whose order cannot matter: on different streams, or reads both. A pause does nothing that others see. */
function independent([p, a]: [number, Step], [q, b]: [number, Step]): boolean {
  if (a.kind === 'death') return a.of !== q;
  if (b.kind === 'death') return b.of !== p;
  if (a.kind === 'pause' || b.kind === 'pause' || a.stream !== b.stream) return true;
  return a.kind === 'read' && b.kind === 'read';
}

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
  { horizon, reduced = true }: { readonly horizon: number; readonly reduced?: boolean },
): Promise<Explored> {
  const path: Node[] = [];
  let schedules = 0;
  let beyond = 0;
  let longest = 0;
  do {
    let depth = 0;
    let last = -1;
    const result = await run((steps) => {
      const known = path[depth];
      depth += 1;
      if (known) return (last = known.chosen);
      const parent = path.at(-1);
      const able = [...steps.keys()].sort();
      if (path.length >= horizon) return (last = able.includes(last) ? last : (able[0] as number));
      const asleep = parent && reduced ? inherited(parent) : new Set<number>();
      const awake = able.filter((index) => !asleep.has(index));
      if (awake.length === 0) return null;
      last = awake.includes(last) ? last : (awake[0] as number);
      path.push({ steps, asleep, tried: new Set(), chosen: last });
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

function inherited({ steps, asleep, tried, chosen }: Node): Set<number> {
  const of = (index: number): [number, Step] => [index, steps.get(index) as Step];
  return new Set(
    [...asleep, ...tried].filter((index) => index !== chosen && independent(of(index), of(chosen))),
  );
}

function backtrack(path: Node[]): boolean {
  for (let node = path.at(-1); node; node = path.at(-1)) {
    const { steps, tried, asleep } = node;
    tried.add(node.chosen);
    const next = [...steps.keys()].sort().find((index) => !tried.has(index) && !asleep.has(index));
    if (next !== undefined) {
      node.chosen = next;
      return true;
    }
    path.pop();
  }
  return false;
}
