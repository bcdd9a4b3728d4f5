import { KeyBookError } from '../../../src/keys/port/key-book';
import type {
  NewSegment,
  Replacement,
  SegmentStore,
  StoredSegment,
} from '../../../src/keys/port/segment-store';

/** Segments that several stores share, as processes share a file or a server. */
export type Shelf = Map<string, StoredSegment>;

const PAGE = 3;

/** Segments in memory. Blobs are copied on their way in and out, so that it neither shares nor forgives anything. */
export class MemorySegments implements SegmentStore {
  #closed = false;

  constructor(readonly shelf: Shelf = new Map()) {}

  async create({ id, account, blob }: NewSegment): Promise<boolean> {
    this.#checkOpen();
    const there = this.shelf.get(id);
    if (there) return there.blob.equals(blob);
    this.shelf.set(id, { id, account, revision: 0, blob: Buffer.from(blob) });
    return true;
  }

  async read(id: string): Promise<StoredSegment | null> {
    this.#checkOpen();
    const there = this.shelf.get(id);
    return there ? copyOf(there) : null;
  }

  async *pages(): AsyncGenerator<readonly StoredSegment[], void, undefined> {
    this.#checkOpen();
    const all = [...this.shelf.keys()];
    for (let from = 0; from < all.length; from += PAGE) {
      const page = await Promise.all(all.slice(from, from + PAGE).map((id) => this.read(id)));
      yield page.flatMap((segment) => segment ?? []);
    }
  }

  async replace(replacements: readonly Replacement[]): Promise<readonly string[]> {
    this.#checkOpen();
    return replacements.flatMap(({ id, expected, blob }) => {
      const there = this.shelf.get(id);
      if (there?.revision !== expected) return [id];
      this.shelf.set(id, { ...there, revision: expected + 1, blob: Buffer.from(blob) });
      return [];
    });
  }

  async purge(): Promise<void> {
    this.#checkOpen();
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #checkOpen(): void {
    if (this.#closed) throw new KeyBookError('CLOSED', 'The key book is closed.');
  }
}

const copyOf = (segment: StoredSegment): StoredSegment => ({ ...segment, blob: Buffer.from(segment.blob) });
