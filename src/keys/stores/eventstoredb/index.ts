/**
 * The key book's segments in EventStoreDB, in streams beside the log that no reader of the log is given. What was erased
 * is hidden at once and ends with a scavenge, or when the master key that sealed it is destroyed.
 * Never opened by other rooms but `app/`; loaded only where the settings name a server.
 */
import { DocumentStreams, KEY_BUCKETS, type EventStoreDbOptions } from '../../../event-store/eventstoredb';
import { firstSegmentOf } from '../../key-id';
import type { NewSegment, SegmentStore } from '../../port/segment-store';
import { BUCKET_BYTES, EventStoreDbSegments } from './segments';

export interface EventStoreDbSegmentsOptions extends EventStoreDbOptions {
  /** Number of buckets. Left out, as it is for every real book: those that `log setup` describes. */
  readonly buckets?: number;
  /** Largest bucket, in bytes of its event. Left out: what servers take by default. */
  readonly bucketBytes?: number;
}

/**
 * Opens the segments on the server of the log. Nothing is sent yet.
 * @throws EventStoreError for a malformed URL
 */
export async function openEventStoreDbSegments({
  buckets = KEY_BUCKETS,
  bucketBytes = BUCKET_BYTES,
  ...server
}: EventStoreDbSegmentsOptions): Promise<SegmentStore> {
  const isFirst = ({ id, account }: NewSegment): boolean => id === firstSegmentOf(account);
  return new EventStoreDbSegments(new DocumentStreams(server, 'keys'), { buckets, bucketBytes, isFirst });
}
