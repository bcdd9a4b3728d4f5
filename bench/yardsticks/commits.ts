import { DatabaseSync } from '@photostructure/sqlite';
import { randomUUID } from 'node:crypto';
import path from 'node:path';

/** Durable commits a second of bare SQLite on this disk: one row as long as an event, one fsync. */
export function commitsPerSecond(directory: string, seconds: number): number {
  const database = new DatabaseSync(path.join(directory, `commits-${randomUUID()}.sqlite`));
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    database.exec('CREATE TABLE event (n INTEGER PRIMARY KEY, stream TEXT, data TEXT)');
    const insert = database.prepare('INSERT INTO event (stream, data) VALUES (?, ?)');
    const data = 'x'.repeat(600);
    const began = performance.now();
    let commits = 0;
    while (performance.now() - began < seconds * 1_000) {
      insert.run(`stream ${commits}`, data);
      commits += 1;
    }
    return commits / ((performance.now() - began) / 1_000);
  } finally {
    database.close();
  }
}
