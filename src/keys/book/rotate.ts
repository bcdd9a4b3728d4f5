import type { OnProgress, Rotation } from '../port/key-book';
import type { Replacement, SegmentStore, StoredSegment } from '../port/segment-store';
import type { Segment } from '../segment';
import type { Sealer } from './sealer';

/** Walks over the book at most: while others write, each leaves less for the next one. */
const PASSES = 10;

/** Seals all segments under the first master key, page by page, until a walk finds none that another one sealed. */
export async function rotateSegments(
  store: SegmentStore,
  sealer: Sealer,
  total: number | null,
  onProgress: OnProgress,
): Promise<Rotation> {
  sealer.renew();
  let sealed = 0;
  let damaged: string[] = [];
  for (let pass = 1, left = true; left && pass <= PASSES; pass += 1) {
    let done = 0;
    damaged = [];
    left = false;
    for await (const page of store.pages()) {
      const { replacements, unreadable } = anew(page, sealer);
      damaged.push(...unreadable);
      if (replacements.length > 0) {
        const conflicts = await store.replace(replacements);
        sealed += replacements.length - conflicts.length;
        left = true;
      }
      done += page.length;
      if (pass === 1) onProgress(done, total === null ? null : Math.max(total, done));
    }
  }
  await store.purge();
  return { sealed, damaged };
}

function anew(
  page: readonly StoredSegment[],
  sealer: Sealer,
): { readonly replacements: readonly Replacement[]; readonly unreadable: readonly string[] } {
  const old: { readonly stored: StoredSegment; readonly segment: Segment }[] = [];
  const unreadable: string[] = [];
  for (const stored of page) {
    if (sealer.isCurrent(stored)) continue;
    const segment = sealer.openSound(stored);
    if (segment) old.push({ stored, segment });
    else unreadable.push(stored.id);
  }
  const blobs = old.length === 0 ? [] : sealer.sealAll(old.map(({ segment }) => segment));
  const replacements = old.map(({ stored: { id, revision } }, index) => ({
    id,
    expected: revision,
    blob: blobs[index]!,
  }));
  return { replacements, unreadable };
}
