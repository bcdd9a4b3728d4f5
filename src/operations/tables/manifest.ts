import path from 'node:path';
import { Type, type Static } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { EXPORTED_TABLES, type ExportedTable } from '../../../projections/interval-rows';
import { contentOf, writeWhole } from '../backup/files';

/** `export.json` of an exported folder: what was asked for, and how far each table is. */

/** Form of the manifest. It is raised where an older program could not go on with the export. */
const FORMAT = 1;

export const FILE_FORMATS = ['csv', 'ndjson'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

const Text = Type.String();
const Optional = Type.Union([Text, Type.Null()]);
const Count = Type.Integer({ minimum: 0 });
const Table = Type.Union(Object.keys(EXPORTED_TABLES).map((name) => Type.Literal(name as ExportedTable)));

const TableState = Type.Object({
  table: Table,
  file: Text,
  columns: Type.Array(Text),
  rows: Count,
  bytes: Count,
  /** Place from which reading goes on; null: the beginning. */
  cursor: Optional,
  whole: Type.Boolean(),
});
export type TableState = Static<typeof TableState>;

const Manifest = Type.Object({
  format: Type.Literal(FORMAT),
  account: Text,
  files: Type.Union(FILE_FORMATS.map((each) => Type.Literal(each))),
  /** Position and time as of which all tables are. */
  position: Text,
  time: Text,
  since: Optional,
  role: Optional,
  user: Optional,
  tables: Type.Array(TableState),
});
export type TablesManifest = Static<typeof Manifest>;

/** Wishes of an operator; an export goes on only as it began. */
export interface TablesWanted {
  readonly account: string;
  readonly files: FileFormat;
  readonly tables: readonly ExportedTable[];
  readonly since: Date | null;
  readonly until: Date | null;
  readonly role: string | null;
  readonly user: string | null;
}

/** An export that cannot be made, or not gone on with; the message is for the operator. */
export class TablesExportError extends Error {
  override readonly name = 'TablesExportError';
}

const fileOf = (folder: string): string => path.join(folder, 'export.json');

/** The manifest in a folder; null where there is none. @throws TablesExportError */
export function readManifest(folder: string): TablesManifest | null {
  const content = contentOf(fileOf(folder));
  if (content === null) return null;
  const value = parsed(content.toString('utf8'));
  if (!Value.Check(Manifest, value))
    throw new TablesExportError(
      `${fileOf(folder)} is not that of an export which this program can go on with.`,
    );
  return value;
}

export const writeManifest = (folder: string, manifest: TablesManifest): void =>
  writeWhole(fileOf(folder), `${JSON.stringify(manifest, null, 2)}\n`);

export function newManifest(
  wanted: TablesWanted,
  { position, time }: { readonly position: string; readonly time: Date },
  columns: (table: ExportedTable) => string[],
): TablesManifest {
  const { account, files, since, role, user } = wanted;
  return {
    format: FORMAT,
    ...{ account, files, position, time: time.toISOString() },
    since: since?.toISOString() ?? null,
    ...{ role, user },
    tables: wanted.tables.map((table) => ({
      table,
      file: `${table}.${files}`,
      columns: columns(table),
      ...{ rows: 0, bytes: 0, cursor: null, whole: false },
    })),
  };
}

/** @throws TablesExportError where an export in the folder was asked for otherwise, or is whole */
export function demandSame(manifest: TablesManifest, wanted: TablesWanted): void {
  const asked = [wanted.account, wanted.files, wanted.since?.toISOString() ?? null, wanted.role, wanted.user];
  const began = [manifest.account, manifest.files, manifest.since, manifest.role, manifest.user];
  const isSame =
    asked.every((each, index) => each === began[index]) &&
    wanted.tables.join() === manifest.tables.map(({ table }) => table).join() &&
    (wanted.until === null || wanted.until.toISOString() >= manifest.time);
  if (!isSame)
    throw new TablesExportError(
      'The folder holds an export that was asked for otherwise: take another folder.',
    );
  if (manifest.tables.every(({ whole }) => whole))
    throw new TablesExportError('The folder holds an export that is whole: take another folder.');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
