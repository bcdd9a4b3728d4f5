import { KeyBookError, type BookStatus } from '../port/key-book';
import type { SegmentStore, StoredSegment } from '../port/segment-store';
import { checkOf, masterKeyIdOf } from '../sealed-segment';
import type { ErasedSlot, Segment } from '../segment';
import { hasCode, type Sealer } from './sealer';

/**
 * Reads and opens the whole book. `opened` is told of each sound segment.
 * @throws KeyBookError `MASTER_KEY_UNKNOWN`, which names all the master keys that are not known
 */
export async function survey(
  store: SegmentStore,
  sealer: Sealer,
  opened: (segment: Segment) => void = () => undefined,
): Promise<BookStatus> {
  sealer.renew();
  const found = { segments: 0, keys: 0, erased: 0, toRotate: 0 };
  const waiting: ErasedSlot[] = [];
  const byMasterKey = new Map<string, number>();
  const damaged: string[] = [];
  const unknown = new Map<string, number>();
  for await (const page of store.pages()) {
    for (const stored of page) {
      found.segments += 1;
      const segment = openOrCount(stored, sealer, unknown);
      if (segment === 'unknown') continue;
      if (segment === null) {
        damaged.push(stored.id);
        continue;
      }
      opened(segment);
      const erased = segment.erased();
      found.erased += erased.length;
      found.keys += segment.size - erased.length;
      waiting.push(...erased.filter(({ sealedBy }) => checkOf(stored).equals(sealedBy)));
      if (!sealer.isCurrent(stored)) found.toRotate += 1;
      count(byMasterKey, masterKeyIdOf(stored));
    }
  }
  if (unknown.size > 0) throw unknownKeys(unknown);
  return { ...found, ...waitOf(waiting), byMasterKey, damaged };
}

const waitOf = (waiting: readonly ErasedSlot[]): Pick<BookStatus, 'awaitingRotation' | 'awaitingSince'> => ({
  awaitingRotation: waiting.length,
  awaitingSince:
    waiting.length === 0
      ? null
      : new Date(waiting.reduce((oldest, { at }) => Math.min(oldest, at), Infinity)),
});

function openOrCount(
  stored: StoredSegment,
  sealer: Sealer,
  unknown: Map<string, number>,
): Segment | 'unknown' | null {
  try {
    return sealer.openSound(stored);
  } catch (error) {
    if (!hasCode(error, 'MASTER_KEY_UNKNOWN')) throw error;
    count(unknown, masterKeyIdOf(stored));
    return 'unknown';
  }
}

const count = (counts: Map<string, number>, name: string): void =>
  void counts.set(name, (counts.get(name) ?? 0) + 1);

function unknownKeys(unknown: ReadonlyMap<string, number>): KeyBookError {
  const segments = [...unknown.values()].reduce((sum, each) => sum + each, 0);
  const names = [...unknown.keys()].sort().map((name) => JSON.stringify(name));
  return new KeyBookError(
    'MASTER_KEY_UNKNOWN',
    `${segments} ${segments === 1 ? 'segment of the key book is' : 'segments of the key book are'} sealed by master keys that the file lacks, or has with another key: ${names.join(', ')}. ` +
      'Put their lines back into the file, behind the first one; rolebook keys rotate makes them needless.',
  );
}
