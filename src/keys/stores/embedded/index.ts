/**
 * The key book's segments in `keys.sqlite` of the data folder. Erased keys leave the file before an erasure returns.
 * Never opened by other rooms but `app/`.
 */
import type { SegmentStore } from '../../port/segment-store';
import { asKeyFileError, openForReading, openForWriting } from './database';
import { EmbeddedSegments } from './segments';

export { hasKeyBook } from './database';

export interface EmbeddedSegmentsOptions {
  /** The data folder; made when missing, unless the book is opened only to read. */
  readonly directory: string;
  readonly readOnly?: boolean;
}

/**
 * Opens the segments of a data folder. A crash may have come between an erasure and its end, so that a writer empties
 * the WAL first.
 * @throws KeyBookError `UNAVAILABLE`, `DENIED`, `KEY_BOOK_CORRUPT`
 */
export async function openEmbeddedSegments({
  directory,
  readOnly = false,
}: EmbeddedSegmentsOptions): Promise<SegmentStore> {
  const database = readOnly ? openForReading(directory) : openForWriting(directory);
  let segments: EmbeddedSegments | null = null;
  try {
    segments = new EmbeddedSegments(database);
    if (!readOnly) await segments.purge();
    return segments;
  } catch (error) {
    await (segments ?? database).close();
    throw asKeyFileError(error, `cannot be opened in ${directory}`);
  }
}
