import type { DecisionReads } from '../../src/commands/decision-reads';
import type { Ask } from '../commands/harness';
import { dead, Process, type Answer, type Local } from './process';
import type { AppendCall, Appended, SharedLog } from './shared-log';
import { stateKey } from './state-key';

/** Processes on one log, and everything that can happen to them. */

/** Append of a log; those of the controls break their word. */
export type Appending = (log: SharedLog, call: AppendCall) => Appended;

/** A place that some schedule comes to. */
export interface State {
  readonly log: SharedLog;
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

  constructor(
    readonly start: SharedLog,
    replicas: readonly (readonly Ask[])[],
    reads: DecisionReads,
    private readonly append: Appending,
  ) {
    this.#processes = replicas.map((asks, index) => new Process(index, asks, reads));
  }

  async first(): Promise<State> {
    const locals = await Promise.all(this.#processes.map((process) => process.start()));
    return { log: this.start, locals, harmed: false, from: null, step: '' };
  }

  /** Equal for places that cannot be told apart by what can follow. */
  key({ log, locals, harmed }: State): string {
    return `${harmed}\n${stateKey(log, this.start, locals)}`;
  }

  /** Next call of each process, and its result: the same for places that are taken for one. */
  outlook({ log, locals }: State): string {
    const next = locals.map(({ call }) => {
      if (call?.kind !== 'append')
        return call && 'stream' in call ? `reads ${call.stream}` : String(call?.kind);
      const data = call.events.map((event) => [event.type, event.data]);
      return `appends ${JSON.stringify(data)} to ${call.stream}: ${this.append(log, call).result.outcome}`;
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

  call(state: State, process: number): Promise<State> {
    const call = state.locals[process]?.call;
    if (call?.kind === 'read') return this.#answer(state, process, state.log.read(call.stream));
    if (call?.kind !== 'append') return this.#answer(state, process, 'again');
    const { log, result } = this.append(state.log, call);
    return this.#answer(state, process, result, log);
  }

  async #answer(state: State, process: number, answer: Answer, log = state.log): Promise<State> {
    const local = state.locals[process] as Local;
    const next = await (this.#processes[process] as Process).after(local, answer);
    return {
      ...replaced(state, process, next),
      log,
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
