import type { JsonObject, JsonValue, NewEvent } from '../event-store/port/event-store';
import type { SealedText } from '../domain/sealed-text';
import type { DataKey } from '../keys/port/key-book';

/**
 * The interface of the room: what commands write is encrypted where it is personal, and what anyone can compute from
 * personal data is hashed with a secret of the account, so that nobody without the key book can test a guess.
 *
 * All methods that return promises throw KeyBookError.
 */
export interface Sealing {
  /** Makes the keys of an account that is about to be opened. */
  openAccount(account: string): Promise<AccountSealing>;
  /** Sealing of an account that was opened. */
  account(account: string): Promise<AccountSealing>;
}

/** Sealing of what is written in one account. */
export interface AccountSealing {
  /** UUID that stands for a former one, from which it cannot be computed without the secret. */
  uuid(former: string): string;
  /** The same for a digest in hex. */
  digest(former: string): string;
  /** The same for the id of a claim. */
  claim(former: string): string;
  /** Gives out a key for a new user. */
  newKey(): Promise<DataKey | null>;
  /** Looks up the key of a user; null where it was erased or lost. */
  findKey(id: string): Promise<DataKey | null>;
  /** Encrypts the personal texts in the data of an event on a user's stream. */
  sealData(event: Pick<NewEvent, 'id' | 'type' | 'data'>, user: string, key: DataKey | null): JsonObject;
  /** Encrypts a reason: with the user's key on a user's stream, else with the account's own (null). */
  sealReason(reason: string, commandId: string, key: DataKey | null): JsonValue;
  /** Decrypts a text of a user; null where it cannot be. */
  open(text: SealedText, place: TextPlace): Promise<string | null>;
}

/** Place of an encrypted text of a user. */
export interface TextPlace {
  readonly user: string;
  /** Id of the event. */
  readonly event: string;
  /** JSON pointer in the event. */
  readonly pointer: string;
}
