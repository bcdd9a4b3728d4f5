import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { LRUCache } from 'lru-cache';
import type { StreamState } from '../decide-append';

interface StreamEnd {
  readonly last: number;
  readonly lastId: string;
}

/** Streams whose end is remembered: some 30 MB when full. */
const REMEMBERED = 100_000;

/** Where each stream ends. Only the one writer changes streams, so what it remembers of them is true. */
export class StreamEnds {
  readonly #ends = new LRUCache<string, StreamEnd>({ max: REMEMBERED });
  readonly #findLast: StatementSyncInstance;
  readonly #slice: StatementSyncInstance;

  constructor(database: DatabaseSyncInstance) {
    this.#findLast = database.prepare(
      'SELECT revision AS last, id AS lastId FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 1',
    );
    this.#slice = database.prepare(
      'SELECT id, position FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?',
    );
  }

  /** The stream as the running transaction sees it. */
  state(stream: string): StreamState {
    const end = this.#ends.get(stream) ?? this.#find(stream);
    return {
      last: end?.last ?? -1,
      lastId: end?.lastId,
      slice: (from, count) => {
        const found = this.#slice.all(stream, from, count) as { id: string; position: number }[];
        return found.map(({ id, position }) => ({ id, position: BigInt(position) }));
      },
    };
  }

  /** A stream of one event is not worth remembering: most of these, of users and claims, are never written again. */
  moved(stream: string, end: StreamEnd): void {
    if (end.last > 0) this.#ends.set(stream, end);
  }

  /** Forgets all, after a transaction whose writes did not stay. */
  forget(): void {
    this.#ends.clear();
  }

  #find(stream: string): StreamEnd | undefined {
    const end = this.#findLast.get(stream) as StreamEnd | undefined;
    if (end !== undefined) this.#ends.set(stream, end);
    return end;
  }
}
