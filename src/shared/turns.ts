import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Turns of the event loop. Long work goes in steps; each step counts what it does (rows looked at, values written, fields
 * made), and once a turn has seen enough of that, whoever goes on waits for a turn of their own. Counts, not clocks: the
 * same work is cut in the same places on every machine.
 */

/** Budget of one turn before others have theirs: at some 2 µs each a few milliseconds. */
export const TURN = 2_000;

type Waiting = () => void;

/** The one event loop of a thread, as those who share it see it. */
class EventLoop {
  #spent = 0;
  #scheduled = false;
  /** Waiting steps, by the caller they work for: callers go round, so that nobody gets more turns by waiting more often. */
  readonly #lanes = new Map<object, Waiting[]>();
  /** The most that was ever done in one turn, for those who watch. */
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

  /** One of those who wait goes on, and the next once that has come as far as it could, unless the turn is used up by then. */
  #wake(): void {
    const [first] = this.#lanes;
    if (!first) return;
    // Waking counts towards this turn, so that a turn and one step are never exceeded.
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

/** Cost of waking a waiting step: so many at most go on in one turn, however little each does. */
const WAKING = 20;

/** Calls back in this turn, once everything that can go on has. */
const afterThis = (callback: () => void): void =>
  void Promise.resolve().then(() => process.nextTick(callback));

export const eventLoop = new EventLoop();

/** Rows that all questions of a request but the largest may look at together. */
export const MOST_ROWS = 300_000;

/** The work of one job, as of one request: its turns are taken among those of all others. */
export class Work {
  #rows = 0;
  #largest = 0;
  /** Steps of this work that wait for their turn. */
  #waiting = 0;
  #whenIdle: (() => void)[] = [];

  /**
   * `tooMuch` makes the error that ends it; left out: it may look at any number of rows. The largest question is never
   * refused: in a large account it has to look at what there is.
   */
  constructor(private readonly tooMuch?: () => Error) {}

  /** Rows that were looked at so far. */
  get rows(): number {
    return this.#rows;
  }

  /** Counts what is done, or about to be, in this turn. */
  did(count: number): void {
    eventLoop.spend(count);
  }

  /** Lets others have their turn once this one is used up. */
  async share(): Promise<void> {
    if (eventLoop.isUsedUp) await this.turn();
  }

  /** True if the next step has to wait for its turn. */
  get mustWait(): boolean {
    return eventLoop.isUsedUp;
  }

  /** Lets others have their turn. */
  async turn(): Promise<void> {
    this.#waiting += 1;
    await eventLoop.turn(this);
    this.#waiting -= 1;
    if (this.#waiting === 0) for (const each of this.#whenIdle.splice(0)) this.whenIdle(each);
  }

  /**
   * Calls back once nothing of this work waits for a turn, and what went on has come as far as it could: what it has
   * come to ask for by then is read at once, however many turns its lists were cut into.
   */
  whenIdle(callback: () => void): void {
    afterThis(() => {
      if (this.#waiting === 0) callback();
      else this.#whenIdle.push(callback);
    });
  }

  /** A question to the tables, whose rows are counted. */
  question(): Question {
    let own = 0;
    return {
      ready: () => (eventLoop.isUsedUp ? this.turn() : null),
      looked: async (rows) => {
        own += rows;
        this.#rows += rows;
        this.#largest = Math.max(this.#largest, own);
        this.did(rows);
        if (this.tooMuch && this.#rows - this.#largest > MOST_ROWS) throw this.tooMuch();
        await this.share();
      },
    };
  }
}

/**
 * Turns of work that waits behind nobody, as of the projector: changes wait for it, however much is asked. It has one
 * beside each turn of all others.
 */
export class OwnTurns {
  #spent = 0;

  /** Counts what is about to be done, once there is a turn for it. */
  async before(count: number): Promise<void> {
    this.#spent += count;
    if (this.#spent <= TURN) return;
    this.#spent = count;
    await nextTurn();
  }
}

export interface Question {
  /**
   * Null where a step may begin in this turn; else to be awaited before it. A promise for each would let all who ask at
   * once see the turn as it was before any of them.
   */
  ready(): Promise<void> | null;
  /**
   * Counts rows that were looked at, and lets others have their turn.
   * @throws once the request has looked at too many
   */
  looked(rows: number): Promise<void>;
}
