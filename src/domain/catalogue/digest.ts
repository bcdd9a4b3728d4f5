import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { StagedCatalogueEvent } from './events';
import type { CatalogueFile } from './file';

/** Digests that anyone can recompute from the file or from the log: SHA-256 over canonical JSON (RFC 8785), hex. */

/** Digest of a catalogue file: white space and the order of fields do not matter, the order of entries does. */
export const contentDigest = (file: CatalogueFile): string =>
  createHash('sha256')
    .update(canonicalize(file) ?? '')
    .digest('hex');

/** Digest of the staged events of a publication: each as `{"data":...,"type":...}` and a newline. */
export function stagedDigest(events: Iterable<StagedCatalogueEvent>): string {
  const hash = createHash('sha256');
  for (const { type, data } of events) hash.update(`${canonicalize({ type, data })}\n`);
  return hash.digest('hex');
}
