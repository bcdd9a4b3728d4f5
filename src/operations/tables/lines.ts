import {
  EXPORTED_TABLES,
  SIZE_TABLES,
  type ExportedTable,
  type TableRow,
  type TableValue,
} from '../../../projections/interval-rows';
import type { Place } from '../../../projections/view';
import { csvLine } from '../transfer/csv-line';
import type { FileFormat } from './manifest';

/** Lines of exported tables: columns of their own, and the moments. */

const INTERVAL = ['from', 'to', 'fromPosition', 'toPosition', 'fromEvent', 'toEvent'] as const;
const SIZE = ['position', 'event'] as const;

/** Columns of a table, in order. `from` is in, `to` is out: a fact holds until just before it. */
export const columnsOf = (table: ExportedTable): string[] => [
  ...EXPORTED_TABLES[table],
  ...(SIZE_TABLES.has(table) ? SIZE : INTERVAL),
];

/** Writes rows of a table as lines. */
export function lineWriter(
  table: ExportedTable,
  format: FileFormat,
  encode: (place: Place) => string,
): (row: TableRow) => string {
  const columns = columnsOf(table);
  const moments = SIZE_TABLES.has(table)
    ? ({ from }: TableRow): TableValue[] => [encode(from), from.eventId]
    : ({ from, to }: TableRow): TableValue[] => [
        timeOf(from),
        to && timeOf(to),
        encode(from),
        to && encode(to),
        from.eventId,
        to && to.eventId,
      ];
  return (row) => {
    const values = [...row.values, ...moments(row)];
    if (format === 'csv') return csvLine(values.map(cellOf));
    return JSON.stringify(Object.fromEntries(columns.map((column, index) => [column, values[index]])));
  };
}

export const headerOf = (table: ExportedTable, format: FileFormat): string | null =>
  format === 'csv' ? csvLine(columnsOf(table)) : null;

const timeOf = ({ time }: Place): string => new Date(time).toISOString();

/** Nothing is an empty cell; scopes, which have no blanks, stand side by side. */
function cellOf(value: TableValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? value.join(' ') : String(value);
}
