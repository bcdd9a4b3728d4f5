import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Turns of the event loop. Long work runs in steps; each step counts its work (rows read, values written, fields made),
 * and once a turn's budget is spent, the next step waits for another turn. Counts, not clocks: the same work is cut at
 * the same points on every machine.
 */

/** Budget of one turn before work yields to the event loop: at some 2 µs each a few milliseconds. */
export const TURN = 2_000;

type Waiting = () => void;

/** The one event loop of a thread, shared by all its work. */
class EventLoop {
  #spent = 0;
  #scheduled = false;
  /** Waiting steps by caller: callers are served round-robin, so that none gets more turns by waiting more often. */
  readonly #lanes = new Map<object, Waiting[]>();
  /** The most work ever done in one turn, for metrics. */
  most = 0;

  spend(count: number): void {
    this.#spent += count;
    if (this.#spent > this.most) this.most = this.#spent;
    this.#schedule();
  }

  get isUsedUp(): boolean {
    return this.#spent >= TURN;
  }

  turn(lane: object): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#lanes.get(lane);
      if (waiting) waiting.push(resolve);
      else this.#lanes.set(lane, [resolve]);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#next());
  }

  #next(): void {
    this.#scheduled = false;
    this.#spent = 0;
    this.#wake();
  }

  /** Resumes one waiting step, and the next when that one has run as far as it can, while the turn has budget left. */
  #wake(): void {
    const [first] = this.#lanes;
    if (!first) return;
    // Waking counts towards this turn, so that it never exceeds a turn's budget and one step.
    if (this.#spent + WAKING > TURN) return this.#schedule();
    const [lane, waiting] = first;
    this.#lanes.delete(lane);
    const next = waiting.shift();
    // Behind all others.
    if (waiting.length > 0) this.#lanes.set(lane, waiting);
    this.spend(WAKING);
    next?.();
    afterThis(() => this.#wake());
  }
}

/** Cost of waking a waiting step: it limits the steps resumed in one turn, however little each does. */
const WAKING = 20;

/** Calls back in this turn, once all runnable work has run. */
const afterThis = (callback: () => void): void =>
  void Promise.resolve().then(() => process.nextTick(callback));

export const eventLoop = new EventLoop();

/** Rows that all questions of a request except the largest may read together. */
export const MOST_ROWS = 300_000;

/** The work of one job, as of one request: its turns alternate with those of all others. */
export class Work {
  #rows = 0;
  #largest = 0;
  /** Steps of this work that wait for a turn. */
  #waiting = 0;
  #whenIdle: (() => void)[] = [];

  /**
   * `tooMuch` makes the error that ends it; left out: it may read any number of rows. The largest question is never
   * refused: in a large account it has to read all that there is.
   */
  constructor(private readonly tooMuch?: () => Error) {}

  /** Rows that were read so far. */
  get rows(): number {
    return this.#rows;
  }

  /**
   * Counts a step that starts now, in a turn that has budget left. Null if this turn has; otherwise a promise to await
   * first. It is counted in the instant in which the budget was looked at: of several steps that saw the same budget
   * before any was counted, each would start, and together they would exceed it.
   */
  before(count: number): Promise<void> | null {
    if (eventLoop.isUsedUp) return this.#later(count);
    eventLoop.spend(count);
    return null;
  }

  async #later(count: number): Promise<void> {
    // Others that were runnable as well may have used up the turn that this one was woken in.
    while (eventLoop.isUsedUp) await this.turn();
    eventLoop.spend(count);
  }

  /** Yields to the event loop. */
  async turn(): Promise<void> {
    this.#waiting += 1;
    await eventLoop.turn(this);
    this.#waiting -= 1;
    if (this.#waiting === 0) for (const each of this.#whenIdle.splice(0)) this.whenIdle(each);
  }

  /**
   * Calls back once no step of this work waits for a turn and all resumed ones have run as far as they can: their
   * pending loads are then batched, even if their lists were cut over several turns.
   */
  whenIdle(callback: () => void): void {
    afterThis(() => {
      if (this.#waiting === 0) callback();
      else this.#whenIdle.push(callback);
    });
  }

  /** A question to the tables, with its rows counted. */
  question(): Question {
    let own = 0;
    return {
      step: async (read, rowsOf) => {
        while (eventLoop.isUsedUp) await this.turn();
        const found = read();
        const rows = rowsOf(found);
        own += rows;
        this.#rows += rows;
        this.#largest = Math.max(this.#largest, own);
        eventLoop.spend(rows);
        if (this.tooMuch && this.#rows - this.#largest > MOST_ROWS) throw this.tooMuch();
        return found;
      },
    };
  }
}

/**
 * Turns of work that never queues behind other work, as of the projector: changes wait for it, whatever the query load.
 * It gets one turn beside each turn of all others.
 */
export class OwnTurns {
  #spent = 0;

  /** Counts work that is about to be done, once a turn has budget for it. */
  async before(count: number): Promise<void> {
    this.#spent += count;
    if (this.#spent <= TURN) return;
    this.#spent = count;
    await nextTurn();
  }
}

export interface Question {
  /**
   * Runs one step of reading in a turn that has budget left, and counts its rows before any other step may start. A
   * step must fit in a turn, whatever it finds.
   * @throws once the request has read too many
   */
  step<Found>(read: () => Found, rowsOf: (found: Found) => number): Promise<Found>;
}
