import { CommandError } from '../../src/commands/command';
import type { DecisionReads } from '../../src/commands/decision-reads';
import type { AppendResult, RecordedEvent } from '../../src/event-store/port/event-store';
import { contextOf, execute, replicaOn, storeOf, type Ask, type Done } from '../commands/harness';
import type { AppendCall } from './shared-log';

/**
 * A process as a function: what it does next follows from what its calls were answered so far, for it shares nothing
 * with others but the log, and its clock, reads and random ids are fixed. So it can be continued from any place of
 * any schedule, by running it again on the same answers.
 */

/** Call that a process waits for: one of the store, or to start its command again after a conflict. */
export type Call =
  { readonly kind: 'read'; readonly stream: string } | AppendCall | { readonly kind: 'retry' };

/** The whole stream that was read; what became of an append; whether the process is patient enough to try again. */
export type Answer = readonly RecordedEvent[] | AppendResult | 'again' | 'give up';

/** State of a process. */
export interface Local {
  /** Call that it waits for; null once it has ended. */
  readonly call: Call | null;
  readonly done: readonly Done[];
  /** Answers that the present attempt at the present command has seen. Only this and `carried` can matter to what follows. */
  readonly attempt: readonly { readonly call: Call; readonly answer: Answer }[];
  /** State that earlier attempts at the present command left it. */
  readonly carried: unknown;
  /** All that the process was answered. */
  readonly answers: readonly Answer[];
}

/** Ends a process: the dead never go on; what they had finished before stays finished. */
export const dead = (local: Local): Local => ({ ...local, call: null, attempt: [], carried: null });

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A replica that is asked for these things, one after another. */
export class Process {
  readonly #asks: readonly Ask[];
  readonly #known = new WeakMap<Local, Map<string, Local>>();

  constructor(
    private readonly index: number,
    asks: readonly Ask[],
    private readonly reads: DecisionReads,
  ) {
    this.#asks = asks.map((wish) => ({ ...wish, context: contextOf(wish) }));
  }

  start(): Promise<Local> {
    return this.#run([]);
  }

  /** State of the process after one more answer. */
  async after(local: Local, answer: Answer): Promise<Local> {
    const known = this.#known.get(local) ?? new Map<string, Local>();
    this.#known.set(local, known);
    const key = answerKey(answer);
    const next = known.get(key) ?? (await this.#run([...local.answers, answer]));
    known.set(key, next);
    return next;
  }

  async #run(answers: readonly Answer[]): Promise<Local> {
    const done: Done[] = [];
    let attempt: { call: Call; answer: Answer }[] = [];
    let carried: unknown = null;
    let waiting: Call | null = null;
    let failure: unknown;
    let given = 0;
    let drawn = 0;
    let retries = false;
    let ended = false;

    const answered = async <Given extends Answer>(call: Call): Promise<Given> => {
      if (given === answers.length) {
        waiting = call;
        return new Promise(() => undefined);
      }
      const answer = answers[given++] as Given;
      attempt.push({ call, answer });
      return answer;
    };
    const begin = (left: unknown): void => {
      attempt = [];
      carried = left;
    };
    const bus = replicaOn(
      storeOf({
        append: (stream, expected, events) =>
          answered<AppendResult>({ kind: 'append', stream, expected, events }),
        async *readStream(stream, { from = 0 } = {}) {
          yield* (await answered<readonly RecordedEvent[]>({ kind: 'read', stream })).slice(from);
        },
      }),
      this.reads,
      {
        newId: () =>
          `0000000${this.index}-000${done.length}-4000-8000-${String((drawn += 1)).padStart(12, '0')}`,
        onRetry: (_why, left) => {
          retries = true;
          begin(left);
        },
        pause: async () => {
          // A pause within an attempt does nothing: whoever is not chosen for long has paused.
          if (!retries) return;
          retries = false;
          const patience = await answered<'again' | 'give up'>({ kind: 'retry' });
          attempt = [];
          if (patience === 'give up') throw new CommandError('CONTENTION', 'Gave up.');
        },
      },
    );
    const work = async (): Promise<void> => {
      for (const ask of this.#asks) {
        drawn = 0;
        done.push(await execute(bus, ask));
        begin(null);
      }
      ended = true;
    };
    work().catch((error: unknown) => (failure = error));
    await settled();
    if (failure !== undefined) throw failure;
    if (!ended && waiting === null) throw new Error('a process waits for something else than the log');
    return { call: waiting, done: [...done], attempt: [...attempt], carried, answers };
  }
}

const answerKey = (answer: Answer): string => {
  if (typeof answer === 'string') return answer;
  if ('outcome' in answer)
    return answer.outcome === 'appended' ? `${answer.position}` : `not ${answer.actual}`;
  return answer.map(({ id, position }) => `${id}@${position}`).join();
};
