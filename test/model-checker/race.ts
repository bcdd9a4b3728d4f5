import type { DecisionReads } from '../../src/commands/decision-reads';
import { dead, Process, type Answer, type Keys, type Local, type Task } from './process';
import type { AppendCall, Appended, SharedLog } from './shared-log';
import { answerText, callText, onShelves, shelvesKey, type Shelves, type Shelving } from './shelves';
import { stateKey } from './state-key';

/** Processes on one log, and everything that can happen to them. */

/** Append of a log; those of the controls break their word. */
export type Appending = (log: SharedLog, call: AppendCall) => Appended;

/** Beginning of all processes. */
export interface RaceStart {
  readonly log: SharedLog;
  /** The same for each call: tables lag. */
  readonly reads: DecisionReads;
  /** Key books, and what each process opens them by; left out, names are not encrypted. */
  readonly keys?: { readonly shelves: Shelves; readonly of: (process: number) => Keys };
}

/** Results of calls; left out: those that should be. */
export interface RaceCalls {
  readonly append?: Appending;
  readonly shelve?: Shelving;
}

/** A place that some schedule comes to. */
export interface State {
  readonly log: SharedLog;
  readonly shelves: Shelves;
  readonly locals: readonly Local[];
  /** Somebody died or gave up on the way here. */
  readonly harmed: boolean;
  /** The place before, and what happened there. */
  readonly from: State | null;
  readonly step: string;
}

export interface Step {
  readonly process: number;
  readonly kind: 'call' | 'death' | 'gives up';
  readonly to: State;
}

export class Race {
  readonly #processes: readonly Process[];

  readonly #append: Appending;
  readonly #shelve: Shelving;

  constructor(
    private readonly start: RaceStart,
    replicas: readonly (readonly Task[])[],
    { append = (log, call) => log.append(call), shelve = onShelves }: RaceCalls = {},
  ) {
    this.#append = append;
    this.#shelve = shelve;
    this.#processes = replicas.map(
      (tasks, index) => new Process(index, tasks, start.reads, start.keys?.of(index)),
    );
  }

  async first(): Promise<State> {
    const locals = await Promise.all(this.#processes.map((process) => process.start()));
    const { log, keys } = this.start;
    return { log, shelves: keys?.shelves ?? new Map(), locals, harmed: false, from: null, step: '' };
  }

  /** Equal for places that cannot be told apart by what can follow. */
  key({ log, shelves, locals, harmed }: State): string {
    return `${harmed}\n${stateKey(log, this.start.log, locals)}\n${shelvesKey(shelves)}`;
  }

  /** Next call of each process, and its result: the same for places that are taken for one. */
  outlook({ log, locals }: State): string {
    const next = locals.map(({ call }) => {
      if (call?.kind === 'segments') return callText(call);
      if (call?.kind !== 'append')
        return call && 'stream' in call ? `reads ${call.stream}` : String(call?.kind);
      const data = call.events.map((event) => [event.type, event.data]);
      return `appends ${JSON.stringify(data)} to ${call.stream}: ${this.#append(log, call).result.outcome}`;
    });
    return next.join('\n');
  }

  /** Every process that has not ended may make its call, or die before it; one that is to try again may give up. */
  async following(state: State): Promise<Step[]> {
    const steps: Step[] = [];
    for (const [process, local] of state.locals.entries()) {
      if (!local.call) continue;
      steps.push({ process, kind: 'call', to: await this.call(state, process) });
      const death = { ...replaced(state, process, dead(local)), harmed: true, step: `${process}: dies` };
      steps.push({ process, kind: 'death', to: death });
      if (local.call.kind !== 'retry') continue;
      steps.push({ process, kind: 'gives up', to: await this.#answer(state, process, 'give up') });
    }
    return steps;
  }

  async call(state: State, process: number): Promise<State> {
    const call = state.locals[process]?.call;
    if (call?.kind === 'read') return this.#answer(state, process, state.log.read(call.stream));
    if (call?.kind === 'segments') {
      const { shelves, answer } = await this.#shelve(state.shelves, call);
      return this.#answer({ ...state, shelves }, process, answer);
    }
    if (call?.kind !== 'append') return this.#answer(state, process, 'again');
    const { log, result } = this.#append(state.log, call);
    return this.#answer({ ...state, log }, process, result);
  }

  /** The place after an answer. `state`: the place before, with what the call left of log and key books. */
  async #answer(state: State, process: number, answer: Answer): Promise<State> {
    const local = state.locals[process] as Local;
    const next = await (this.#processes[process] as Process).after(local, answer);
    return {
      ...replaced(state, process, next),
      harmed: state.harmed || answer === 'give up',
      step: `${process}: ${described(local, answer)}`,
    };
  }
}

const replaced = (state: State, process: number, local: Local): State => ({
  ...state,
  locals: state.locals.map((each, index) => (index === process ? local : each)),
  from: state,
});

function described({ call }: Local, answer: Answer): string {
  if (call?.kind === 'read') return `reads ${call.stream}`;
  if (call?.kind === 'segments' && typeof answer === 'object' && 'found' in answer)
    return `${callText(call)}: ${answerText(answer)}`;
  if (call?.kind !== 'append' || typeof answer === 'string' || !('outcome' in answer)) return String(answer);
  return `appends ${call.events.map(({ type }) => type).join(', ')} to ${call.stream}: ${answer.outcome}`;
}

/** Path to a place, and what the log has got on the way. */
export function told(state: State, start: SharedLog): string[] {
  const steps: string[] = [];
  for (let at: State | null = state; at?.from; at = at.from) steps.unshift(`  ${at.step}`);
  const events = state.log.events.slice(start.length);
  return [
    ...steps,
    'log:',
    ...events.map(({ stream, type, data }) => `  ${stream} ${type} ${JSON.stringify(data)}`),
  ];
}
