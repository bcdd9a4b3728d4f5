import type { EventStore } from '../event-store/port/event-store';
import type { KeyBook } from '../keys/port/key-book';
import { erasingKeys, type EraseKeys } from '../sealing/erase-keys';
import { KeyedSealing } from '../sealing/keyed-sealing';
import { Opener, opening, type OnUnreadable } from '../sealing/opening-store';
import { plainSealing, type Sealing } from '../sealing/sealing';

/** Sealing as the format of a log wants it: with its key book (format 2), or in clear (format 1, no book). */

export interface SealingTools {
  readonly sealing: Sealing;
  /** Left out where nothing can be erased. */
  readonly eraseKeys?: EraseKeys;
}

/** Tools of commands on a log. */
export const sealingTools = (store: EventStore, book: KeyBook | null): SealingTools =>
  book === null
    ? { sealing: plainSealing }
    : { sealing: new KeyedSealing(book), eraseKeys: erasingKeys(store, book) };

/** The log as a projector reads it: in clear, and with erasures completed that another process left half done. */
export function projectedLog(
  store: EventStore,
  book: KeyBook | null,
  onUnreadable: OnUnreadable,
): EventStore {
  if (book === null) return store;
  return opening(store, new Opener(book, { onUnreadable, onErased: erasingKeys(store, book) }));
}
