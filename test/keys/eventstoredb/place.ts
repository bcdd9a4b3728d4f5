import {
  openEventStoreDbSegments,
  type EventStoreDbSegmentsOptions,
} from '../../../src/keys/stores/eventstoredb';
import type { SegmentStore } from '../../../src/keys/port/segment-store';
import type { Place } from '../contract/controls';

/** Streams of one installation on a server, fake or real; `close` ends what was started for it. */
export function newServerPlace(
  options: EventStoreDbSegmentsOptions,
  close: () => Promise<void> = async () => undefined,
): Place {
  const opened: SegmentStore[] = [];
  return {
    open: async () => {
      const store = await openEventStoreDbSegments(options);
      opened.push(store);
      return store;
    },
    close: async () => {
      await Promise.all(opened.map((store) => store.close()));
      await close();
    },
  };
}
