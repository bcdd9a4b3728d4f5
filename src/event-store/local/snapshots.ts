import { DatabaseSync } from '@photostructure/sqlite';
import path from 'node:path';
import { makePrivate } from '../../shared/durable-file';
import type { SnapshotStore } from '../port/snapshot-store';

/** Version of the tables below: a file of another version is emptied. The format of the states has its own column. */
const TABLES_VERSION = 3;

const TABLES = `
  DROP TABLE IF EXISTS snapshot;
  DROP TABLE IF EXISTS part;
  CREATE TABLE snapshot (stream TEXT PRIMARY KEY, log TEXT, format TEXT, revision INTEGER, count INTEGER) WITHOUT ROWID;
  CREATE TABLE part (stream TEXT, format TEXT, revision INTEGER, n INTEGER, text TEXT);
  CREATE UNIQUE INDEX part_by_place ON part (stream, format, revision, n);
  PRAGMA user_version = ${TABLES_VERSION};
`;

/** Opens the snapshots of one log in SQLite, and deletes those of another log or another version of the tables. */
export function openSnapshots(directory: string, storeIdentity: string): SnapshotStore {
  const file = path.join(directory, 'snapshots.sqlite');
  // It holds names where the log is of format 1.
  makePrivate(file);
  const database = new DatabaseSync(file);
  // Losing a snapshot costs a read of the log, so writes do not wait for the disk.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;');
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version !== TABLES_VERSION) database.exec(TABLES);
  database.prepare('DELETE FROM snapshot WHERE log <> ?').run(storeIdentity);
  // Deletes the parts of unfinished snapshots too.
  database.exec(
    'DELETE FROM part WHERE (stream, format, revision) NOT IN (SELECT stream, format, revision FROM snapshot)',
  );
  const head = database.prepare('SELECT revision, count FROM snapshot WHERE stream = ? AND format = ?');
  const part = database.prepare(
    'SELECT text FROM part WHERE stream = ? AND format = ? AND revision = ? AND n = ?',
  );
  const writePart = database.prepare(
    'INSERT OR REPLACE INTO part (stream, format, revision, n, text) VALUES (?, ?, ?, ?, ?)',
  );
  // A slow snapshot may have been overtaken; one in another format is useless to this version.
  const writeHead = database.prepare(
    `INSERT INTO snapshot (stream, log, format, revision, count) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET format = excluded.format, revision = excluded.revision, count = excluded.count
     WHERE excluded.revision > snapshot.revision OR excluded.format <> snapshot.format`,
  );
  const dropOthers = database.prepare(
    `DELETE FROM part WHERE stream = ?1
     AND (format <> ?2 OR revision < (SELECT revision FROM snapshot WHERE stream = ?1))`,
  );
  function* partsOf(key: readonly string[], revision: number, count: number): Generator<string> {
    for (let n = 0; n < count; n += 1) {
      const row = part.get(...key, revision, n) as { text: string } | undefined;
      if (!row) return;
      yield row.text;
    }
  }
  return {
    get({ stream, format }) {
      const found = head.get(stream, format) as { revision: number; count: number } | undefined;
      if (!found) return null;
      const { revision, count } = found;
      return { revision, count, parts: partsOf([stream, format], revision, count) };
    },
    async put({ stream, format }, revision, parts) {
      let count = 0;
      for await (const text of parts) writePart.run(stream, format, revision, count++, text);
      writeHead.run(stream, storeIdentity, format, revision, count);
      dropOthers.run(stream, format);
    },
    close: () => database.close(),
  };
}
