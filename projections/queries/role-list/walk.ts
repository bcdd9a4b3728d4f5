import type { RoleNumber } from '../../numbers';
import type { Flag, RoleFactRow, RoleKeyRow } from '../../tables/rows';
import { jsonList } from '../../tables/sqlite/json-list';
import { roleCounts } from '../../tables/counts';
import { OrderNotAsOfError, type RoleOrder } from '../../view';
import type { Asking, AsOfContext } from '../as-of-context';
import { conditions, type Wanted } from './filter';
import { alongRoles, columnOf, comparePlaces, valueOf, type Place } from './order';
import { grown, ValueRun, type Ranked, type ValueOrder } from '../value-run';

/** Custom roles of a list: walks of the indexes that have them in order, and roles that are collected and sorted. */

export interface Slice {
  readonly order: RoleOrder | null;
  readonly along: ValueOrder;
  /** The place that it starts behind. */
  readonly after: Place | null;
  readonly count: number;
}

export type Entry = Place & { readonly n: RoleNumber };

/** Rows read in one step: few at first, for most pages are short and most rows fit. */
const SMALLEST = 64;
const STEP = 1_024;
/** Roles whose facts and counts are read in one step. */
const COLLECTED_AT_ONCE = 400;

/** The first custom roles of a slice, in no order, with some that are not before its end. */
export async function customRoles(asking: Asking, wanted: Wanted, slice: Slice): Promise<Entry[]> {
  if (wanted.few) return collected(asking, wanted, slice, wanted.few);
  if (columnOf(slice.order)) return byValue(asking, wanted, slice);
  const found: Entry[] = [];
  for (const deleted of wanted.deleted) {
    let fitting = 0;
    for await (const rows of walkByName(asking, wanted, deleted, slice)) {
      const some = rows.filter(({ fits }) => fits).slice(0, slice.count - fitting);
      found.push(...some.map(({ n, name_key }) => ({ segment: 1, value: null, key: name_key, n })));
      fitting += some.length;
      if (fitting >= slice.count) break;
    }
  }
  return found;
}

type Row = Pick<RoleFactRow, 'n' | 'name_key' | 'valid_from'> & { readonly fits: Flag };

/**
 * Current and former names of custom roles, in order, chunk by chunk; each row is flagged if it fits. A role has a row
 * for each change, so a chunk continues behind a row, not behind a role: the row that holds may come after an earlier
 * one.
 */
export async function* walkByName(
  { reading, question }: Asking,
  wanted: Wanted,
  deleted: 0 | 1,
  { along, after, count }: Pick<Slice, 'along' | 'after' | 'count'>,
): AsyncGenerator<Row[], void, undefined> {
  const { sql, account, at } = reading;
  const { text: fits, values } = conditions(reading, wanted, 'f.n');
  const [sign, direction] = along.key === 1 ? ['>', 'ASC'] : ['<', 'DESC'];
  // A place among the default roles that come first is before all custom ones, or behind all in a walk back.
  if (after?.segment === 0 && along.end === -1) return;
  let place: readonly (string | number)[] = after?.segment === 1 ? [after.key, after.n] : [];
  let read = 0;
  for (let size = Math.min(Math.max(count, SMALLEST), STEP); ; size = grown(size, read)) {
    const behind = BEHIND[place.length] ? `AND ${BEHIND[place.length]!(sign)}` : '';
    const text = `SELECT n, name_key, valid_from, (valid_from <= ? AND valid_to > ? AND ${fits}) AS fits
       FROM role_fact f INDEXED BY role_by_name WHERE account = ? AND deleted = ? ${behind}
       ORDER BY name_key ${direction}, n ${direction}, valid_from ${direction} LIMIT ?`;
    const behindValues = place;
    const rows = await question.step(
      () => sql.all<Row>(text, at, at, ...values, account, deleted, ...behindValues, size),
      ({ length }) => length,
    );
    read += rows.length;
    yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < size) return;
    place = [last.name_key, last.n, last.valid_from];
  }
}

/** Conditions for rows after a role of a page, and after a row of a role, by number of values. */
const BEHIND: Readonly<Record<number, (sign: string) => string>> = {
  2: (sign) => `(name_key, n) ${sign} (?, ?)`,
  3: (sign) => `(name_key, n, valid_from) ${sign} (?, ?, ?)`,
};

/** @throws OrderNotAsOfError */
async function byValue(asking: Asking, wanted: Wanted, slice: Slice): Promise<Entry[]> {
  if (!(await isRecent(asking))) return collected(asking, wanted, slice, await allRoles(asking));
  const found = await walkByValue(asking, wanted, slice);
  // Read once all else was: of what changed meanwhile none is missed.
  const changed = await collected(
    asking,
    wanted,
    slice,
    await changedSince(asking, asking.reading.mostChanges),
  );
  return [...new Map([...found, ...changed].map((entry) => [entry.n, entry])).values()];
}

/** The list as it is now; roles that changed since the moment do not fit. */
async function walkByValue(
  { reading, question }: Asking,
  wanted: Wanted,
  { order, along, after, count }: Slice,
): Promise<Entry[]> {
  const { sql, account, at } = reading;
  const column = columnOf(order)!;
  const { text, values } = conditions(reading, wanted, 'r.role');
  const found: Entry[] = [];
  for (const deleted of wanted.deleted) {
    const run = new ValueRun<Ranked & { readonly n: RoleNumber }>(
      sql,
      {
        from: `role_list r INDEXED BY role_list_by_${column}`,
        columns: { value: `r.${column}`, key: 'r.name_key', n: 'r.role' },
        nullable: false,
        run: { text: 'r.account = ? AND r.deleted = ?', values: [account, deleted] },
        fits: { text: `r.changed <= ? AND ${text}`, values: [at, ...values] },
      },
      along,
      { after, count },
    );
    const seen = new Set<RoleNumber>();
    while (seen.size < count) {
      while (run.isShort)
        await question.step(
          () => run.fetch(),
          (rows) => rows + 1,
        );
      const row = run.take();
      if (!row) break;
      if (!row.fits || seen.has(row.n)) continue;
      seen.add(row.n);
      found.push({ segment: 1, value: row.value, key: row.key, n: row.n });
    }
  }
  return found;
}

const isRecent = async (asking: Asking): Promise<boolean> =>
  (await changedSince(asking, asking.reading.mostChanges + 1)).length <= asking.reading.mostChanges;

/** Custom roles that changed after the moment: a few, unless that is long ago. */
async function changedSince({ reading, question }: Asking, limit: number): Promise<readonly RoleNumber[]> {
  const { sql, account, at } = reading;
  const found: RoleNumber[] = [];
  for (const deleted of [0, 1]) {
    const text = `SELECT role FROM role_list INDEXED BY role_list_by_changed
      WHERE account = ? AND deleted = ? AND changed > ? LIMIT ?`;
    const some = await question.step(
      () => sql.all<{ role: RoleNumber }>(text, account, deleted, at, limit - found.length),
      ({ length }) => 1 + length,
    );
    for (const { role } of some) found.push(role);
  }
  return found;
}

/**
 * All custom roles of a moment that is too long ago for the list of now.
 * @throws OrderNotAsOfError if they are too many to be sorted
 */
async function allRoles({ reading, question }: Asking): Promise<readonly RoleNumber[]> {
  const { sql, account, at } = reading;
  const { roles, deleted } = reading.counts();
  if (roles + deleted > reading.mostChanges) throw new OrderNotAsOfError('too many roles for this order');
  const rows = await question.step(
    () =>
      sql.all<Pick<RoleKeyRow, 'n'>>(
        'SELECT n FROM role_key WHERE account = ? AND custom = 1 AND created <= ?',
        account,
        at,
      ),
    ({ length }) => length,
  );
  return rows.map(({ n }) => n);
}

/** Those of some roles that fit, as they were at the moment, first ones of the slice. */
async function collected(
  { reading, question }: Asking,
  wanted: Wanted,
  { order, along, after, count }: Slice,
  roles: readonly RoleNumber[],
): Promise<Entry[]> {
  const compare = comparePlaces(along);
  let found: Entry[] = [];
  for (let from = 0; from < roles.length; from += COLLECTED_AT_ONCE) {
    const some = roles.slice(from, from + COLLECTED_AT_ONCE);
    const entries = await question.step(
      () => entriesOf(reading, wanted, order, some),
      () => some.length * 3,
    );
    const behind = after ? entries.filter((entry) => compare(entry, after) > 0) : entries;
    found = [...found, ...behind].sort(compare).slice(0, count);
  }
  return found;
}

function entriesOf(
  reading: AsOfContext,
  wanted: Wanted,
  order: RoleOrder | null,
  roles: readonly RoleNumber[],
): Entry[] {
  const facts = factsOf(reading, wanted, roles);
  const counts = columnOf(order)
    ? roleCounts(
        reading,
        facts.map(({ n }) => n),
      )
    : null;
  return facts.map(({ n, name_key }) => {
    const count = counts?.get(n);
    const value = count ? valueOf(order, { ...count, changed: count.n }) : null;
    return { segment: 1, value, key: name_key, n };
  });
}

/** Facts of those of some custom roles that fit. */
function factsOf(
  reading: AsOfContext,
  wanted: Wanted,
  roles: readonly RoleNumber[],
): Pick<RoleFactRow, 'n' | 'name_key'>[] {
  const { sql, account, at } = reading;
  const { text, values } = conditions(reading, wanted, 'f.n');
  return sql.all(
    `SELECT f.n, f.name_key FROM json_each(?) s CROSS JOIN role_fact f ON f.account = ? AND f.n = s.value
       AND f.valid_from <= ? AND f.valid_to > ?
     WHERE f.deleted IN (${wanted.deleted.join(', ')}) AND ${text}`,
    jsonList(roles),
    account,
    at,
    at,
    ...values,
  );
}

/** Number of those of some custom roles that fit. */
export async function countCollected(
  { reading, question }: Asking,
  wanted: Wanted,
  roles: readonly RoleNumber[],
): Promise<number> {
  let count = 0;
  for (let from = 0; from < roles.length; from += COLLECTED_AT_ONCE) {
    const some = roles.slice(from, from + COLLECTED_AT_ONCE);
    count += await question.step(
      () => factsOf(reading, wanted, some).length,
      () => some.length,
    );
  }
  return count;
}

/** A walk by name from the beginning, for counting. */
export const FROM_THE_BEGINNING = { along: alongRoles(null, false), after: null, count: STEP } as const;
