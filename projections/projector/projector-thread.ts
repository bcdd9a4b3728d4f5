import type { MessagePort, Worker } from 'node:worker_threads';
import type { EventStore } from '../../src/event-store/port/event-store';
import type { Progress } from '../view';
import { backoff } from '../../src/shared/backoff';
import { describeError } from './is-event-fault';
import { Projector, type ProjectorTask } from './projector';
import type { ProjectorHandle, ProjectorEvents, ProjectorState } from './projector-handle';

/**
 * A projector in a thread of its own, so that projecting and answering do not wait for each other. The thread opens the
 * log and the file itself; the threads exchange the projector's state, and the request to stop.
 */

type Message =
  | { readonly kind: 'state'; readonly state: ProjectorState }
  | { readonly kind: 'trouble'; readonly why: string; readonly retryInMs: number }
  | { readonly kind: 'progress'; readonly progress: Progress };

/** Starts the thread's program, which calls `serveProjector`. */
export type StartThread = (task: ProjectorTask) => Worker;

/**
 * Pause, in milliseconds, before a thread that ended by itself is started again. A start costs a second of CPU, which one
 * that fails each time must not take from those who answer.
 */
const pauseAfter = backoff({ first: 1_000, longest: 30_000, jitter: 0.2 });
/** Time, in milliseconds, after which a thread that ends by itself is no start that failed. */
const LASTING_MS = 60_000;
/** Time limit, in milliseconds, after which a thread that has not stopped is terminated. */
const STOP_MS = 8_000;

/** The thread's side: projects until it receives the request to stop. */
export async function serveProjector(
  port: MessagePort,
  task: ProjectorTask,
  store: EventStore,
): Promise<void> {
  const tell = (message: Message): void => port.postMessage(message);
  const projector = new Projector(task, store, {
    onState: (state) => tell({ kind: 'state', state }),
    onTrouble: (why, retryInMs) => tell({ kind: 'trouble', why, retryInMs }),
    onProgress: (progress) => tell({ kind: 'progress', progress }),
  });
  projector.start();
  await new Promise<void>((resolve) => port.once('message', () => resolve()));
  await projector.stop();
  await store.close();
}

/** The other side: a projector as the rest of the program sees it. */
export class ThreadedProjector implements ProjectorHandle {
  #state: ProjectorState;
  #worker: Worker | null = null;
  #stopping = false;
  #restart: NodeJS.Timeout | null = null;
  /** Threads that ended by themselves soon after their start, one after another. */
  #failures = 0;

  constructor(
    private readonly task: ProjectorTask,
    private readonly startThread: StartThread,
    private readonly events: ProjectorEvents,
    checkpoint: ProjectorState['checkpoint'],
  ) {
    this.#state = {
      state: task.building ? 'rebuilding' : 'starting',
      checkpoint,
      behindSince: Date.now(),
      waiting: null,
      poison: null,
      poisonEvent: null,
      newer: null,
      clockSkewMs: null,
    };
  }

  get state(): ProjectorState {
    return this.#state;
  }

  start(): void {
    const worker = this.startThread(this.task);
    const startedAt = performance.now();
    let failure: unknown = new Error('it ended');
    worker.on('message', (message: Message) => this.#hear(message));
    worker.on('error', (error) => (failure = error));
    worker.on('exit', () => {
      this.#worker = null;
      if (performance.now() - startedAt > LASTING_MS) this.#failures = 0;
      if (!this.#stopping) this.#ended(failure);
    });
    this.#worker = worker;
  }

  #hear(message: Message): void {
    switch (message.kind) {
      case 'state':
        return this.#become(message.state);
      case 'trouble':
        return this.events.onTrouble?.(message.why, message.retryInMs);
      case 'progress':
        return this.events.onProgress?.(message.progress);
    }
  }

  #become(state: ProjectorState): void {
    this.#state = state;
    this.events.onState(state);
  }

  /** Schedules a new thread; it continues from the checkpoint, since committed rows stay. */
  #ended(failure: unknown): void {
    this.#become({
      ...this.#state,
      state: this.#state.state === 'live' ? 'stale' : this.#state.state,
      behindSince: this.#state.behindSince ?? Date.now(),
    });
    const pause = Math.round(pauseAfter((this.#failures += 1)));
    this.events.onTrouble?.(`the projector’s thread: ${describeError(failure)}`, pause);
    this.#restart = setTimeout(() => this.start(), pause);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const worker = this.#worker;
    if (worker) {
      const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      worker.postMessage('stop');
      const late = setTimeout(() => void worker.terminate(), STOP_MS);
      await ended;
      clearTimeout(late);
    }
    this.#state = { ...this.#state, state: 'stopped', behindSince: this.#state.behindSince ?? Date.now() };
  }
}
