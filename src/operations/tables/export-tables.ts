import { closeSync, constants, fsyncSync, ftruncateSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TableReads, TableRow } from '../../../projections/interval-rows';
import type { Ordinal, Place, ReadModels } from '../../../projections/view';
import { syncFolder, writeAt } from '../../shared/durable-file';
import { factsOf, makeFolder } from '../backup/files';
import { columnsOf, headerOf, lineWriter } from './lines';
import {
  demandSame,
  newManifest,
  readManifest,
  TablesExportError,
  writeManifest,
  type TablesManifest,
  type TablesWanted,
  type TableState,
} from './manifest';

/** Export of whole tables of an account into a folder, as of one position; a run that was ended goes on where it was. */

export interface TablesSource {
  readonly readModels: Pick<ReadModels, 'view' | 'findPlace'> & TableReads;
  /** The position of an event, as the account is shown it. */
  readonly encode: (place: Place) => string;
  /** The event that a position names. */
  readonly find: (position: string) => Promise<Place>;
}

export interface TablesEvents {
  readonly onRows?: (table: string, rows: number) => void;
  /** Rows that are written at once, and kept whatever happens then; left out: 5,000. */
  readonly batch?: number;
}

/** Rows that are written at once; a run that is ended loses no more than these. */
const BATCH = 5_000;

/**
 * Exports the tables that are wanted, or those of them that a run before left out. Resolves to the manifest.
 * @throws TablesExportError where the folder is not for it, or a user was erased meanwhile
 */
export async function exportTables(
  source: TablesSource,
  folder: string,
  wanted: TablesWanted,
  { onRows = () => undefined, batch = BATCH }: TablesEvents = {},
): Promise<TablesManifest> {
  makeFolder(folder);
  const manifest = readManifest(folder) ?? (await begin(source, folder, wanted));
  demandSame(manifest, wanted);
  const { ordinal: at } = await source.find(manifest.position);
  const writing = { source, folder, manifest, wanted, at, batch, onRows };
  for (const state of manifest.tables) {
    demandNoErasure(writing);
    if (!state.whole) await writeTable(writing, state);
  }
  demandNoErasure(writing);
  return manifest;
}

async function begin(
  { readModels, encode }: TablesSource,
  folder: string,
  wanted: TablesWanted,
): Promise<TablesManifest> {
  const { pin } = readModels.view(wanted.account, wanted.until && { time: wanted.until });
  const place = readModels.findPlace(pin.ordinal);
  if (!place || pin.time === null) throw new TablesExportError('The log has no event up to that moment.');
  const manifest = newManifest(wanted, { position: encode(place), time: pin.time }, columnsOf);
  writeManifest(folder, manifest);
  return manifest;
}

interface Writing {
  readonly source: TablesSource;
  readonly folder: string;
  readonly manifest: TablesManifest;
  readonly wanted: TablesWanted;
  readonly at: Ordinal;
  readonly batch: number;
  readonly onRows: (table: string, rows: number) => void;
}

/** A file that was written before an erasure may hold names that nobody may read any more. */
function demandNoErasure({ source, folder, manifest, at }: Writing): void {
  if (!source.readModels.erasedSince(manifest.account, at)) return;
  const users = manifest.tables.find(({ table, bytes }) => table === 'users' && bytes > 0);
  if (!users) return;
  for (const file of [users.file, partOf(users)]) rmSync(path.join(folder, file), { force: true });
  throw new TablesExportError(
    'A user was erased since the export began, whose names the users hold: their file was removed. Export into a new folder.',
  );
}

const partOf = ({ file }: TableState): string => `${file}.part`;

/** Writes the rest of a table, batch by batch: rows first, then the manifest that tells of them. */
async function writeTable(writing: Writing, state: TableState): Promise<void> {
  const { source, folder, manifest, wanted, at, batch, onRows } = writing;
  const part = path.join(folder, partOf(state));
  const whole = path.join(folder, state.file);
  const since = wanted.since && source.readModels.view(wanted.account, { time: wanted.since }).pin.ordinal;
  const write = lineWriter(state.table, manifest.files, source.encode);
  if (isPlaced(state, { part, whole })) return finish(writing, state);
  const descriptor = openSync(part, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    // Rows of which the manifest does not tell are written again.
    ftruncateSync(descriptor, state.bytes);
    const header = state.bytes === 0 ? headerOf(state.table, manifest.files) : null;
    for (let rest: readonly TableRow[] | null = null, first = true; rest === null || rest.length === batch;) {
      rest = source.readModels.tableRows({
        ...{ account: wanted.account, table: state.table, at, since, role: wanted.role, user: wanted.user },
        ...{ after: state.cursor, limit: batch },
      });
      const lines = [...(first && header !== null ? [header] : []), ...rest.map(write)];
      first = false;
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      writeAt(descriptor, bytes, state.bytes);
      fsyncSync(descriptor);
      state.bytes += bytes.length;
      state.rows += rest.length;
      state.cursor = rest.at(-1)?.cursor ?? state.cursor;
      writeManifest(folder, manifest);
      onRows(state.table, state.rows);
      await nextTurn();
    }
  } finally {
    closeSync(descriptor);
  }
  renameSync(part, whole);
  syncFolder(folder);
  finish(writing, state);
}

function finish({ folder, manifest }: Writing, state: TableState): void {
  state.whole = true;
  writeManifest(folder, manifest);
}

/**
 * True for a file that is in its place, though the manifest does not say so yet: the run was ended between the two.
 * @throws TablesExportError where rows are gone of which the manifest tells
 */
function isPlaced(
  { bytes }: TableState,
  { part, whole }: { readonly part: string; readonly whole: string },
): boolean {
  const [partial, placed] = [part, whole].map((file) => factsOf(file)?.size ?? null);
  if (partial === null && placed === bytes && bytes > 0) return true;
  if ((partial ?? 0) < bytes)
    throw new TablesExportError(`${part} is not as it was left: export into a new folder.`);
  return false;
}
