import type { MasterKeySource, MasterKeys } from '../master-keys';
import { KeyBookError } from '../port/key-book';
import type { StoredSegment } from '../port/segment-store';
import { isSealedBy, openSegment, sealSegment } from '../sealed-segment';
import type { Segment } from '../segment';

/**
 * Seals and opens segments by the master keys as they are now. A process may live through many rotations: it must not
 * seal by a key that is about to be destroyed, nor fail to open what another process sealed by a new one.
 */
export class Sealer {
  #masters: MasterKeys;

  /** @throws KeyBookError `MASTER_KEY_FILE` */
  constructor(private readonly source: MasterKeySource) {
    this.#masters = source();
  }

  /** Reads the master keys again. @throws KeyBookError `MASTER_KEY_FILE` */
  renew(): MasterKeys {
    this.#masters = this.source();
    return this.#masters;
  }

  /** Seals a segment under the first master key. */
  seal(segment: Segment): Buffer {
    return sealSegment(segment, this.renew().sealing);
  }

  /** Seals segments as `seal` does, and reads the master keys once. */
  sealAll(segments: readonly Segment[]): readonly Buffer[] {
    const { sealing } = this.renew();
    return segments.map((segment) => sealSegment(segment, sealing));
  }

  /** @throws KeyBookError `MASTER_KEY_UNKNOWN`, `KEY_BOOK_CORRUPT` */
  open(stored: StoredSegment): Segment {
    try {
      return openSegment(stored, this.#masters);
    } catch (error) {
      if (!hasCode(error, 'MASTER_KEY_UNKNOWN')) throw error;
      return openSegment(stored, this.renew());
    }
  }

  /** Opens a segment; null for one that is damaged. @throws KeyBookError `MASTER_KEY_UNKNOWN` */
  openSound(stored: StoredSegment): Segment | null {
    return unlessCorrupt(() => this.open(stored));
  }

  /** True if the first master key sealed it; null for one that is damaged. */
  isCurrent(stored: StoredSegment): boolean | null {
    return unlessCorrupt(() => isSealedBy(stored, this.#masters.sealing));
  }
}

function unlessCorrupt<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (hasCode(error, 'KEY_BOOK_CORRUPT')) return null;
    throw error;
  }
}

export const hasCode = (error: unknown, code: KeyBookError['code']): boolean =>
  error instanceof KeyBookError && error.code === code;
