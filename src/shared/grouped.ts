/** Rows by a key, each group in their order; `valueOf` makes what is kept of a row. */
export function grouped<Row, Key, Value = Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
  valueOf: (row: Row) => Value = (row) => row as unknown as Value,
): Map<Key, Value[]> {
  const found = new Map<Key, Value[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const values = found.get(key);
    if (values) values.push(valueOf(row));
    else found.set(key, [valueOf(row)]);
  }
  return found;
}
