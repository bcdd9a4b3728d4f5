import { openEmbeddedSegments } from '../../../src/keys/stores/embedded';
import type { SegmentStore } from '../../../src/keys/port/segment-store';
import { newDirectory, removeDirectory } from '../../directories';
import type { Place } from '../contract/controls';

/** A data folder for one test. */
export async function newEmbeddedPlace(directory = newDirectory()): Promise<Place> {
  const opened: SegmentStore[] = [];
  return {
    open: async () => {
      const store = await openEmbeddedSegments({ directory });
      opened.push(store);
      return store;
    },
    close: async () => {
      await Promise.all(opened.map((store) => store.close()));
      removeDirectory(directory);
    },
  };
}
