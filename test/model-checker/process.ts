import { CommandError } from '../../src/commands/command';
import type { CommandTools } from '../../src/commands/session';
import type { DecisionReads } from '../../src/commands/decision-reads';
import type { AppendResult, RecordedEvent } from '../../src/event-store/port/event-store';
import { openKeyBook } from '../../src/keys/book/key-book';
import type { BookPart } from '../../src/keys/book/copy';
import type { MasterKeys } from '../../src/keys/master-keys';
import { KeyBookError, type KeyBook } from '../../src/keys/port/key-book';
import { ivOfCopy } from '../../src/keys/sealed-field';
import { erasingKeys } from '../../src/sealing/erase-keys';
import { KeyedSealing } from '../../src/sealing/keyed-sealing';
import {
  contextOf,
  execute,
  replicaOn,
  storeOf,
  verdict,
  type Ask,
  type Done,
  type StorePart,
} from '../commands/harness';
import type { AppendCall } from './shared-log';
import {
  answerText,
  AskedSegments,
  drawnBy,
  MAIN,
  onShelves,
  type SegmentAnswer,
  type SegmentCall,
  type Shelves,
} from './shelves';

/**
 * A process as a function: what it does next follows from what its calls were answered so far, for it shares nothing
 * with others but the log and the key books, and its clock, reads and random ids are fixed. So it can be continued from any place of
 * any schedule, by running it again on the same answers.
 */

/** Call that a process waits for: one of a store, or to start its command again after a conflict. */
export type Call =
  { readonly kind: 'read'; readonly stream: string } | AppendCall | SegmentCall | { readonly kind: 'retry' };

/** The whole stream that was read; what became of a call; whether the process is patient enough to try again. */
export type Answer = readonly RecordedEvent[] | AppendResult | SegmentAnswer | 'again' | 'give up';

/** Work on key books that is no command, as of `rolebook keys`. Resolves with what came of it, in a word. */
export interface Job {
  readonly job: string;
  readonly run: (tools: JobTools) => Promise<string>;
}
export interface JobTools {
  /** The key book of the log, as this process has it open. */
  readonly book: KeyBook;
  readonly part: (book: string, masterKeys: MasterKeys) => BookPart;
}
export type Task = Ask | Job;

/** Key books when a process starts, which opens that of the log first; left out, names are not encrypted. */
export interface Keys {
  readonly shelves: Shelves;
  readonly masterKeys: MasterKeys;
  /** Name that its random bytes follow from. */
  readonly drawnBy: string;
}

/** State of a process. */
export interface Local {
  /** Call that it waits for; null once it has ended. */
  readonly call: Call | null;
  readonly done: readonly Done[];
  /** Outcome of each task that it has finished. */
  readonly said: readonly string[];
  /** Answers that the present attempt at the present command has seen. Only this and `carried` can matter to what follows. */
  readonly attempt: readonly { readonly call: Call; readonly answer: Answer }[];
  /** Answers of key books, for what a process has seen of them it holds open. */
  readonly ofBooks: readonly { readonly call: SegmentCall; readonly answer: SegmentAnswer }[];
  /** State that earlier attempts at the present command left it. */
  readonly carried: unknown;
  /** All that the process was answered. */
  readonly answers: readonly Answer[];
}

/** Ends a process: the dead never go on; what they had finished before stays finished. */
export const dead = (local: Local): Local => ({
  ...local,
  call: null,
  attempt: [],
  ofBooks: [],
  carried: null,
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A process that is asked for these things, one after another. */
export class Process {
  readonly #tasks: readonly Task[];
  readonly #known = new WeakMap<Local, Map<string, Local>>();

  constructor(
    private readonly index: number,
    tasks: readonly Task[],
    private readonly reads: DecisionReads,
    private readonly keys: Keys | null = null,
  ) {
    this.#tasks = tasks.map((task) => ('job' in task ? task : { ...task, context: contextOf(task) }));
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
    const said: string[] = [];
    const ofBooks: { call: SegmentCall; answer: SegmentAnswer }[] = [];
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
    const log: StorePart = {
      append: (stream, expected, events) =>
        answered<AppendResult>({ kind: 'append', stream, expected, events }),
      async *readStream(stream, { from = 0 } = {}) {
        yield* (await answered<readonly RecordedEvent[]>({ kind: 'read', stream })).slice(from);
      },
    };
    const tools: Partial<CommandTools> = {
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
    };
    const ofBook = async (call: SegmentCall): Promise<SegmentAnswer> => {
      const answer = await answered<SegmentAnswer>(call);
      ofBooks.push({ call, answer });
      return answer;
    };
    const work = async (): Promise<void> => {
      const opened = this.keys && (await openedKeys(this.keys, ofBook));
      const sealing = opened && {
        sealing: new KeyedSealing(opened.book, ivOfCopy),
        eraseKeys: erasingKeys(log, opened.book),
      };
      const bus = replicaOn(storeOf(log), this.reads, { ...tools, ...sealing });
      for (const task of this.#tasks) {
        drawn = 0;
        if ('job' in task) said.push(await outcomeOf(task, opened));
        else {
          const finished = await execute(bus, task);
          done.push(finished);
          said.push(verdict(finished));
        }
        begin(null);
      }
      ended = true;
    };
    work().catch((error: unknown) => (failure = error));
    await settled();
    if (failure !== undefined) throw failure;
    if (!ended && waiting === null) throw new Error('a process waits for something else than the log');
    return {
      call: waiting,
      done: [...done],
      said: [...said],
      attempt: [...attempt],
      ofBooks: [...ofBooks],
      carried,
      answers,
    };
  }
}

/** Opens the key book as it was at the start, without a call; whatever is asked of it later is one. */
async function openedKeys(
  { shelves, masterKeys, drawnBy: name }: Keys,
  asked: (call: SegmentCall) => Promise<SegmentAnswer>,
): Promise<JobTools> {
  let opening = true;
  const ask = async (call: SegmentCall): Promise<SegmentAnswer> =>
    opening ? (await onShelves(shelves, call)).answer : asked(call);
  const book = await openKeyBook(new AskedSegments(MAIN, ask), () => masterKeys, {
    now: () => 0,
    pause: () => Promise.resolve(),
    random: drawnBy(name),
  });
  opening = false;
  const part: JobTools['part'] = (of, keys) => ({
    store: new AskedSegments(of, ask),
    masterKeys: () => keys,
  });
  return { book, part };
}

async function outcomeOf({ job, run }: Job, tools: JobTools | null): Promise<string> {
  if (tools === null) throw new Error(`${job} needs key books`);
  try {
    return await run(tools);
  } catch (error) {
    if (error instanceof KeyBookError) return error.code;
    throw error;
  }
}

const answerKey = (answer: Answer): string => {
  if (typeof answer === 'string') return answer;
  if ('found' in answer) return answerText(answer);
  if ('outcome' in answer)
    return answer.outcome === 'appended' ? `${answer.position}` : `not ${answer.actual}`;
  return answer.map(({ id, position }) => `${id}@${position}`).join();
};
