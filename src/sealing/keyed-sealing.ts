import type { SealedText } from '../domain/sealed-text';
import type { JsonObject, JsonValue, NewEvent } from '../event-store/port/event-store';
import { keyedHash } from '../keys/keyed-hash';
import type { AccountKeys, DataKey, KeyBook } from '../keys/port/key-book';
import {
  openField,
  placeOfField,
  placeOfReason,
  sealField,
  type FieldPlace,
  type ivOfCopy,
} from '../keys/sealed-field';
import { changedAt, personalFields, pointerOf } from './personal-fields';
import type { AccountSealing, Sealing, TextPlace } from './sealing';

/** Makes the IV of a text that is encrypted at a place, where it is not to be a fresh one. */
export type IvOf = typeof ivOfCopy;

/** Sealing with the keys of a key book, for logs of format 2. `ivOf` left out: a fresh IV each time. */
export class KeyedSealing implements Sealing {
  constructor(
    private readonly book: KeyBook,
    private readonly ivOf?: IvOf,
  ) {}

  async openAccount(account: string): Promise<AccountSealing> {
    return this.#with(account, await this.book.openAccount(account));
  }

  async account(account: string): Promise<AccountSealing> {
    return this.#with(account, await this.book.accountKeys(account));
  }

  #with(account: string, keys: AccountKeys): AccountSealing {
    return new OfAccount(this.book, account, keys, this.ivOf);
  }
}

class OfAccount implements AccountSealing {
  constructor(
    private readonly book: KeyBook,
    private readonly account: string,
    private readonly keys: AccountKeys,
    private readonly ivOf: IvOf | undefined,
  ) {}

  #seal(text: string, key: DataKey, place: FieldPlace): JsonObject {
    return { ...sealField(text, key, place, this.ivOf?.(this.keys.secret, place, text)) };
  }

  uuid(former: string): string {
    return keyedUuid(this.keys, former);
  }

  digest(former: string): string {
    return keyedHash(this.keys.secret, former).toString('hex');
  }

  claim(former: string): string {
    return keyedHash(this.keys.secret, former).toString('base64url');
  }

  newKey(): Promise<DataKey> {
    return this.book.newKey(this.account);
  }

  async findKey(id: string): Promise<DataKey | null> {
    const found = await this.book.find(this.account, id);
    return found.state === 'found' ? found.key : null;
  }

  sealData(
    { id, type, data }: Pick<NewEvent, 'id' | 'type' | 'data'>,
    user: string,
    key: DataKey | null,
  ): JsonObject {
    const fields = personalFields(type);
    if (fields.length === 0) return data;
    if (key === null) throw new Error(`a ${type} has personal data and no key`);
    return changedAt(data, fields, (value, path) => {
      if (typeof value !== 'string') return value;
      const place = placeOfField({ account: this.account, user, event: id, pointer: pointerOf(path) });
      return this.#seal(value, key, place);
    });
  }

  sealReason(reason: string, commandId: string, key: DataKey | null): JsonValue {
    return this.#seal(reason, key ?? this.keys.reasons, placeOfReason(this.account, commandId));
  }

  async open(text: SealedText, { user, event, pointer }: TextPlace): Promise<string | null> {
    const found = await this.book.find(this.account, text.k);
    const opened = openField(text, found, placeOfField({ account: this.account, user, event, pointer }));
    return opened.state === 'text' ? opened.text : null;
  }
}

/** A UUID of version 8 (RFC 9562) made of the keyed hash of a former one. */
export function keyedUuid({ secret }: Pick<AccountKeys, 'secret'>, former: string): string {
  const bytes = keyedHash(secret, former).subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
