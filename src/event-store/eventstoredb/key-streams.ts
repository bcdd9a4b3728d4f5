import type { Naming } from './naming';

/** Streams of the key book: buckets of segments, each written anew as a whole. */

/** Number of buckets; it can never change, since a segment's bucket follows from it. */
export const KEY_BUCKETS = 256;

/** An earlier state of a bucket is worth nothing, and may hold keys that were erased: a scavenge removes it. */
export const KEY_METADATA = { $maxCount: 1 } as const;

/** Metadata with rights: the service may neither delete a bucket nor hide it; readers of the log are kept out. */
export const keyMetadata = (service: string) => ({
  ...KEY_METADATA,
  $acl: {
    $r: ['$admins', service],
    $w: ['$admins', service],
    $d: ['$admins'],
    $mr: ['$admins', service],
    $mw: ['$admins'],
  },
});

export const keyStreams = (naming: Naming): string[] =>
  Array.from({ length: KEY_BUCKETS }, (_, bucket) => naming.keyStream(bucket));
