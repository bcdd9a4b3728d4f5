import type { HashSecret } from '../keyed-hash';
import type { SecretBytes } from '../secret-bytes';

/**
 * The book of data keys: whoever may read it can read what was encrypted, and what is erased from it nobody reads again.
 *
 * Keys come in segments of one account, each sealed as a whole by a master key. A segment is durable before the first of
 * its keys is given out, so that an event never names a key that could be lost; a process gives out keys of segments
 * alone that it made itself, so that no two users ever share one.
 */

/** A key of the book; neither logs nor JSON show the key itself. */
export interface DataKey {
  /** `<segment>.<slot>`, as fields name it. */
  readonly id: string;
  /** 256 bits, for AES-256-GCM. */
  readonly key: SecretBytes;
}

/** Keys that an account has from its opening on; no erasure touches them. */
export interface AccountKeys {
  /** Secret of keyed hashes. It never changes, since names of streams rest on it. */
  readonly secret: HashSecret;
  /** Key of reasons that are no user's own. */
  readonly reasons: DataKey;
}

/** Pseudo-account of what belongs to no account: the catalogue and operators. */
export const NO_ACCOUNT = '-';

export type FoundKey =
  | { readonly state: 'found'; readonly key: DataKey }
  /** The key was destroyed, and what it encrypted is gone for good. */
  | { readonly state: 'erased' }
  /** The book of now has no such segment: a loss, or a key of another book. Never an erasure. */
  | { readonly state: 'missing' }
  /** The segment is there and cannot be opened, though its master key is known: a loss too. */
  | { readonly state: 'damaged' };

export interface Erasure {
  /** Keys that this call destroyed. */
  readonly erased: number;
  /** Keys that were destroyed before. */
  readonly before: number;
  /** Ids that the book does not have. */
  readonly missing: readonly string[];
}

export interface Rotation {
  /** Segments that were sealed anew. */
  readonly sealed: number;
  /** Ids of segments that cannot be opened, and were left as they are. */
  readonly damaged: readonly string[];
}

export interface BookStatus {
  readonly segments: number;
  /** Slots with a key, given out or not. */
  readonly keys: number;
  readonly erased: number;
  /**
   * Erased keys whose segment is still sealed by the master key that had sealed them: earlier blobs, which chunks, backups
   * and blocks of a disk may hold, can be opened by it. Zero once a rotation is complete.
   */
  readonly awaitingRotation: number;
  /** Time of the first of these erasures; null where there is none. */
  readonly awaitingSince: Date | null;
  /** Segments by the id of the master key that sealed them. */
  readonly byMasterKey: ReadonlyMap<string, number>;
  /** Segments that another master key than the first one sealed: zero once a rotation is complete. */
  readonly toRotate: number;
  /** Ids of segments that cannot be opened. */
  readonly damaged: readonly string[];
}

/** Told how many segments of how many are done; the total is null where it is not known. */
export type OnProgress = (done: number, total: number | null) => void;

/** All methods throw KeyBookError. */
export interface KeyBook {
  /**
   * Makes the keys of an account unless it has them. Of several processes at once one makes them, and all get the same.
   * Called before the account's first event is written, and never to replace keys that are missing.
   */
  openAccount(account: string): Promise<AccountKeys>;

  /** @throws KeyBookError `ACCOUNT_KEYS_MISSING` for an account that was not opened, or whose first segment is lost */
  accountKeys(account: string): Promise<AccountKeys>;

  /**
   * Gives out a key that nobody else has or gets. It is durable.
   * @throws KeyBookError `ACCOUNT_KEYS_MISSING`, `KEY_BOOK_FULL`, `UNAVAILABLE`
   */
  newKey(account: string): Promise<DataKey>;

  /**
   * Looks a key of the account up: at once where its segment lies open, since a rebuild looks up one for each user. What
   * another process erased since may still be found, until `forget` is told of it.
   * @throws KeyBookError `MASTER_KEY_UNKNOWN`, `UNAVAILABLE`: neither says anything about the key
   */
  find(account: string, keyId: string): FoundKey | Promise<FoundKey>;

  /** Drops cached keys, so that the next look-up asks the store: for keys that another process may have erased. */
  forget(keyIds: Iterable<string>): void;

  /**
   * Destroys keys of an account; a repeat completes what an earlier call left. Resolves when no file of an embedded book
   * holds the former segment, and no reader of EventStoreDB's bucket is given it. Only keys that an event names may be
   * erased: one that is yet to be given out would be given out destroyed.
   * @throws KeyBookError `KEY_PROTECTED` for a key of `openAccount`, before anything is erased; `KEY_BOOK_CORRUPT` for
   *   a segment that cannot be opened, after the keys in all others were destroyed
   */
  erase(account: string, keyIds: readonly string[]): Promise<Erasure>;

  /**
   * Seals all segments under the first master key. May be stopped anywhere and begun again. What other processes seal
   * meanwhile under another key is for the next call: a rotation is complete when `status` says that none is left.
   */
  rotate(onProgress?: OnProgress): Promise<Rotation>;

  /** Reads the whole book. */
  status(): Promise<BookStatus>;

  close(): Promise<void>;
}

/**
 * `MASTER_KEY_UNKNOWN`: a segment was sealed by a master key that is not in the file, or is another one there.
 * `MASTER_KEY_FILE`: the file of master keys is malformed or cannot be read.
 * `KEY_BOOK_CORRUPT`: a segment cannot be opened, or the store holds what is none.
 * `KEY_BOOK_MISMATCH`: two books hold different keys under one id, or a book is not that of a log; nothing was changed from
 * there on.
 * `KEY_BOOK_FULL`: the store takes no more segments.
 * `UNAVAILABLE`: the store cannot be reached; what was asked for may have been done, and may be asked for again.
 */
export type KeyBookErrorCode =
  | 'MASTER_KEY_UNKNOWN'
  | 'MASTER_KEY_FILE'
  | 'KEY_BOOK_CORRUPT'
  | 'KEY_BOOK_MISMATCH'
  | 'KEY_BOOK_FULL'
  | 'KEY_PROTECTED'
  | 'ACCOUNT_KEYS_MISSING'
  | 'UNAVAILABLE'
  | 'DENIED'
  | 'CLOSED';

/** Every failure of the key book. No message holds a key. */
export class KeyBookError extends Error {
  override readonly name = 'KeyBookError';

  constructor(
    readonly code: KeyBookErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
