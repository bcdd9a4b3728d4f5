import { hash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../../event-store/port/event-store';
import { KEY_BUCKETS, type Document } from '../../../event-store/eventstoredb';
import { KeyBookError } from '../../port/key-book';
import type { StoredSegment } from '../../port/segment-store';

/** Number of the bucket, of so many, that a segment is in. */
export const bucketOf = (segment: string, buckets = KEY_BUCKETS): number =>
  hash('sha256', segment, 'buffer').readUInt8(0) % buckets;

/** Type of the events that hold a bucket. */
export const BUCKET_TYPE = 'KeySegments';

/** The segments of a bucket, by id, and the revision of its stream: null where there is none yet. */
export interface Bucket {
  readonly segments: ReadonlyMap<string, StoredSegment>;
  readonly revision: number | null;
}

/** Bytes of a segment in the event beside its blob: id, account, revision, names and punctuation. */
const OVERHEAD = 200;

/** Size of an event with these segments, at most. */
export const sizeOf = (segments: Iterable<StoredSegment>): number => {
  let bytes = 0;
  for (const { blob } of segments) bytes += Math.ceil(blob.length / 3) * 4 + OVERHEAD;
  return bytes;
};

export const encodeBucket = (segments: Iterable<StoredSegment>): JsonObject => ({
  segments: [...segments].map(({ id, account, revision, blob }) => ({
    id,
    account,
    revision,
    blob: blob.toString('base64'),
  })),
});

/** @throws KeyBookError `KEY_BOOK_CORRUPT` */
export function decodeBucket(stream: string, document: Document | null): Bucket {
  if (document === null) return { segments: new Map(), revision: null };
  const { segments } = document.data;
  if (!Array.isArray(segments)) throw corrupt(stream);
  const stored = segments.map((value: JsonValue) => decodeSegment(stream, value));
  return { segments: new Map(stored.map((each) => [each.id, each])), revision: document.revision };
}

function decodeSegment(stream: string, value: JsonValue): StoredSegment {
  const { id, account, revision, blob } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isSegment =
    typeof id === 'string' &&
    typeof account === 'string' &&
    typeof blob === 'string' &&
    typeof revision === 'number';
  if (!isSegment) throw corrupt(stream);
  return { id, account, revision, blob: Buffer.from(blob, 'base64') };
}

const corrupt = (stream: string): KeyBookError =>
  new KeyBookError('KEY_BOOK_CORRUPT', `The stream ${stream} does not hold a bucket of the key book.`);
