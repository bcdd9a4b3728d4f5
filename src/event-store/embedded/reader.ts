import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { decodeEvent, type StoredEvent } from '../codec';
import type { Position, RecordedEvent } from '../event-store';
import type { LogPage } from '../local-reading';
import { HEARTBEAT_PREFIX, isHeartbeat } from '../streams';

interface Row extends Omit<StoredEvent, 'position'> {
  readonly position: number;
}

/** A page ends early at so many characters, so that pages of large events stay small too. */
const PAGE_CHARS = 4 * 1024 * 1024;
const COLUMNS = 'position, stream, revision, id, type, data, metadata';
/** SQLite's largest integer; a position beyond it (of another store) is behind everything here. */
const MAX_INTEGER = 2n ** 63n - 1n;

/** The cached statements that read the log, a page at a time. */
export class LogReader {
  readonly #exists: StatementSyncInstance;
  readonly #forwards: StatementSyncInstance;
  readonly #backwards: StatementSyncInstance;
  readonly #after: StatementSyncInstance;
  readonly #lastPosition: StatementSyncInstance;
  readonly #lastFact: StatementSyncInstance;
  /** The head as it was when the log ended at `upTo`, so that a head behind many heartbeats is looked for once. */
  #head: { readonly upTo: Position; readonly event: RecordedEvent | null } = { upTo: 0n, event: null };

  constructor(database: DatabaseSyncInstance) {
    const select = `SELECT ${COLUMNS} FROM events`;
    this.#exists = database.prepare('SELECT 1 FROM events WHERE stream = ? AND revision = ?');
    this.#forwards = database.prepare(
      `${select} WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?`,
    );
    this.#backwards = database.prepare(
      `${select} WHERE stream = ? AND revision <= ? ORDER BY revision DESC LIMIT ?`,
    );
    this.#after = database.prepare(`${select} WHERE position > ? ORDER BY position LIMIT ?`);
    this.#lastPosition = database.prepare('SELECT max(position) AS position FROM events');
    this.#lastFact = database.prepare(
      `${select} WHERE position > ? AND stream NOT GLOB '${HEARTBEAT_PREFIX}*' ORDER BY position DESC LIMIT 1`,
    );
  }

  streamPage(
    stream: string,
    from: number,
    direction: 'forwards' | 'backwards',
    limit: number,
  ): readonly RecordedEvent[] {
    // Commands mostly ask for streams that do not exist, or for what follows the end: told in a third of the time.
    if (direction === 'forwards' && this.#exists.get(stream, from) === undefined) return [];
    const statement = direction === 'forwards' ? this.#forwards : this.#backwards;
    return rows(statement, [stream, from, limit]).map(decodeRow);
  }

  allPage(after: Position | null, limit: number): LogPage {
    const page = rows(this.#after, [clamp(after ?? -1n), limit]);
    const end = page.at(-1);
    return {
      events: page.filter(({ stream }) => !isHeartbeat(stream)).map(decodeRow),
      reached: end === undefined ? null : BigInt(end.position),
    };
  }

  /** Where the log ends, heartbeats included. */
  lastPosition(): Position | null {
    const { position } = this.#lastPosition.get() as { position: number | null };
    return position === null ? null : BigInt(position);
  }

  /** The last event that is not a heartbeat. */
  head(): RecordedEvent | null {
    const upTo = this.lastPosition() ?? 0n;
    if (upTo !== this.#head.upTo) {
      const row = this.#lastFact.get(this.#head.upTo) as Row | undefined;
      this.#head = { upTo, event: row === undefined ? this.#head.event : decodeRow(row) };
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

const decodeRow = (row: Row): RecordedEvent => decodeEvent({ ...row, position: BigInt(row.position) });

function clamp(position: Position): bigint {
  if (position > MAX_INTEGER) return MAX_INTEGER;
  return position < -1n ? -1n : position;
}
