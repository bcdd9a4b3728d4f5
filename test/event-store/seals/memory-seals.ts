import { EventStoreError, type JsonObject } from '../../../src/event-store/port/event-store';
import { canonicalJson } from '../../../src/event-store/port/json';
import type { SealRecord, SealStore } from '../../../src/event-store/port/seal-store';

/** Seals in memory, shared by all stores that are opened on one list. */
export class MemorySeals implements SealStore {
  #closed = false;

  constructor(private readonly records: string[] = []) {}

  async last(): Promise<SealRecord | null> {
    this.#checkOpen();
    return this.#at(this.records.length - 1);
  }

  async *read(): AsyncGenerator<SealRecord, void, undefined> {
    this.#checkOpen();
    for (let revision = 0; revision < this.records.length; revision += 1) yield this.#at(revision)!;
  }

  async append(after: number | null, data: JsonObject): Promise<boolean> {
    this.#checkOpen();
    if ((after ?? -1) !== this.records.length - 1) return false;
    this.records.push(canonicalJson(data));
    return true;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #at(revision: number): SealRecord | null {
    const text = this.records[revision];
    return text === undefined ? null : { revision, data: JSON.parse(text) as JsonObject };
  }

  #checkOpen(): void {
    if (this.#closed) throw new EventStoreError('CLOSED', 'the seals are closed');
  }
}
