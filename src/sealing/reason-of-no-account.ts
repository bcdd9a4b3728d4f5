import type { RecordedReason, SealedText } from '../domain/sealed-text';
import type { EventStore } from '../event-store/port/event-store';
import { catalogueStream, repairStream } from '../event-store/port/streams';
import { NO_ACCOUNT, type KeyBook } from '../keys/port/key-book';
import { KeyedSealing } from './keyed-sealing';
import { keysIn } from './keys-in';

type Streams = Pick<EventStore, 'readStream'>;

/**
 * Encrypts the reason of a publication or of a repair, which are of no account. Their key is made, and durable, before a
 * log names it for the first time; one that a log names and that is lost is never replaced, so that it can come back.
 * @throws KeyBookError `ACCOUNT_KEYS_MISSING` where the book lacks the key that the log names; EventStoreError
 */
export async function reasonOfNoAccount(
  store: Streams,
  book: KeyBook,
  reason: string,
): Promise<RecordedReason> {
  const sealing = new KeyedSealing(book);
  const keys = await ((await isKeyNamed(store))
    ? sealing.account(NO_ACCOUNT)
    : sealing.openAccount(NO_ACCOUNT));
  return (commandId) => keys.sealReason(reason, commandId, null) as SealedText;
}

async function isKeyNamed(store: Streams): Promise<boolean> {
  for (const stream of [repairStream, catalogueStream])
    for await (const event of store.readStream(stream)) if (keysIn(event).length > 0) return true;
  return false;
}
