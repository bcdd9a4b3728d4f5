import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { EventStoreError, type JsonObject } from '../port/event-store';
import { canonicalJson } from '../port/json';
import type { SealRecord, SealStore } from '../port/seal-store';
import { openBeside } from './database';
import { asEventStoreError } from './errors';

const PAGE = 50;

interface Row {
  readonly revision: number;
  readonly data: string;
}

export interface EmbeddedSealsOptions {
  /** Data folder, in which there is a log. */
  readonly directory: string;
  readonly readOnly?: boolean;
}

/** Opens the seals of a log, beside its writer or without one. @throws EventStoreError as opening the log does */
export const openEmbeddedSeals = (options: EmbeddedSealsOptions): SealStore =>
  new EmbeddedSeals(openBeside(options.directory, options));

/** Seals in a table of the log's own file, over a connection of their own: several processes may add to it. */
class EmbeddedSeals implements SealStore {
  #closed = false;

  constructor(private readonly database: DatabaseSyncInstance) {}

  async last(): Promise<SealRecord | null> {
    const [row] = this.#rows('ORDER BY revision DESC LIMIT 1');
    return row === undefined ? null : recordOf(row);
  }

  async *read(): AsyncGenerator<SealRecord, void, undefined> {
    for (let from = 0; ; await nextTurn()) {
      const rows = this.#rows('WHERE revision >= ? ORDER BY revision LIMIT ?', from, PAGE);
      yield* rows.map(recordOf);
      const last = rows.at(-1);
      if (last === undefined) return;
      from = last.revision + 1;
    }
  }

  async append(after: number | null, data: JsonObject): Promise<boolean> {
    const text = canonicalJson(data, 'seal');
    return this.#do('could not be written', () => {
      const insert = this.database.prepare(
        `INSERT INTO seal SELECT ?, ? WHERE (SELECT max(revision) FROM seal) IS ?`,
      );
      return insert.run((after ?? -1) + 1, text, after).changes === 1;
    });
  }

  async close(): Promise<void> {
    if (!this.#closed) this.database.close();
    this.#closed = true;
  }

  #rows(where: string, ...parameters: number[]): Row[] {
    return this.#do('could not be read', () =>
      // A log that only earlier releases wrote to has no such table.
      this.database.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'seal'`).get() === undefined
        ? []
        : (this.database.prepare(`SELECT revision, data FROM seal ${where}`).all(...parameters) as Row[]),
    );
  }

  #do<T>(what: string, act: () => T): T {
    if (this.#closed) throw new EventStoreError('CLOSED', 'the seals are closed');
    try {
      return act();
    } catch (error) {
      throw asEventStoreError(error, `the seals ${what}`);
    }
  }
}

function recordOf({ revision, data }: Row): SealRecord {
  try {
    return { revision, data: JSON.parse(data) as JsonObject };
  } catch (cause) {
    throw new EventStoreError('CORRUPT', `seal ${revision} is no JSON`, { cause });
  }
}
