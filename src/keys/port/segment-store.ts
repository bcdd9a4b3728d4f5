/**
 * The port behind which segments are kept: SQLite, EventStoreDB and, in tests, memory. A store knows no keys: it keeps
 * sealed bytes under a name and counts how often they were replaced. The contract suite `test/keys/contract.ts` states
 * each promise as a test.
 */

/** A segment to be kept, sealed. */
export interface NewSegment {
  readonly id: string;
  readonly account: string;
  readonly blob: Buffer;
}

/** A segment as it is kept. */
export interface StoredSegment extends NewSegment {
  /** Number of times that it was replaced. */
  readonly revision: number;
}

/** Another blob for a segment that is kept. */
export interface Replacement {
  readonly id: string;
  /** Revision that the segment must have. */
  readonly expected: number;
  readonly blob: Buffer;
}

/** All methods throw KeyBookError: `UNAVAILABLE`, `DENIED`, `KEY_BOOK_CORRUPT`, `CLOSED`. */
export interface SegmentStore {
  /**
   * Keeps a segment, unless one of that id is there. True if it is this very one that is kept, durably.
   * @throws KeyBookError `KEY_BOOK_FULL` where the place of this id is full; one of another id may be taken. After
   *   `UNAVAILABLE` it may be kept or not.
   */
  create(segment: NewSegment): Promise<boolean>;

  /** The segment as it is now, whichever process wrote it; null where there is none. */
  read(id: string): Promise<StoredSegment | null>;

  /** All segments, in pages. Those that are made meanwhile may be left out. */
  pages(): AsyncIterable<readonly StoredSegment[]>;

  /**
   * Replaces blobs durably, each whole or not at all, those of one page in one write. Returns the ids of those that had
   * another revision, or were not there: they are as they were.
   */
  replace(replacements: readonly Replacement[]): Promise<readonly string[]>;

  /** Removes what replaced blobs left in files of this store. Where the store has none of its own, it does nothing. */
  purge(): Promise<void>;

  /** Frees everything. Later calls throw `CLOSED`. */
  close(): Promise<void>;
}
