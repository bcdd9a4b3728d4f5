import { LRUCache } from 'lru-cache';
import type { FeedEntry } from '../../projections/feed-reads';
import type { Ordinal } from '../../projections/view';
import type { EventStore, RecordedEvent } from '../event-store/port/event-store';

/** Events of other feeds that are read over, rather than to begin a read of their own behind them. */
const GAP = 16;
/** Events at the end of the log that are kept: all who follow it read the same ones. */
const KEPT = 256;

/** The log no longer has the events that the tables name: it was replaced. */
export class LogDiffersError extends Error {
  override readonly name = 'LogDiffersError';
}

/**
 * Reads the events of feeds from the log, as they are stored: encrypted, so that nothing outlives its key here. Those at the end
 * are read once for all readers.
 */
export class FeedReading {
  readonly #kept = new LRUCache<Ordinal, Promise<RecordedEvent>>({ max: KEPT });

  constructor(private readonly store: Pick<EventStore, 'readAll'>) {}

  /**
   * The events of entries, which are in their order. `newest`: the last that the tables hold.
   * @throws LogDiffersError, EventStoreError
   */
  async read(entries: readonly FeedEntry[], newest: Ordinal): Promise<RecordedEvent[]> {
    const read: Promise<RecordedEvent>[] = [];
    for (const run of runsOf(entries)) {
      const known = run.map(({ ordinal }) => this.#kept.get(ordinal));
      if (known.every((event) => event !== undefined)) read.push(...known);
      else read.push(...this.#readRun(run, newest));
    }
    return Promise.all(read);
  }

  /** True if the log holds an event at its place now, whatever is kept of it. @throws EventStoreError */
  async has({
    before,
    position,
    eventId,
  }: Pick<FeedEntry, 'before' | 'position' | 'eventId'>): Promise<boolean> {
    for await (const found of this.store.readAll({ after: before ?? undefined, limit: 1 }))
      return found.position === position && found.id === eventId;
    return false;
  }

  #readRun(run: readonly FeedEntry[], newest: Ordinal): Promise<RecordedEvent>[] {
    const events = this.#events(run);
    // The failure is told by whoever waits for the event.
    events.catch(() => undefined);
    return run.map(({ ordinal }, index) => {
      const event = events.then((all) => all[index]!);
      if (ordinal <= newest - KEPT) return event;
      this.#kept.set(ordinal, event);
      event.catch(() => this.#kept.delete(ordinal));
      return event;
    });
  }

  async #events(run: readonly FeedEntry[]): Promise<RecordedEvent[]> {
    const [first, last] = [run[0]!, run.at(-1)!];
    const wanted = new Map(run.map((entry) => [entry.position, entry]));
    const found: RecordedEvent[] = [];
    const limit = last.ordinal - first.ordinal + 1;
    for await (const event of this.store.readAll({ after: first.before ?? undefined, limit }))
      if (wanted.get(event.position)?.eventId === event.id) found.push(event);
    if (found.length !== run.length)
      throw new LogDiffersError('The log does not have the events of its tables.');
    return found;
  }
}

/** Entries in runs that are read at once. */
function runsOf(entries: readonly FeedEntry[]): FeedEntry[][] {
  const runs: FeedEntry[][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last && entry.ordinal - last.ordinal <= GAP) run.push(entry);
    else runs.push([entry]);
  }
  return runs;
}
