import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from '../../src/event-store/port/event-store';
import { readVoids } from '../../src/repair/voids';
import type { TableReads } from '../interval-rows';
import { BEFORE_FIRST } from '../numbers';
import { tableRows } from '../queries/intervals/table-rows';
import { CatalogueSnapshots } from '../queries/catalogue-snapshots';
import { Tables } from '../queries/sql-view';
import { openAccounts } from '../tables/accounts';
import { openReader, type Sql } from '../tables/sqlite/sql';
import { isReadable } from '../tables/applied-schema';
import { erasedSince } from '../tables/erasure';
import { findPlace, readCheckpoint, type Checkpoint } from '../tables/timeline';
import { NoReadModelsError, type ReadModels, type ReplicaStatus } from '../view';
import { digestOf } from './digest';
import { isOfLog, isSqliteError, pointedAt } from './model-files';
import { holds } from './waiters';

export interface TablesToRead extends ReadOnlyReadModels, TableReads {}

export interface ReadOnlyReadModels extends ReadModels {
  digest(): Promise<string>;
  /** Ids of all accounts that are open, in order. */
  accounts(): readonly string[];
  close(): void;
}

const POLL_MS = 20;

/**
 * Read models to look at from another process, beside a server that fills them or without one.
 * @throws NoReadModelsError where none have been built yet, or a later release built them
 */
export function openReadOnly(directory: string): TablesToRead {
  const name = pointedAt(directory);
  if (!name) throw new NoReadModelsError(`there are no read models in ${directory}`);
  const path = join(directory, name);
  const sql = openReader(path);
  if (!isReadable(sql)) {
    sql.close();
    throw new NoReadModelsError(
      `the read models in ${directory} hold events that this program is too old for: upgrade it`,
    );
  }
  return readOnly(path, sql);
}

/** The same, but null unless these are tables of that very log, which still holds their events. @throws EventStoreError */
export async function openReadOnlyOf(
  store: EventStore,
  directory: string,
): Promise<ReadOnlyReadModels | null> {
  const name = pointedAt(directory);
  if (!name) return null;
  const path = join(directory, name);
  let sql: Sql | null = null;
  try {
    sql = openReader(path);
    if (await isOfLog(sql, store, await store.identity(), await readVoids(store))) return readOnly(path, sql);
    sql.close();
    return null;
  } catch (error) {
    sql?.close();
    if (isSqliteError(error)) return null;
    throw error;
  }
}

function readOnly(path: string, sql: Sql): TablesToRead {
  const tables = new Tables(sql, new CatalogueSnapshots());
  const newest = newestOf(sql);
  return {
    view: (account, asOf) => tables.view(account, asOf, newest()),
    async waitFor(wanted, timeoutMs) {
      const end = Date.now() + timeoutMs;
      while (!holds(readCheckpoint(sql), wanted) && Date.now() < end) await sleep(POLL_MS);
      return holds(readCheckpoint(sql), wanted);
    },
    // Another process, if any, follows the log.
    waitForHead: async () => false,
    findPlace: (sought) => findPlace(sql, sought),
    tableRows: (asked) => tableRows(sql, asked),
    erasedSince: (account, ordinal) => erasedSince(sql, account, ordinal),
    status(): ReplicaStatus {
      const checkpoint = readCheckpoint(sql);
      return {
        state: 'stopped',
        ordinal: checkpoint?.ordinal ?? BEFORE_FIRST,
        position: checkpoint?.position ?? null,
        // This process cannot know if another one keeps them current.
        staleSince: checkpoint ? new Date(checkpoint.time) : null,
        lagEvents: null,
        lagMs: 0,
        poison: null,
        poisonEvent: null,
        newer: null,
      };
    },
    digest: () => digestOf(path),
    accounts: () => openAccounts(sql),
    close: () => sql.close(),
  };
}

/**
 * The checkpoint, read again only after another connection has committed: SQLite answers that in a tenth of the time.
 */
function newestOf(sql: Sql): () => Checkpoint | null {
  let seen: number | null = null;
  let checkpoint: Checkpoint | null = null;
  return () => {
    const version = sql.get<{ data_version: number }>('PRAGMA data_version')?.data_version ?? null;
    if (version === null || version !== seen) checkpoint = readCheckpoint(sql);
    seen = version;
    return checkpoint;
  };
}
