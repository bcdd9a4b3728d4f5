import type { EventStore, JsonValue, RecordedEvent, SubscriptionItem } from '../event-store/port/event-store';
import type { UserEvent } from '../domain/user/events';
import { parseStream } from '../event-store/port/streams';
import { NO_ACCOUNT, type FoundKey, type KeyBook } from '../keys/port/key-book';
import {
  isSealedField,
  openField,
  placeOfField,
  placeOfReason,
  type FieldPlace,
  type SealedField,
} from '../keys/sealed-field';
import { EventInOtherForm } from '../repair/digest';
import { changedAt, personalFields, pointerOf, reasonFields } from './personal-fields';

/**
 * Told, once, of each event of which a text could not be decrypted although nobody erased it: its key is lost, or it was
 * altered.
 */
export type OnUnreadable = (event: Pick<RecordedEvent, 'id' | 'stream'>) => void;

/** Observers of a reader. */
export interface OpenerWatch {
  readonly onUnreadable?: OnUnreadable;
  /** Called for each `UserErased`, before the event is given out: no key of the user is to be found after it. */
  readonly onErased?: (account: string, user: string) => Promise<void>;
}

/**
 * Decrypts what readers of a log get. A text that was erased or cannot be decrypted is null: it is never a fault of the log,
 * since nothing is decided by a name.
 */
export class Opener {
  /** `book` null: nothing can be decrypted, and everything that is encrypted is null. */
  constructor(
    private readonly book: Pick<KeyBook, 'find'> | null,
    private readonly watch: OpenerWatch = {},
  ) {}

  /** The event itself where nothing of it is encrypted. @throws KeyBookError where the book cannot be asked */
  open(event: RecordedEvent): RecordedEvent | Promise<RecordedEvent> {
    const { type, metadata } = event;
    if (type === ERASED && this.watch.onErased) return this.#erased(event);
    if (!isSealedField(metadata['reason']) && personalFields(type).length + reasonFields(type).length === 0)
      return event;
    const sealed = sealedIn(event);
    return sealed.length === 0 ? event : this.#open(event, sealed);
  }

  /** Waits for nothing where all segments lie open: most events of a rebuild have sealed texts. */
  #open(event: RecordedEvent, sealed: readonly Sealed[]): RecordedEvent | Promise<RecordedEvent> {
    const keys = sealed.map(({ field, account }) => this.book?.find(account, field.k) ?? MISSING);
    const withKeys = (found: readonly FoundKey[]): RecordedEvent => this.#opened(event, sealed, found);
    return keys.every(isHere) ? withKeys(keys) : Promise.all(keys).then(withKeys);
  }

  async #erased(event: RecordedEvent): Promise<RecordedEvent> {
    const owner = parseStream(event.stream);
    if (owner?.account && owner.id) await this.watch.onErased?.(owner.account, owner.id);
    return this.#open(event, sealedIn(event));
  }

  #opened(event: RecordedEvent, sealed: readonly Sealed[], keys: readonly FoundKey[]): RecordedEvent {
    const opened = new Map<JsonValue, string | null>();
    let unreadable = false;
    sealed.forEach(({ field, place }, index) => {
      const result = openField(field, keys[index] ?? MISSING, place);
      unreadable ||= result.state === 'unreadable';
      opened.set(field as unknown as JsonValue, result.state === 'text' ? result.text : null);
    });
    if (unreadable && this.book !== null) this.watch.onUnreadable?.(event);
    const inClear = (value: JsonValue): JsonValue => {
      const text = opened.get(value);
      return text === undefined ? value : text;
    };
    const { reason } = event.metadata;
    const fields = [...personalFields(event.type), ...reasonFields(event.type)];
    const metadata = reason === undefined ? event.metadata : { ...event.metadata, reason: inClear(reason) };
    return new EventInOtherForm(event, changedAt(event.data, fields, inClear), metadata);
  }
}

const ERASED: UserEvent['type'] = 'UserErased';
const MISSING: FoundKey = { state: 'missing' };
const isHere = (key: FoundKey | Promise<FoundKey>): key is FoundKey => !(key instanceof Promise);

/** Encrypted text of an event, and what it takes to decrypt it. */
interface Sealed {
  readonly field: SealedField;
  readonly account: string;
  readonly place: FieldPlace;
}

function sealedIn(event: RecordedEvent): Sealed[] {
  const { id, type, stream, data, metadata } = event;
  const owner = parseStream(stream);
  const sealed: Sealed[] = [];
  const account = owner?.account ?? NO_ACCOUNT;
  const { reason, commandId } = metadata;
  const noteReason = (value: JsonValue): JsonValue => {
    if (isSealedField(value))
      sealed.push({ field: value, account, place: placeOfReason(account, String(commandId)) });
    return value;
  };
  if (reason !== undefined) noteReason(reason);
  changedAt(data, reasonFields(type), noteReason);
  changedAt(data, personalFields(type), (value, path) => {
    if (isSealedField(value)) {
      const place = placeOfField({ account, user: owner?.id ?? '', event: id, pointer: pointerOf(path) });
      sealed.push({ field: value, account, place });
    }
    return value;
  });
  return sealed;
}

type Opens = Pick<Opener, 'open'>;

/** A log whose readers get everything in clear. What is appended to it is not changed. */
export function opening(store: EventStore, opener: Opens): EventStore {
  return {
    append: (...args) => store.append(...args),
    appendInOrder: (appends) => store.appendInOrder(appends),
    identity: () => store.identity(),
    line: () => store.line(),
    takeLine: (line) => store.takeLine(line),
    format: () => store.format(),
    origin: () => store.origin(),
    takeFormat: (...args) => store.takeFormat(...args),
    readStream: (stream, options) => opened(store.readStream(stream, options), opener),
    readAll: (options) => opened(store.readAll(options), opener),
    head: async () => {
      const last = await store.head();
      return last === null ? null : opener.open(last);
    },
    subscribe: (options) => openedItems(store.subscribe(options), opener),
    ...(store.clockSkewMs ? { clockSkewMs: () => store.clockSkewMs?.() ?? null } : {}),
    close: () => store.close(),
  };
}

async function* opened(events: AsyncIterable<RecordedEvent>, opener: Opens): AsyncIterable<RecordedEvent> {
  for await (const event of events) yield opener.open(event);
}

/** Iterates by hand: a generator takes three turns of the queue of promises more, for each event of a rebuild. */
function openedItems(items: AsyncIterable<SubscriptionItem>, opener: Opens): AsyncIterable<SubscriptionItem> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = items[Symbol.asyncIterator]();
      const end = async (): Promise<ItemResult> =>
        (await iterator.return?.()) ?? { done: true, value: undefined };
      // A loop does not end an iterator of which `next` fails.
      const endFor = (error: unknown): Promise<never> => end().then(() => Promise.reject(error));
      const opened = (result: ItemResult): ItemResult | Promise<ItemResult> => {
        try {
          const made = openedResult(result, opener);
          return made instanceof Promise ? made.catch(endFor) : made;
        } catch (error) {
          return endFor(error);
        }
      };
      return { next: () => iterator.next().then(opened), return: end };
    },
  };
}

type ItemResult = IteratorResult<SubscriptionItem, undefined>;

function openedResult(result: ItemResult, opener: Opens): ItemResult | Promise<ItemResult> {
  if (result.done || result.value.kind !== 'event') return result;
  const { value } = result;
  const event = opener.open(value.event);
  if (event === value.event) return result;
  const withEvent = (opened: RecordedEvent): ItemResult => ({
    done: false,
    value: { ...value, event: opened },
  });
  return event instanceof Promise ? event.then(withEvent) : withEvent(event);
}
