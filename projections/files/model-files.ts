import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventStore } from '../../src/event-store/port/event-store';
import { readVoids, type Voids } from '../../src/repair/voids';
import { makePrivate } from '../../src/shared/durable-file';
import { continues } from '../projector/log-check';
import { PROJECTIONS_VERSION, TABLES } from '../tables/schema';
import { isReadable } from '../tables/applied-schema';
import { openReader, openWriter, type Sql } from '../tables/sqlite/sql';

/**
 * The files of the read models: `read-models-<n>.sqlite`, and a pointer that names the one in use. A file is never
 * emptied: one that does not fit stays as it is until its successor has caught up and the pointer moves, atomically. A
 * crash at any point leaves either pointer; files that nothing points at are resumed or deleted at the next start.
 */

const POINTER = 'read-models.current';
const NAME = /^read-models-(\d+)\.sqlite$/;

/** A file of read models, open to read. Its projector has a connection of its own to write. */
export interface OpenFile {
  readonly name: string;
  readonly path: string;
  readonly reader: Sql;
}

/** The file to project into. `building`: it has to catch up before the pointer moves to it. */
export async function openFitting(
  directory: string,
  store: EventStore,
): Promise<{ readonly file: OpenFile; readonly building: boolean; readonly replaces: string | null }> {
  mkdirSync(directory, { recursive: true });
  const identity = await store.identity();
  const current = pointedAt(directory);
  // A build that a crash cut short is continued, the latest first.
  const unfinished = numbered(directory)
    .filter((name) => name !== current)
    .reverse();
  for (const name of current ? [current, ...unfinished] : unfinished) {
    if (!(await fits(join(directory, name), store, identity))) continue;
    const file = openFile(directory, name);
    return { file, building: name !== current, replaces: name === current ? null : current };
  }
  return { file: createFile(directory, identity), building: true, replaces: current };
}

/** True if the file belongs to this log and this version. */
async function fits(path: string, store: EventStore, identity: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  let sql: Sql | null = null;
  try {
    // Opened to write, so that SQLite recovers the file after a crash.
    sql = openWriter(path);
    return await isOfLog(sql, store, identity, await readVoids(store));
  } catch (error) {
    // Not a file of read models, or a broken one: a new one is built beside it.
    if (isSqliteError(error)) return false;
    throw error;
  } finally {
    sql?.close();
  }
}

/** True if tables are of this version and this log, this program reads them, and the log still holds their events. */
export const isOfLog = async (
  sql: Sql,
  store: EventStore,
  identity: string,
  voids: Voids,
): Promise<boolean> =>
  readMeta(sql, 'identity') === identity &&
  readMeta(sql, 'version') === PROJECTIONS_VERSION &&
  isReadable(sql) &&
  continues(store, sql, voids);

export const isSqliteError = (error: unknown): boolean =>
  typeof (error as { errcode?: unknown }).errcode === 'number' ||
  (error as { code?: unknown }).code === 'ERR_SQLITE_ERROR' ||
  /no such table|not a database|malformed/.test(String(error));

export function createFile(directory: string, identity: string): OpenFile {
  const last = numbered(directory).at(-1);
  const next = last === undefined ? 1 : Number(NAME.exec(last)![1]) + 1;
  const name = `read-models-${next}.sqlite`;
  // It holds names, wherever the folder came from.
  makePrivate(join(directory, name));
  const writer = openWriter(join(directory, name));
  writer.exec(`BEGIN IMMEDIATE; ${TABLES}`);
  writer.run(
    'INSERT INTO meta (key, value) VALUES (?, ?), (?, ?)',
    'identity',
    identity,
    'version',
    PROJECTIONS_VERSION,
  );
  writer.exec('COMMIT');
  writer.close();
  return openFile(directory, name);
}

function openFile(directory: string, name: string): OpenFile {
  const path = join(directory, name);
  return { name, path, reader: openReader(path) };
}

const readMeta = (sql: Sql, key: string): string | undefined =>
  sql.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value;

/** Makes a file the one in use: atomically, by renaming the pointer. */
export function pointAt(directory: string, name: string): void {
  const temporary = join(directory, `${POINTER}.new`);
  writeFileSync(temporary, `${name}\n`, { flush: true });
  renameSync(temporary, join(directory, POINTER));
}

/** The name of the file in use, or null. */
export function pointedAt(directory: string): string | null {
  const path = join(directory, POINTER);
  if (!existsSync(path)) return null;
  const name = readFileSync(path, 'utf8').trim();
  return NAME.test(name) ? name : null;
}

/** Names of all files, oldest first. */
function numbered(directory: string): string[] {
  const number = (name: string): number => Number(NAME.exec(name)?.[1]);
  return readdirSync(directory)
    .filter((name) => NAME.test(name))
    .sort((a, b) => number(a) - number(b));
}

export function removeFile(directory: string, name: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(join(directory, name + end), { force: true });
}

/** Removes all files but those named. */
export function removeOthers(directory: string, ...kept: readonly string[]): void {
  for (const name of numbered(directory)) if (!kept.includes(name)) removeFile(directory, name);
}
