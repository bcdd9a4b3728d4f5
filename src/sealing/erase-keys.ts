import type { EventStore, JsonValue, RecordedEvent } from '../event-store/port/event-store';
import { userStream } from '../event-store/port/streams';
import { keyOfReasons } from '../keys/key-id';
import type { KeyBook } from '../keys/port/key-book';
import { isSealedField } from '../keys/sealed-field';
import { changedAt, personalFields } from './personal-fields';

/** Destroys the keys of an erased user. */
export type EraseKeys = (account: string, user: string) => Promise<void>;

/**
 * Finds every key that the user's stream names and destroys it; keys of the account itself stay. They are read back from
 * the log, for a process that died half-way may have written more than any state knows. May be repeated.
 * @throws EventStoreError, KeyBookError
 */
export const erasingKeys =
  (store: Pick<EventStore, 'readStream'>, book: KeyBook): EraseKeys =>
  async (account, user) => {
    const found = new Set<string>();
    for await (const event of store.readStream(userStream(account, user)))
      for (const key of keysIn(event)) found.add(key);
    found.delete(keyOfReasons(account));
    if (found.size > 0) await book.erase(account, [...found]);
  };

function keysIn({ type, data, metadata }: RecordedEvent): string[] {
  const keys: string[] = [];
  const note = (value: JsonValue | undefined): JsonValue => {
    if (isSealedField(value)) keys.push(value.k);
    return value ?? null;
  };
  changedAt(data, personalFields(type), note);
  note(metadata['reason']);
  return keys;
}
