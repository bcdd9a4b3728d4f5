import { randomUUID } from 'node:crypto';
import { decodeEvent, encodeAppend, type StoredEvent } from '../../../src/event-store/port/codec';
import { decideAppend } from '../../../src/event-store/local/decide-append';
import {
  EventStoreError,
  type Append,
  type AppendResult,
  type EventStore,
  type ExpectedRevision,
  type LogFormat,
  type LogOrigin,
  type NewEvent,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
  type SubscribeOptions,
  type SubscriptionItem,
} from '../../../src/event-store/port/event-store';
import { FORMAT_OF_NEW } from '../../../src/event-store/port/log-format';
import { inOrder } from '../../../src/event-store/port/in-order';
import {
  follow,
  readAllPages,
  readStreamPages,
  type LocalLog,
  type LogPage,
} from '../../../src/event-store/local/paging';
import { isHeartbeat } from '../../../src/event-store/port/streams';
import { newLine } from '../../../src/shared/line';
import { Wake } from '../../../src/event-store/local/wake';

/** A log in memory. It encodes and decodes as the product's stores do, so it neither shares nor forgives anything. */
export class MemoryEventStore implements EventStore {
  readonly #identity = randomUUID();
  #line = newLine();
  #format: LogFormat;
  #origin: LogOrigin | null = null;
  /** The log; an event's position is its index plus one. */
  readonly #log: StoredEvent[] = [];
  readonly #streams = new Map<string, StoredEvent[]>();
  readonly #wake = new Wake();
  #closed = false;

  constructor({ formatOfNew = FORMAT_OF_NEW }: { readonly formatOfNew?: LogFormat } = {}) {
    this.#format = formatOfNew;
  }

  async identity(): Promise<string> {
    this.#checkOpen();
    return this.#identity;
  }

  async line(): Promise<string> {
    this.#checkOpen();
    return this.#line;
  }

  async takeLine(line: string): Promise<boolean> {
    this.#checkOpen();
    if (this.#log.length === 0) this.#line = line;
    return this.#line === line;
  }

  async format(): Promise<LogFormat> {
    this.#checkOpen();
    return this.#format;
  }

  async origin(): Promise<LogOrigin | null> {
    this.#checkOpen();
    return this.#origin;
  }

  async takeFormat(format: LogFormat, origin: LogOrigin | null): Promise<boolean> {
    this.#checkOpen();
    if (this.#log.length === 0) [this.#format, this.#origin] = [format, origin];
    return this.#format === format;
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ): Promise<AppendResult> {
    this.#checkOpen();
    const encoded = encodeAppend(stream, expected, events);
    const present = this.#streams.get(stream) ?? [];
    const ids = encoded.map(({ id }) => id);
    const decision = decideAppend(expected, ids, {
      last: present.length - 1,
      slice: (from, count) => present.slice(from, from + count),
    });
    if (decision.outcome !== 'write') return decision;
    for (const event of encoded) {
      const stored = { ...event, stream, revision: present.length, position: BigInt(this.#log.length + 1) };
      present.push(stored);
      this.#log.push(stored);
    }
    this.#streams.set(stream, present);
    this.#wake.all();
    return { outcome: 'appended', revision: present.length - 1, position: BigInt(this.#log.length) };
  }

  appendInOrder(appends: AsyncIterable<Append>): AsyncIterable<AppendResult> {
    return inOrder(appends, ({ stream, expected, events }) => this.append(stream, expected, events));
  }

  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<RecordedEvent> {
    return readStreamPages(this.#reader, stream, options);
  }

  readAll(options?: ReadAllOptions): AsyncIterable<RecordedEvent> {
    return readAllPages(this.#reader, options);
  }

  async head(): Promise<RecordedEvent | null> {
    this.#checkOpen();
    const last = this.#log.findLast((event) => !isHeartbeat(event.stream));
    return last === undefined ? null : decodeEvent(last);
  }

  subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionItem> {
    return follow(this.#reader, options);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wake.all();
  }

  readonly #reader: LocalLog = {
    streamPage: (stream, from, direction, limit) => {
      this.#checkOpen();
      const events = this.#streams.get(stream) ?? [];
      const end = Math.min(from, events.length - 1) + 1;
      const page =
        direction === 'forwards'
          ? events.slice(from, from + limit)
          : events.slice(Math.max(0, end - limit), end).reverse();
      return page.map(decodeEvent);
    },
    allPage: (after, limit) => this.#allPage(after ?? 0n, limit),
    changed: async (seen, signal) => {
      if (!this.#closed && BigInt(this.#log.length) <= (seen ?? 0n)) await this.#wake.next(signal);
    },
  };

  #allPage(after: Position, limit: number): LogPage {
    this.#checkOpen();
    if (after >= BigInt(this.#log.length)) return { events: [], reached: null };
    const start = after < 0n ? 0 : Number(after);
    const page = this.#log.slice(start, start + limit);
    const events = page.filter((event) => !isHeartbeat(event.stream)).map(decodeEvent);
    return { events, reached: BigInt(start + page.length) };
  }

  #checkOpen(): void {
    if (this.#closed) throw new EventStoreError('CLOSED', 'the log is closed');
  }
}
