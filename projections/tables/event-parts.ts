import type { Ordinal } from '../numbers';
import type { EventPartRow } from './rows';
import type { Sql } from './sqlite/sql';

/**
 * Events by their ids. Ids are random, so an index over all would write another page for each event. Instead each part
 * of the log is sorted once, when it is complete, and what is found in which part is asked of all at once; the events
 * after the last complete part are walked.
 */

/** Events of a part: fewer, and more parts are asked; more, and more events at the end are walked. */
export const PART = 2 ** 15;
/** Bytes of an id that a part keeps; the whole is in `moment`. */
const KEPT = 6;

/** Sorts the parts that are complete now and were not before. */
export function completeParts(sql: Sql, before: Ordinal, now: Ordinal): void {
  for (let part = Math.floor(before / PART); part < Math.floor(now / PART); part += 1)
    sql.run(
      `INSERT INTO event_part (part, id, n)
        SELECT ?, substr(event, 1, ${KEPT}) AS beginning, n FROM moment WHERE n > ? AND n <= ? ORDER BY beginning, n`,
      part,
      part * PART,
      (part + 1) * PART,
    );
}

/** Ordinal of an event; null where there is none up to `last`. The log does not keep ids unique: the latest counts. */
export function ordinalOfEvent(sql: Sql, last: Ordinal, id: Uint8Array): Ordinal | null {
  const complete = Math.floor(last / PART);
  const walked = sql.get<Pick<EventPartRow, 'n'>>(
    'SELECT n FROM moment WHERE n > ? AND n <= ? AND event = ? ORDER BY n DESC LIMIT 1',
    complete * PART,
    last,
    id,
  );
  return (walked ?? inParts(sql, complete, id))?.n ?? null;
}

const inParts = (sql: Sql, parts: number, id: Uint8Array): Pick<EventPartRow, 'n'> | undefined =>
  sql.get<Pick<EventPartRow, 'n'>>(
    `WITH RECURSIVE parts (part) AS (SELECT ? - 1 UNION ALL SELECT part - 1 FROM parts WHERE part > 0)
      SELECT e.n FROM parts p CROSS JOIN event_part e ON e.part = p.part AND e.id = ?
      CROSS JOIN moment m ON m.n = e.n AND m.event = ? ORDER BY e.n DESC LIMIT 1`,
    parts,
    id.subarray(0, KEPT),
    id,
  );
