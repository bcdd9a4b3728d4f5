import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { LRUCache } from 'lru-cache';
import type { StreamState } from '../decide-append';

/** Streams whose end is remembered: some 20 MB when full. */
const REMEMBERED = 100_000;

/** Where each stream ends. Only the one writer changes streams, so what it remembers of them is true. */
export class StreamEnds {
  readonly #last = new LRUCache<string, number>({ max: REMEMBERED });
  readonly #findLast: StatementSyncInstance;
  readonly #slice: StatementSyncInstance;

  constructor(database: DatabaseSyncInstance) {
    this.#findLast = database.prepare('SELECT max(revision) AS last FROM events WHERE stream = ?');
    this.#slice = database.prepare(
      'SELECT id, position FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?',
    );
  }

  /** The stream as the running transaction sees it. */
  state(stream: string): StreamState {
    return {
      last: this.#last.get(stream) ?? this.#find(stream),
      slice: (from, count) => {
        const found = this.#slice.all(stream, from, count) as { id: string; position: number }[];
        return found.map(({ id, position }) => ({ id, position: BigInt(position) }));
      },
    };
  }

  moved(stream: string, last: number): void {
    this.#last.set(stream, last);
  }

  /** Forgets all, after a transaction whose writes did not stay. */
  forget(): void {
    this.#last.clear();
  }

  #find(stream: string): number {
    const { last } = this.#findLast.get(stream) as { last: number | null };
    if (last === null) return -1;
    this.#last.set(stream, last);
    return last;
  }
}
