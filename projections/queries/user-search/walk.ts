import { usersChangedSince } from '../changes-since';
import type { Asking } from '../as-of-context';
import { isByValue, ofThese, type Entry, type UserQuery } from './candidates';
import { runsOf, type Run, type Seen } from './runs';
import { compareEntries, firstEach, sorted, type Slice } from './sort';

/** A walk along the indexes that have users in order, which keeps who fits, for as long as it is told to go on. */
export class Walk {
  readonly #runs: readonly Run<Seen>[];
  readonly #found = new Map<Entry['n'], Entry>();
  #looked = 0;

  constructor(
    private readonly asking: Asking,
    private readonly query: UserQuery,
    private readonly slice: Slice,
    /** Rows until the slice is full, if that is known. */
    expected = slice.count,
  ) {
    this.#runs = runsOf(asking.reading, query, slice, expected);
  }

  /** Rows that are still to be read, going by those that were; infinitely many where these had hardly anybody. */
  get expected(): number {
    const found = this.#found.size;
    return found < TELLING ? Infinity : ((this.slice.count - found) * this.#looked) / found;
  }

  /** The first matching users of the slice; null if that is not settled after about `budget` more rows. */
  async goOn(budget = Infinity): Promise<Entry[] | null> {
    const compare = compareEntries(this.query.sort);
    const end = this.#looked + budget;
    while (this.#found.size < this.slice.count) {
      for (const run of this.#runs) if (!(await this.#fill(run, end))) return null;
      const next = this.#runs.reduce<Run<Seen> | undefined>((best, run) => {
        if (!run.head) return best;
        return best?.head && compare(best.head, run.head) < 0 ? best : run;
      }, undefined);
      const entry = next?.take();
      if (!entry) break;
      // One who signs in meanwhile may be met twice.
      if (entry.fits && !this.#found.has(entry.n)) this.#found.set(entry.n, entry);
    }
    const entries = [...this.#found.values()];
    return isByValue(this.query.sort) ? this.#withChanged(entries) : entries;
  }

  /** False where more rows would have to be read than until `end`. */
  async #fill(run: Run<Seen>, end: number): Promise<boolean> {
    while (run.isShort) {
      if (this.#looked >= end) return false;
      this.#looked += await this.asking.question.step(
        () => run.fetch(),
        (rows) => rows + 1,
      );
    }
    return true;
  }

  /** Adds the users whom events since the moment were about, as they were then. */
  async #withChanged(entries: readonly Entry[]): Promise<Entry[]> {
    const { asking, query, slice } = this;
    const changed = await usersChangedSince(asking);
    if (changed.length === 0) return [...entries];
    const others = await sorted(asking, ofThese(asking.reading, changed, query), query, slice);
    return firstEach([...entries, ...others], query, slice);
  }
}

/** Users found from whom it is told how far apart the others are. */
const TELLING = 3;
