import type { CatalogueEvent } from '../../domain/catalogue/events';

/** Far below `MAX_APPEND_BYTES`: large appends keep other writers waiting, and gain nothing beyond this. */
export const BATCH_EVENTS = 500;
export const BATCH_BYTES = 256 * 1024;
/** Metadata, type and id of an event, generously. */
const ENVELOPE_BYTES = 1024;

/** The events in their order, cut into appends. An event that is larger than a batch stands alone. */
export function batchesOf(events: readonly CatalogueEvent[]): CatalogueEvent[][] {
  const batches: CatalogueEvent[][] = [];
  let bytes = Infinity;
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event.data)) + ENVELOPE_BYTES;
    const last = batches.at(-1);
    if (last && last.length < BATCH_EVENTS && bytes + size <= BATCH_BYTES) {
      last.push(event);
      bytes += size;
    } else {
      batches.push([event]);
      bytes = size;
    }
  }
  return batches;
}
