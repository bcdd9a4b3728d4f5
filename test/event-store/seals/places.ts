import { openEmbeddedSeals, openEmbeddedStore } from '../../../src/event-store/embedded';
import { openEventStoreDbSeals, type EventStoreDbOptions } from '../../../src/event-store/eventstoredb';
import type { SealStore } from '../../../src/event-store/port/seal-store';
import { newDirectory, removeDirectory } from '../../directories';
import type { SealPlace } from '../contract/seals';
import { MemorySeals } from './memory-seals';

function placeOf(open: () => SealStore, end: () => void | Promise<void> = () => undefined): SealPlace {
  const opened: SealStore[] = [];
  return {
    open: async () => {
      const store = open();
      opened.push(store);
      return store;
    },
    close: async () => {
      await Promise.all(opened.map((store) => store.close()));
      await end();
    },
  };
}

export function memoryPlace(): SealPlace {
  const records: string[] = [];
  return placeOf(() => new MemorySeals(records));
}

/** A data folder with an open log. */
export async function embeddedPlace(): Promise<SealPlace> {
  const directory = newDirectory();
  const log = await openEmbeddedStore({ directory });
  return placeOf(
    () => openEmbeddedSeals({ directory }),
    async () => {
      await log.close();
      removeDirectory(directory);
    },
  );
}

export const serverPlace = (options: EventStoreDbOptions, end?: () => Promise<void>): SealPlace =>
  placeOf(() => openEventStoreDbSeals(options), end);
