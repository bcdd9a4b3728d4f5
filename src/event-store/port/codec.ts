import {
  EventStoreError,
  MAX_APPEND_BYTES,
  type ExpectedRevision,
  type JsonObject,
  type JsonValue,
  type NewEvent,
  type Position,
  type RecordedEvent,
} from './event-store';
import { NotJsonError, canonicalJson, isJsonObject } from './json';
import { parseStream } from './streams';

/** The only way from an event to the log's stored form, and back. Every store uses it, so all refuse the same. */

/** An event as it is stored: checked, its id in lower case, data and metadata as canonical JSON. */
export interface EncodedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** An encoded event with its stream, revision and position. */
export interface StoredEvent extends EncodedEvent {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
}

/** A stored event, of a store that may have its positions as numbers. */
type StoredRow = Omit<StoredEvent, 'position'> & { readonly position: Position | number };

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** EventStoreDB refuses the empty id. */
const NIL_UUID = '00000000-0000-0000-0000-000000000000';
/** A name in a program; a `$` at the start would make it a system event of EventStoreDB. */
const TYPE = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/**
 * Checks an append as a whole and encodes its events, before anything is sent or written.
 * @throws EventStoreError `INVALID_EVENT`, `INVALID_ARGUMENT`, `TOO_LARGE`
 */
export function encodeAppend(
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): readonly EncodedEvent[] {
  checkStream(stream);
  checkExpected(expected);
  if (events.length === 0) throw invalidArgument('an append needs at least one event');
  const encoded = events.map(encodeEvent);
  const bytes = encoded.reduce((sum, event) => sum + storedBytes(event), 0);
  if (bytes > MAX_APPEND_BYTES) {
    throw new EventStoreError(
      'TOO_LARGE',
      `an append of ${bytes} bytes (${events.length} events) is over the limit of ${MAX_APPEND_BYTES}`,
    );
  }
  return encoded;
}

/** Size of an event that counts towards the limit: data, metadata, type and id. */
export function storedBytes(event: EncodedEvent): number {
  return (
    Buffer.byteLength(event.data) + Buffer.byteLength(event.metadata) + event.type.length + event.id.length
  );
}

/** @throws EventStoreError `INVALID_ARGUMENT` for anything but the name of a stream of Rolebook */
export function checkStream(stream: string): void {
  if (parseStream(stream) === null) throw invalidArgument(`${quote(stream)} is not the name of a stream`);
}

/** @throws EventStoreError `INVALID_ARGUMENT` for anything but a revision from 0 or a limit from 0 */
export function checkCount(name: string, value: number | undefined): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0)) {
    throw invalidArgument(`${name} must be a whole number from 0, not ${String(value)}`);
  }
}

function checkExpected(expected: ExpectedRevision): void {
  if (expected !== 'any' && expected !== 'no-stream') checkCount('the expected revision', expected);
}

function encodeEvent(event: NewEvent): EncodedEvent {
  const { id, type } = event;
  if (typeof id !== 'string' || !UUID.test(id) || id === NIL_UUID) {
    throw invalidEvent(`${quote(id)} is not an event id (a UUID)`);
  }
  if (typeof type !== 'string' || !TYPE.test(type)) throw invalidEvent(`${quote(type)} is not an event type`);
  return {
    id: id.toLowerCase(),
    type,
    data: encodeObject(event.data, `${type}.data`),
    metadata: encodeObject(event.metadata, `${type}.metadata`),
  };
}

function encodeObject(value: JsonObject, at: string): string {
  try {
    const text = canonicalJson(value, at);
    if (!text.startsWith('{')) throw new NotJsonError(`${at}: must be an object`);
    return text;
  } catch (cause) {
    if (cause instanceof NotJsonError) throw invalidEvent(cause.message, cause);
    throw cause;
  }
}

/** @throws EventStoreError `CORRUPT` if data or metadata is not the JSON of an object */
export function decodeEvent(stored: StoredRow): RecordedEvent {
  const { id, type, stream, revision, position } = stored;
  return {
    id,
    type,
    data: decodeObject(stored.data, 'data', stored),
    metadata: decodeObject(stored.metadata, 'metadata', stored),
    stream,
    revision,
    position: BigInt(position),
  };
}

function decodeObject(text: string, part: string, { stream, revision }: StoredRow): JsonObject {
  const message = `event ${revision} of ${stream}: its ${part} is not the JSON of an object`;
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new EventStoreError('CORRUPT', message, { cause });
  }
  if (!isJsonObject(value)) throw new EventStoreError('CORRUPT', message);
  return value;
}

const invalidEvent = (message: string, cause?: unknown): EventStoreError =>
  new EventStoreError('INVALID_EVENT', message, { cause });

const invalidArgument = (message: string): EventStoreError =>
  new EventStoreError('INVALID_ARGUMENT', message);

const quote = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : typeof value);
