import type { EventStore } from '../event-store/port/event-store';
import { userStream } from '../event-store/port/streams';
import { keyOfReasons } from '../keys/key-id';
import type { KeyBook } from '../keys/port/key-book';
import { keysIn } from './keys-in';

/** Destroys the keys of an erased user. */
export type EraseKeys = (account: string, user: string) => Promise<void>;

/**
 * Finds every key that the user's stream names and destroys it; keys of the account itself stay. They are read back from
 * the log, for a process that died half-way may have written more than any state knows. May be repeated. `told` hears the ids
 * of the keys, whatever came of it: other books of this process may hold them open.
 * @throws EventStoreError, KeyBookError
 */
export const erasingKeys =
  (
    store: Pick<EventStore, 'readStream'>,
    book: KeyBook,
    told: (keyIds: readonly string[]) => void = () => undefined,
  ): EraseKeys =>
  async (account, user) => {
    const found = new Set<string>();
    for await (const event of store.readStream(userStream(account, user)))
      for (const key of keysIn(event)) found.add(key);
    found.delete(keyOfReasons(account));
    try {
      if (found.size > 0) await book.erase(account, [...found]);
    } finally {
      told([...found]);
    }
  };
