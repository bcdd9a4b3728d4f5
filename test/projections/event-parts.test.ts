import { DatabaseSync } from '@photostructure/sqlite';
import type { Ordinal } from '../../projections/numbers';
import { completeParts, ordinalOfEvent, PART } from '../../projections/tables/event-parts';
import { TABLES } from '../../projections/tables/schema';
import { Sql } from '../../projections/tables/sqlite/sql';

/** Events by id, over several parts and what follows the last of them. */

const sql = new Sql(new DatabaseSync(':memory:'));
const LAST = (2 * PART + 1_000) as Ordinal;
const at = (n: number): Ordinal => n as Ordinal;

beforeAll(() => {
  sql.exec(TABLES);
  sql.exec(
    `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${LAST})
      INSERT INTO moment (n, position, time, complete, event, account)
      SELECT n, n, 0, 1, randomblob(16), 1 FROM numbers`,
  );
});
afterAll(() => sql.close());

const idAt = (n: number): Uint8Array =>
  sql.get<{ event: Uint8Array }>('SELECT event FROM moment WHERE n = ?', n)!.event;
const rowsOf = (part: number): number =>
  sql.get<{ count: number }>('SELECT count(*) AS count FROM event_part WHERE part = ?', part)!.count;

test('a part is written once, when it is complete, however commits fall', () => {
  completeParts(sql, at(0), at(PART - 1));
  expect(rowsOf(0)).toBe(0);
  completeParts(sql, at(PART - 1), at(PART));
  expect(rowsOf(0)).toBe(PART);
  completeParts(sql, at(PART), LAST);
  expect([rowsOf(0), rowsOf(1), rowsOf(2)]).toEqual([PART, PART, 0]);
});

test('every event is found: at the edges of parts, within them, and after the last', () => {
  for (const n of [1, 2, PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 1, LAST, 777, PART + 777])
    expect(ordinalOfEvent(sql, LAST, idAt(n))).toBe(n);
});

test('an id that shares its beginning with another is not taken for it', () => {
  const id = Uint8Array.from(idAt(777));
  id[15]! ^= 1;
  expect(ordinalOfEvent(sql, LAST, id)).toBeNull();
});

test('only what stands up to the checkpoint is found, before the first part is complete too', () => {
  expect(ordinalOfEvent(sql, at(10), idAt(10))).toBe(10);
  expect(ordinalOfEvent(sql, at(9), idAt(10))).toBeNull();
  expect(ordinalOfEvent(sql, at(0), idAt(10))).toBeNull();
});
