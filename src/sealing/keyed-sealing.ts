import type { SealedText } from '../domain/sealed-text';
import type { JsonObject, JsonValue, NewEvent } from '../event-store/port/event-store';
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
    return this.keys.secret.of(former, 'hex');
  }

  claim(former: string): string {
    return this.keys.secret.of(former, 'base64url');
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
  const hex = secret.of(former, 'hex');
  const variant = ((parseInt(hex.charAt(16), 16) & 0b0011) | 0b1000).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
