import { UUID, Empty, StreamIdentifier } from '@eventstore/db-client/generated/shared_pb';
import { BatchAppendReq, ReadReq, type ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { decodeEvent, type EncodedEvent } from '../port/codec';
import type { ExpectedRevision, Position, RecordedEvent } from '../port/event-store';
import { EventStoreError } from '../port/event-store';
import type { Naming } from './naming';

/**
 * Translation between the port's types and the messages of EventStoreDB. Nothing here waits, or fails except on
 * malformed input.
 */

export type Direction = 'forwards' | 'backwards';

/** Filter of a read of the whole log, applied on the server: streams of Rolebook, with some heartbeats or none. */
export interface AllFilter {
  /** A regular expression of .NET on the stream's name. */
  readonly regex: string;
}

/** Number of events the server scans between two signs of life; its own default of 32 makes sparse logs slow. */
const SEARCH_WINDOW = 1_000;
/** The largest count that does not overflow on the server. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

export function streamRequest(
  stream: string,
  from: number | null,
  direction: Direction,
  limit: number,
): ReadReq {
  const of = new ReadReq.Options.StreamOptions();
  of.setStreamIdentifier(streamIdentifier(stream));
  if (from !== null) of.setRevision(String(from));
  else if (direction === 'forwards') of.setStart(new Empty());
  else of.setEnd(new Empty());
  const options = readOptions(direction, limit);
  options.setStream(of);
  options.setNoFilter(new Empty());
  return request(options);
}

/** Reads start *at* a position. */
export function allRequest(
  from: Position | null,
  direction: Direction,
  filter: AllFilter,
  limit: number,
): ReadReq {
  const options = readOptions(direction, limit);
  options.setAll(allOptions(from, direction));
  options.setFilter(filterOptions(filter));
  return request(options);
}

/** Subscriptions start *after* a position. */
export function subscriptionRequest(after: Position | null, filter: AllFilter): ReadReq {
  const options = readOptions('forwards', 0);
  options.setSubscription(new ReadReq.Options.SubscriptionOptions());
  options.setAll(allOptions(after, 'forwards'));
  options.setFilter(filterOptions(filter));
  return request(options);
}

function request(options: ReadReq.Options): ReadReq {
  const message = new ReadReq();
  message.setOptions(options);
  return message;
}

function readOptions(direction: Direction, limit: number): ReadReq.Options {
  const options = new ReadReq.Options();
  const asText = new ReadReq.Options.UUIDOption();
  asText.setString(new Empty());
  options.setUuidOption(asText);
  options.setResolveLinks(false);
  options.setReadDirection(direction === 'forwards' ? 0 : 1);
  options.setCount(String(Math.min(limit, NO_LIMIT)));
  return options;
}

function allOptions(at: Position | null, direction: Direction): ReadReq.Options.AllOptions {
  const all = new ReadReq.Options.AllOptions();
  if (at !== null) {
    const position = new ReadReq.Options.Position();
    position.setCommitPosition(at.toString());
    position.setPreparePosition(at.toString());
    all.setPosition(position);
  } else if (direction === 'forwards') all.setStart(new Empty());
  else all.setEnd(new Empty());
  return all;
}

function filterOptions({ regex }: AllFilter): ReadReq.Options.FilterOptions {
  const expression = new ReadReq.Options.FilterOptions.Expression();
  expression.setRegex(regex);
  const filter = new ReadReq.Options.FilterOptions();
  filter.setStreamIdentifier(expression);
  filter.setMax(SEARCH_WINDOW);
  filter.setCheckpointintervalmultiplier(1);
  return filter;
}

export function appendRequest(
  correlationId: string,
  stream: string,
  expected: ExpectedRevision,
  events: readonly EncodedEvent[],
): BatchAppendReq {
  const options = new BatchAppendReq.Options();
  options.setStreamIdentifier(streamIdentifier(stream));
  if (expected === 'any') options.setAny(new Empty());
  else if (expected === 'no-stream') options.setNoStream(new Empty());
  else options.setStreamPosition(String(expected));
  const message = new BatchAppendReq();
  message.setCorrelationId(uuid(correlationId));
  message.setOptions(options);
  message.setProposedMessagesList(events.map(proposed));
  message.setIsFinal(true);
  return message;
}

function proposed(event: EncodedEvent): BatchAppendReq.ProposedMessage {
  const message = new BatchAppendReq.ProposedMessage();
  message.setId(uuid(event.id));
  message.getMetadataMap().set('type', event.type).set('content-type', 'application/json');
  message.setData(Buffer.from(event.data));
  message.setCustomMetadata(Buffer.from(event.metadata));
  return message;
}

export type ReadRecord = ReadResp.ReadEvent.RecordedEvent;

/** Name of the stream on the server; `Naming` translates it. */
export const streamOf = (record: ReadRecord): string =>
  text(record.getStreamIdentifier()?.getStreamName_asU8());
export const dataOf = (record: ReadRecord): string => text(record.getData_asU8());
export const positionOf = (record: ReadRecord): Position => BigInt(record.getCommitPosition());

/** @throws EventStoreError `CORRUPT` for anything but a well-formed event of Rolebook */
export function decodeRecord(record: ReadRecord, naming: Naming): RecordedEvent {
  const stream = naming.fromServer(streamOf(record));
  const id = record.getId()?.getString() ?? '';
  const type: unknown = record.getMetadataMap().get('type');
  const revision = Number(record.getStreamRevision());
  if (stream === '' || id === '' || typeof type !== 'string' || !Number.isSafeInteger(revision)) {
    throw new EventStoreError('CORRUPT', `an event of ${stream || 'a stream without a name'} is malformed`);
  }
  return decodeEvent({
    id: id.toLowerCase(),
    type,
    data: dataOf(record),
    metadata: text(record.getCustomMetadata_asU8()),
    stream,
    revision,
    position: positionOf(record),
  });
}

/** When the server recorded an event, by its clock; it counts in tenths of a microsecond. */
export function createdAt(record: ReadRecord): number | null {
  const created: unknown = record.getMetadataMap().get('created');
  return typeof created === 'string' && /^\d+$/.test(created) ? Number(BigInt(created) / 10_000n) : null;
}

function uuid(value: string): UUID {
  const message = new UUID();
  message.setString(value);
  return message;
}

function streamIdentifier(stream: string): StreamIdentifier {
  const identifier = new StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream));
  return identifier;
}

const text = (bytes: Uint8Array | undefined): string =>
  bytes === undefined ? '' : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
