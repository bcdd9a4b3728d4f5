import { decodeEvent, encodeAppend } from '../../src/event-store/port/codec';
import { decideAppend } from '../../src/event-store/local/decide-append';
import type {
  AppendResult,
  ExpectedRevision,
  NewEvent,
  RecordedEvent,
} from '../../src/event-store/port/event-store';
import { readBook, type Book } from './book';
import type { StorePart } from '../commands/harness';

/** An append that is asked for. */
export interface AppendCall {
  readonly kind: 'append';
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
}

/** Result of an append: the log after it, and the answer to its caller. */
export interface Appended {
  readonly log: SharedLog;
  readonly result: AppendResult;
}

/**
 * A log as a value: an append gives another log and leaves this one as it was, so that an explorer can go on from any
 * place. It encodes and decides appends with the code that all local stores use; a stream that no append has touched
 * is the very same array in both logs.
 */
export class SharedLog {
  #book: Book | undefined;
  #events: readonly RecordedEvent[] | undefined;

  private constructor(
    readonly streams: ReadonlyMap<string, readonly RecordedEvent[]>,
    readonly length: number,
  ) {}

  static readonly EMPTY = new SharedLog(new Map(), 0);

  /** A log of these events. */
  static of(events: readonly RecordedEvent[]): SharedLog {
    return events.reduce<SharedLog>((log, { stream, revision, id, type, data, metadata }) => {
      const expected = revision === 0 ? 'no-stream' : revision - 1;
      return log.append({ kind: 'append', stream, expected, events: [{ id, type, data, metadata }] }).log;
    }, SharedLog.EMPTY);
  }

  read(stream: string): readonly RecordedEvent[] {
    return this.streams.get(stream) ?? NOTHING;
  }

  append({ stream, expected, events }: AppendCall): Appended {
    const present = this.read(stream);
    const encoded = encodeAppend(stream, expected, events);
    const decision = decideAppend(
      expected,
      encoded.map(({ id }) => id),
      { last: present.length - 1, slice: (from, count) => present.slice(from, from + count) },
    );
    if (decision.outcome !== 'write') return { log: this, result: decision };
    const written = encoded.map((event, index) =>
      decodeEvent({
        ...event,
        stream,
        revision: present.length + index,
        position: BigInt(this.length + index + 1),
      }),
    );
    const length = this.length + written.length;
    const log = new SharedLog(new Map(this.streams).set(stream, [...present, ...written]), length);
    const revision = present.length + written.length - 1;
    return { log, result: { outcome: 'appended', revision, position: BigInt(length) } };
  }

  /** All events in the order of the log. */
  get events(): readonly RecordedEvent[] {
    return (this.#events ??= [...this.streams.values()]
      .flat()
      .sort((a, b) => (a.position < b.position ? -1 : 1)));
  }

  get book(): Book {
    return (this.#book ??= readBook(this.events));
  }
}

const NOTHING: readonly RecordedEvent[] = [];

/** The part of the port that commands use, over a log that is replaced by each append; nobody waits. */
export class OpenLog implements StorePart {
  constructor(public now = SharedLog.EMPTY) {}

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ): Promise<AppendResult> {
    const { log, result } = this.now.append({ kind: 'append', stream, expected, events });
    this.now = log;
    return result;
  }

  async *readStream(stream: string, { from = 0 } = {}): AsyncGenerator<RecordedEvent> {
    yield* this.now.read(stream).slice(from);
  }
}
