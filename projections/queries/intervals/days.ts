interface OfDay {
  readonly day: string;
  /** Id of what the size is of; none where there is one alone. */
  readonly id?: string;
}

/**
 * The last row of each day, of each thing, among rows in order. A day is told once a row behind it was seen, or the end: the
 * key of its last row is where reading goes on.
 */
export function lastOfDays<Row extends OfDay, Key>(
  limit: number,
  read: (after: Key) => readonly Row[],
  keyOf: (row: Row) => Key,
  start: Key,
): Row[] {
  const found: Row[] = [];
  let last: Row | null = null;
  for (let after = start; ;) {
    const rows = read(after);
    for (const row of rows) {
      if (last !== null && (last.day !== row.day || last.id !== row.id)) {
        found.push(last);
        if (found.length === limit) return found;
      }
      last = row;
    }
    if (rows.length === 0) return last === null ? found : [...found, last];
    after = keyOf(rows.at(-1)!);
  }
}
