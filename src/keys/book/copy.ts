import type { MasterKeySource } from '../master-keys';
import { KeyBookError, type OnProgress } from '../port/key-book';
import type { SegmentStore, StoredSegment } from '../port/segment-store';
import { checkOf } from '../sealed-segment';
import type { Segment } from '../segment';
import { Sealer } from './sealer';

/** Store of a book with the master keys that open it. */
export interface BookPart {
  readonly store: SegmentStore;
  readonly masterKeys: MasterKeySource;
}

export interface CopiedKeys {
  /** Segments that the target lacked. */
  readonly copied: number;
  /** Segments of the target in which keys were erased, since they are in the source. */
  readonly erased: number;
  /** Segments that are in both and agreed. */
  readonly same: number;
  /** Ids of segments of the source that cannot be opened, and were left out. */
  readonly damaged: readonly string[];
}

/**
 * Copies all keys of a book into another one, under the other's first master key. A key that is erased in either is
 * erased in the target, so that no copy of an older book brings anybody back. May be stopped and begun again.
 * @throws KeyBookError `KEY_BOOK_MISMATCH`, `MASTER_KEY_UNKNOWN`, `KEY_BOOK_FULL`, `UNAVAILABLE`; `KEY_BOOK_CORRUPT` for
 *   a segment that is damaged in the target
 */
export async function copyKeyBook(
  source: BookPart,
  target: BookPart,
  onProgress: OnProgress = () => undefined,
): Promise<CopiedKeys> {
  const from = new Sealer(source.masterKeys);
  const copy = new Copy(target.store, new Sealer(target.masterKeys));
  const damaged: string[] = [];
  const counts = { copied: 0, erased: 0, same: 0 };
  for await (const page of source.store.pages()) {
    for (const stored of page) {
      const segment = from.openSound(stored);
      if (segment) counts[await copy.bring(segment)] += 1;
      else damaged.push(stored.id);
    }
    onProgress(counts.copied + counts.erased + counts.same + damaged.length, null);
  }
  await target.store.purge();
  return { ...counts, damaged };
}

class Copy {
  constructor(
    private readonly target: SegmentStore,
    private readonly sealer: Sealer,
  ) {}

  /** Brings one segment over, whatever others write meanwhile. */
  async bring(segment: Segment): Promise<'copied' | 'erased' | 'same'> {
    const { id, account } = segment;
    for (;;) {
      const present = await this.target.read(id);
      if (present) {
        const outcome = await this.#merge(present, segment);
        if (outcome) return outcome;
      } else {
        const blob = this.sealer.seal(segment);
        if (await this.target.create({ id, account, blob })) return 'copied';
      }
    }
  }

  /** Null where another process was quicker. */
  async #merge(present: StoredSegment, segment: Segment): Promise<'erased' | 'same' | null> {
    const { id, revision } = present;
    const there = this.sealer.open(present);
    if (!there.agreesWith(segment)) {
      const message = `The two key books hold different keys in segment ${id}: one is no copy of the other.`;
      throw new KeyBookError('KEY_BOOK_MISMATCH', message);
    }
    // The time is that of the first erasure: the promise to rotate counts from it.
    const sealedBy = checkOf(present);
    const merged = there.without(segment.erased().map((erased) => ({ ...erased, sealedBy })));
    if (merged.changed === 0) return 'same';
    const blob = this.sealer.seal(merged.segment);
    const conflicts = await this.target.replace([{ id, expected: revision, blob }]);
    return conflicts.length === 0 ? 'erased' : null;
  }
}
