import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { decodeEvent, type StoredEvent } from '../port/codec';
import type { Position, RecordedEvent } from '../port/event-store';
import type { LogPage } from '../local/paging';
import { HEARTBEAT_PREFIX, isHeartbeat } from '../port/streams';
import type { StreamIndex } from './stream-index';

export interface Row extends Omit<StoredEvent, 'position'> {
  readonly position: number;
}

/** Characters after which a page ends early, so that pages of large events stay small too. */
const PAGE_CHARS = 4 * 1024 * 1024;
const COLUMNS = 'e.position, e.stream, e.revision, e.id, e.type, e.data, e.metadata';
/** SQLite's largest integer. A larger position (of another store) is past every event here. */
const MAX_INTEGER = 2n ** 63n - 1n;

/** The cached statements that read the log, a page at a time. */
export class LogReader {
  readonly #forwards: StatementSyncInstance;
  readonly #backwards: StatementSyncInstance;
  readonly #at: StatementSyncInstance;
  readonly #after: StatementSyncInstance;
  readonly #lastPosition: StatementSyncInstance;
  readonly #lastFact: StatementSyncInstance;
  /** The head as it was when the log ended at `upTo`: a head behind many heartbeats is searched for only once. */
  #head: { readonly upTo: Position; readonly event: RecordedEvent | null } = { upTo: 0n, event: null };

  constructor(
    database: DatabaseSyncInstance,
    private readonly index: StreamIndex,
  ) {
    const select = `SELECT ${COLUMNS} FROM events e`;
    const indexed = `SELECT ${COLUMNS} FROM place p CROSS JOIN events e ON e.position = p.position AND e.stream = ?
      WHERE p.key = ? AND p.revision`;
    this.#forwards = database.prepare(`${indexed} >= ? AND p.revision < ? ORDER BY p.revision LIMIT ?`);
    this.#backwards = database.prepare(`${indexed} <= ? ORDER BY p.revision DESC LIMIT ?`);
    this.#at = database.prepare(
      `SELECT ${COLUMNS} FROM json_each(?) wanted CROSS JOIN events e ON e.position = wanted.value`,
    );
    this.#after = database.prepare(`${select} WHERE e.position > ? ORDER BY e.position LIMIT ?`);
    this.#lastPosition = database.prepare('SELECT max(position) AS position FROM events');
    this.#lastFact = database.prepare(
      `${select} WHERE e.position > ? AND stream NOT GLOB '${HEARTBEAT_PREFIX}*' ORDER BY position DESC LIMIT 1`,
    );
  }

  streamPage(
    stream: string,
    from: number,
    direction: 'forwards' | 'backwards',
    limit: number,
  ): readonly RecordedEvent[] {
    const rows =
      direction === 'forwards'
        ? this.forwards(stream, from, limit)
        : this.#backwardsFrom(stream, from, limit);
    return rows.map(decodeEvent);
  }

  /** Rows of a stream from a revision on: at most `limit`, none only at its end. */
  forwards(stream: string, from: number, limit: number): readonly Row[] {
    const entry = this.index.lookUp(stream);
    if (from > entry.last) return [];
    if (from >= entry.deltaFrom) return this.#rowsAt(entry.forwards(from, limit));
    return rows(this.#forwards, [stream, entry.key, from, entry.deltaFrom, limit]);
  }

  #backwardsFrom(stream: string, from: number, limit: number): readonly Row[] {
    const entry = this.index.lookUp(stream);
    if (from >= entry.deltaFrom && entry.last >= entry.deltaFrom) {
      return this.#rowsAt(entry.backwards(from, limit));
    }
    return rows(this.#backwards, [stream, entry.key, Math.min(from, entry.deltaFrom - 1), limit]);
  }

  #rowsAt(positions: readonly number[]): readonly Row[] {
    return positions.length === 0 ? [] : rows(this.#at, [JSON.stringify(positions)]);
  }

  allPage(after: Position | null, limit: number): LogPage {
    const page = rows(this.#after, [clamp(after ?? -1n), limit]);
    const end = page.at(-1);
    return {
      events: page.filter(({ stream }) => !isHeartbeat(stream)).map(decodeEvent),
      reached: end === undefined ? null : BigInt(end.position),
    };
  }

  /** Position of the last event, heartbeats included; null for an empty log. */
  lastPosition(): Position | null {
    const { position } = this.#lastPosition.get() as { position: number | null };
    return position === null ? null : BigInt(position);
  }

  /** The last event that is not a heartbeat. */
  head(): RecordedEvent | null {
    const upTo = this.lastPosition() ?? 0n;
    if (upTo !== this.#head.upTo) {
      const row = this.#lastFact.get(this.#head.upTo) as Row | undefined;
      this.#head = { upTo, event: row === undefined ? this.#head.event : decodeEvent(row) };
    }
    return this.#head.event;
  }
}

function rows(statement: StatementSyncInstance, parameters: readonly (string | number | bigint)[]): Row[] {
  const page: Row[] = [];
  let chars = 0;
  for (const row of statement.iterate(...parameters) as IterableIterator<Row>) {
    page.push(row);
    chars += row.data.length + row.metadata.length;
    if (chars > PAGE_CHARS) break;
  }
  return page;
}

function clamp(position: Position): bigint {
  if (position > MAX_INTEGER) return MAX_INTEGER;
  return position < -1n ? -1n : position;
}
