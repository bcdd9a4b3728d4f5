import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedStore, type EmbeddedEventStore } from '../../../src/event-store/embedded';
import type { OpenedStore } from '../contract';

/** Data folders and stores for the tests of one file; whatever a test leaves is closed and deleted after it. */
export class EmbeddedControls {
  readonly #directories: string[] = [];
  readonly #stores: EmbeddedEventStore[] = [];

  newDirectory(): string {
    const directory = mkdtempSync(join(tmpdir(), 'rolebook-log-'));
    this.#directories.push(directory);
    return directory;
  }

  async open(directory = this.newDirectory(), readOnly = false): Promise<EmbeddedEventStore> {
    const store = await openEmbeddedStore({ directory, readOnly });
    this.#stores.push(store);
    return store;
  }

  /** Opens a store as the contract wants it. */
  async openForContract(): Promise<OpenedStore> {
    const directory = this.newDirectory();
    const store = await this.open(directory);
    const reopen = async (): Promise<EmbeddedEventStore> => {
      await store.close();
      return this.open(directory);
    };
    return { store, reopen, close: () => this.cleanUp() };
  }

  /** Runs something on the log's file behind the store's back. */
  tamper(directory: string, change: (database: DatabaseSyncInstance) => void): void {
    const database = new DatabaseSync(join(directory, 'log.sqlite'));
    try {
      change(database);
    } finally {
      database.close();
    }
  }

  async cleanUp(): Promise<void> {
    for (const store of this.#stores.splice(0)) await store.close();
    for (const directory of this.#directories.splice(0)) rmSync(directory, { recursive: true, force: true });
  }
}
