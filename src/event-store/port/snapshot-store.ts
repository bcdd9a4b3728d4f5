/**
 * The store of snapshots: states of long streams, kept beside the read models so that a command on a role of 100,000 users
 * does not read 100,000 events after a start. Local and discardable: a snapshot that is missing is folded from the log.
 */
export interface SnapshotStore {
  /** The newest snapshot of the stream in that format; null if there is none. */
  get(key: SnapshotKey): Snapshot | null;
  /** Replaces earlier snapshots of the stream, in any format, once all parts are written, one part per turn. */
  put(key: SnapshotKey, revision: number, parts: AsyncIterable<string>): Promise<void>;
  close(): void;
}

/** Identifies a snapshot: one in another format is never returned. */
export interface SnapshotKey {
  /** Name of the stream, and the list of its void events. */
  readonly stream: string;
  /** Format of the state. */
  readonly format: string;
}

/**
 * A stream as it was at a revision, in parts that are small enough to be read and written in one turn of the event
 * loop.
 */
export interface Snapshot {
  readonly revision: number;
  /** Parts in their order. Ends early if the snapshot was replaced meanwhile. */
  readonly parts: Iterable<string>;
  /** Number of parts. */
  readonly count: number;
}
