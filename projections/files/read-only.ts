import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from '../../src/event-store/port/event-store';
import { readVoids } from '../../src/repair/voids';
import { BEFORE_FIRST } from '../numbers';
import { CatalogueSnapshots } from '../queries/catalogue-snapshots';
import { Tables } from '../queries/sql-view';
import { openReader, type Sql } from '../tables/sqlite/sql';
import { placeOf, readCheckpoint, type Checkpoint } from '../tables/timeline';
import { NoReadModelsError, type ReadModels, type ReplicaStatus } from '../view';
import { digestOf } from './digest';
import { isOfLog, isSqliteError, pointedAt } from './model-files';
import { holds } from './waiters';

export interface ReadOnlyReadModels extends ReadModels {
  digest(): Promise<string>;
  close(): void;
}

const POLL_MS = 20;

/**
 * Read models to look at from another process, beside a server that fills them or without one.
 * @throws NoReadModelsError where none have been built yet
 */
export function openReadOnly(directory: string): ReadOnlyReadModels {
  const name = pointedAt(directory);
  if (!name) throw new NoReadModelsError(`there are no read models in ${directory}`);
  return readOnly(join(directory, name));
}

/** The same, but null unless these are tables of that very log, which still holds what they rest on. @throws EventStoreError */
export async function openReadOnlyOf(
  store: EventStore,
  directory: string,
): Promise<ReadOnlyReadModels | null> {
  const name = pointedAt(directory);
  if (!name) return null;
  let sql: Sql | null = null;
  try {
    sql = openReader(join(directory, name));
    const fits = await isOfLog(sql, store, await store.identity(), await readVoids(store));
    return fits ? readOnly(join(directory, name)) : null;
  } catch (error) {
    if (isSqliteError(error)) return null;
    throw error;
  } finally {
    sql?.close();
  }
}

function readOnly(path: string): ReadOnlyReadModels {
  const sql = openReader(path);
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
    placeOf: (sought) => placeOf(sql, sought),
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
      };
    },
    digest: () => digestOf(path),
    close: () => sql.close(),
  };
}

/** The checkpoint, looked up again when another connection has committed: SQLite tells in a tenth of the time. */
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
