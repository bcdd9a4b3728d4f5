import { CommandError } from '../commands/command';
import type { RecordedReason } from '../domain/sealed-text';
import { EventStoreError, type EventStore, type LogOrigin } from '../event-store/port/event-store';
import { KeyBookError, type KeyBook } from '../keys/port/key-book';
import { ivOfCopy } from '../keys/sealed-field';
import { EncryptedForm } from '../sealing/encrypted-form';
import { erasingKeys, type EraseKeys } from '../sealing/erase-keys';
import { KeyedSealing } from '../sealing/keyed-sealing';
import { NewUserIds } from '../sealing/new-user-ids';
import { Opener, opening, type OnUnreadable } from '../sealing/opening-store';
import { reasonOfNoAccount } from '../sealing/reason-of-no-account';
import { openKeyBook, openKeyBookIfReadable, type KeyBookSettings } from './open-key-book';
import type { Sealing } from '../sealing/sealing';

/** Sealing as the format of a log wants it: with its key book (format 2), or none (format 1, which is only read). */

export interface SealingTools {
  readonly sealing: Sealing;
  readonly eraseKeys: EraseKeys;
  readonly isCopy: boolean;
}

/** Words for clients and operators. */
export const FORMAT_1 =
  'The log holds names in clear (format 1): it is read, and takes no changes. An operator copies it into one that encrypts them: rolebook log copy --encrypt --to ...';

const refuse = (): Promise<never> => Promise.reject(new CommandError('LOG_FORMAT_1', FORMAT_1));
const READ_ONLY: SealingTools = {
  sealing: { openAccount: refuse, account: refuse },
  eraseKeys: refuse,
  isCopy: false,
};

/** Tools of commands on a log; without a key book all are refused (`LOG_FORMAT_1`). @throws EventStoreError */
export const sealingTools = async (store: EventStore, book: KeyBook | null): Promise<SealingTools> =>
  book === null
    ? READ_ONLY
    : {
        sealing: new KeyedSealing(book),
        eraseKeys: erasingKeys(store, book),
        isCopy: (await store.origin()) !== null,
      };

/**
 * A log to be read in clear by a command, as far as its user may: without the key book what is encrypted is given out as it
 * is, and `isReadable` is false. Closes the key book when the work is done.
 * @throws KeyBookError
 */
export async function withOpenedLog<T>(
  store: EventStore,
  settings: KeyBookSettings,
  work: (store: EventStore, isReadable: boolean) => Promise<T>,
): Promise<T> {
  const isEncrypted = (await store.format()) === 2;
  const book = isEncrypted ? await openKeyBookIfReadable(settings) : null;
  try {
    return await work(
      book === null ? store : opening(store, new Opener(book)),
      book !== null || !isEncrypted,
    );
  } finally {
    await book?.close();
  }
}

/**
 * Form in which a log has the reason of an operator's act that is of no account: encrypted with its key book (format 2), or
 * in clear (format 1, to which events are added by repairs alone).
 * @throws ConfigError, KeyBookError, EventStoreError
 */
export async function operatorsReason(
  store: EventStore,
  settings: KeyBookSettings,
  reason: string,
): Promise<RecordedReason> {
  if ((await store.format()) === 1) return () => reason;
  const book = await openKeyBook(settings, { readOnly: false });
  try {
    return await reasonOfNoAccount(store, book, reason);
  } finally {
    await book.close();
  }
}

/** A log as readers get it who need no names: without a key book. */
export const withoutNames = (store: EventStore): EventStore => opening(store, new Opener(null));

/** Decrypts single events of a log; without a key book, of format 1, they are in clear already. */
export function openedBy(book: KeyBook | null): Opener['open'] {
  if (book === null) return (event) => event;
  const opener = new Opener(book);
  return (event) => opener.open(event);
}

/** Observers of what a projector reads. */
export interface ProjectedLogWatch {
  readonly onUnreadable: OnUnreadable;
  /** Told of the keys of a user whose erasure was met, once they are destroyed. */
  readonly onKeysErased?: (keyIds: readonly string[]) => void;
}

/** The log as a projector reads it: in clear, and with erasures completed that another process left half done. */
export function projectedLog(
  store: EventStore,
  book: KeyBook | null,
  { onUnreadable, onKeysErased }: ProjectedLogWatch,
): EventStore {
  if (book === null) return store;
  const eraseKeys = erasingKeys(store, book, onKeysErased);
  const onErased: EraseKeys = (account, user) => eraseKeys(account, user).catch(unlessDamaged);
  const opener = new Opener(book, { onUnreadable, onErased });
  return opening(store, {
    open(event) {
      const opened = opener.open(event);
      return opened instanceof Promise ? opened.catch(asOutage) : opened;
    },
  });
}

/**
 * Reports a key book that cannot be asked as a log that cannot be read just now, which a projector waits for. Any other
 * failure it takes for the event's own fault, and stops for good.
 */
function asOutage(error: unknown): never {
  if (!(error instanceof KeyBookError)) throw error;
  throw new EventStoreError('UNAVAILABLE', `${error.code}: ${error.message}`, { cause: error });
}

/**
 * Ignores a damaged segment, in which nothing can be destroyed: nobody reads it either, `status` tells of it, and a
 * projector that stopped there would take all answers along. Where the segment comes back, a rebuild destroys the key.
 */
function unlessDamaged(error: unknown): void {
  if (!(error instanceof KeyBookError) || error.code !== 'KEY_BOOK_CORRUPT') throw error;
}

/** Users of a log in clear whose ids were made from their usernames, and their ids in its encrypted copy. */
export const newUserIdsOf = NewUserIds.of;

/** Form of the encrypted copy of a log in clear, under the keys of the target's book. */
export const encryptedForm = (
  {
    source,
    target,
    origin,
    userIds = null,
  }: {
    readonly source: EventStore;
    readonly target: EventStore;
    readonly origin: LogOrigin;
    readonly userIds?: NewUserIds | null;
  },
  book: KeyBook,
): EncryptedForm => new EncryptedForm({ source, target }, new KeyedSealing(book, ivOfCopy), origin, userIds);
