import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Position } from '../../src/event-store/port/event-store';
import { CatalogueSnapshots } from '../tables/catalogue-snapshots';
import { digestOf } from './digest';
import { pointedAt } from './model-files';
import { openReader, type Sql } from '../tables/sql';
import { Tables } from '../queries/sql-view';
import { readCheckpoint, type Checkpoint } from '../tables/timeline';
import type { ReadModels, ReplicaStatus } from '../view';

export class NoReadModels extends Error {}

export interface ReadOnlyReadModels extends ReadModels {
  digest(): Promise<string>;
  close(): void;
}

const POLL_MS = 20;

/**
 * Read models to look at from another process, beside a server that fills them or without one.
 * @throws NoReadModels where none have been built yet
 */
export function openReadOnly(directory: string): ReadOnlyReadModels {
  const name = pointedAt(directory);
  if (!name) throw new NoReadModels(`there are no read models in ${directory}`);
  const path = join(directory, name);
  const sql = openReader(path);
  const tables = new Tables(sql, new CatalogueSnapshots());
  const newest = newestOf(sql);
  const position = (): Position | null => readCheckpoint(sql)?.position ?? null;
  const holds = (wanted: Position): boolean => (position() ?? -1n) >= wanted;
  return {
    view: (account, asOf) => tables.view(account, asOf, newest()),
    async waitFor(wanted, timeoutMs) {
      const end = Date.now() + timeoutMs;
      while (!holds(wanted) && Date.now() < end) await sleep(POLL_MS);
      return holds(wanted);
    },
    status(): ReplicaStatus {
      const checkpoint = readCheckpoint(sql);
      return {
        state: 'stopped',
        ordinal: checkpoint?.ordinal ?? 0,
        position: checkpoint?.position ?? null,
        // Whether another process keeps them current is not known here.
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
  let seen = -1;
  let checkpoint: Checkpoint | null = null;
  return () => {
    const version = sql.get<{ data_version: number }>('PRAGMA data_version')?.data_version ?? -1;
    if (version !== seen) checkpoint = readCheckpoint(sql);
    seen = version;
    return checkpoint;
  };
}
