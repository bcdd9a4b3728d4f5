import type { JsonObject } from './event-store';

/**
 * Records of the seals of a log, beside its events: no reader, copy or digest of the log has them, or an idle log would
 * seal its own seals. The contract suite `test/event-store/contract/seals.ts` states what each implementation keeps.
 */
export interface SealStore {
  /** The last record, not even another process's missing; null where there is none. @throws EventStoreError */
  last(): Promise<SealRecord | null>;

  /** All records in their order. @throws EventStoreError */
  read(): AsyncIterable<SealRecord>;

  /**
   * Adds a record after the one of that revision (null: as the first). False, and nothing is added, where that is not the
   * last one. Durable once it resolves.
   * @throws EventStoreError `UNKNOWN_OUTCOME` where it may have been added
   */
  append(after: number | null, data: JsonObject): Promise<boolean>;

  close(): Promise<void>;
}

/** A record as it was added. */
export interface SealRecord {
  /** Number of the record, from 0, without a gap. */
  readonly revision: number;
  readonly data: JsonObject;
}
