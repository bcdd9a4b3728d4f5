import { setTimeout as sleep } from 'node:timers/promises';
import { newerSchema } from '../../domain/schema-versions';
import { faultLine } from '../../domain/schemas';
import { eventFaults } from '../../domain/sound-event';
import {
  EventStoreError,
  type Append,
  type EventStore,
  type LogFormat,
  type LogOrigin,
  type Position,
  type RecordedEvent,
} from '../../event-store/port/event-store';
import { parseStream } from '../../event-store/port/streams';
import { canonicalEvent } from '../../repair/digest';
import { KnownVoids } from '../../repair/known-voids';
import { demandReadable } from '../../repair/newer';
import { backoff } from '../../shared/backoff';
import { estimatedTotal } from '../../shared/progress';

/** The two logs differ in events that should be equal; nothing was written from there on. */
export class LogMismatchError extends Error {
  override readonly name = 'LogMismatchError';
}

/**
 * The source holds an event that no reader applies and that was not declared void; nothing was written from there on.
 */
export class UnsoundSourceError extends Error {
  override readonly name = 'UnsoundSourceError';
}

/** Log to copy from; its head is for the estimate of the total alone. */
export interface CopySource extends Pick<
  EventStore,
  'line' | 'format' | 'origin' | 'readAll' | 'readStream'
> {
  head(): Promise<{ readonly position: Position } | null>;
}
export type CopyTarget = Pick<EventStore, 'readAll' | 'appendInOrder' | 'takeLine' | 'takeFormat'>;

/** Log that a copy makes, where it is not to be like its source event for event. */
export interface CopyForm {
  readonly format: LogFormat;
  readonly origin: LogOrigin | null;
  /**
   * The event as the copy holds it, the same at each call. `there`: what the target holds in its place, null where it
   * holds nothing yet.
   */
  of(event: RecordedEvent, there: RecordedEvent | null): Promise<RecordedEvent>;
}

export interface Copied {
  /** Events that the target held. */
  readonly compared: number;
  readonly copied: number;
  /** Events among those copied that this program is too old for: copied as they are, and not checked. */
  readonly newer: number;
}

export interface CopyOptions {
  /** `total` is an estimate. */
  readonly onProgress: (done: number, total: number | null) => void;
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  /** Maximum number of events of the source to compare and copy. */
  readonly limit?: number;
  /** True to copy what no reader applies like all else, as a backup does: it holds what the log holds. */
  readonly unsoundToo?: boolean;
  /** Left out: a log like the source, byte for byte. */
  readonly form?: CopyForm | null;
}

/** Number of consecutive failures, with nothing copied between them, that ends a copy; it can be resumed later. */
const FAILURES = 20;
const pauseAfter = backoff({ first: 200, longest: 5_000 });

/**
 * Copies a log into another: ids, order, metadata and so `recordedAt` are kept, appends stay whole. The target must
 * hold a beginning of the source, nothing or an earlier copy that was interrupted; what it holds is compared first.
 * An empty target takes format and line of the source over, so that positions of the one hold in the other.
 * Many appends are under way at a time, in their order, for the order over all streams is part of the record. When a
 * log goes away, the copy waits and resumes after the last event that is known to be in both. Events that this program is
 * too old for are copied like all others: a copy changes no byte and decides nothing.
 * @throws LogMismatchError, UnsoundSourceError, NewerEventError, EventStoreError
 */
export async function copyLog(
  source: CopySource,
  target: CopyTarget,
  { onProgress, pause = sleep, limit = Infinity, unsoundToo = false, form = null }: CopyOptions,
): Promise<Copied> {
  const end = (await source.head())?.position ?? null;
  const copy = new Copy(source, target, { onProgress, limit, end, unsoundToo, form });
  for (let failures = 1, reached = 0; ; failures += 1) {
    try {
      return await copy.goOn();
    } catch (error) {
      if (copy.done > reached) failures = 1;
      if (!passes(error) || failures === FAILURES) throw error;
      reached = copy.done;
      await pause(pauseAfter(failures));
    }
  }
}

/**
 * Walks two logs side by side; a source that is written to, up to a limit. @throws LogMismatchError at the first
 * difference
 */
export async function compareLogs(
  source: EventStore,
  target: EventStore,
  options: CopyOptions,
): Promise<number> {
  return (await copyLog(source, readOnly(target), options)).compared;
}

function readOnly(store: EventStore): CopyTarget {
  return {
    readAll: (options) => store.readAll(options),
    takeLine: async () => false,
    takeFormat: async (format) => (await store.format()) === format,
    async *appendInOrder(appends) {
      for await (const _ of appends) throw new LogMismatchError('The target lacks events of the source.');
    },
  };
}

/** The copy and its progress. */
class Copy {
  #compared = 0;
  #copied = 0;
  #newer = 0;
  /** Positions of the last event that is known to be in both logs. */
  #inSource: Position | undefined;
  #inTarget: Position | undefined;
  readonly #voids: KnownVoids;

  constructor(
    private readonly source: CopySource,
    private readonly target: CopyTarget,
    private readonly options: Required<Omit<CopyOptions, 'pause'>> & {
      /** The source's head, for the estimate of the total. */
      readonly end: Position | null;
    },
  ) {
    this.#voids = new KnownVoids(source);
  }

  get done(): number {
    return this.#compared + this.#copied;
  }

  async goOn(): Promise<Copied> {
    const { form } = this.options;
    const format = form?.format ?? (await this.source.format());
    if (!(await this.target.takeFormat(format, form ? form.origin : await this.source.origin())))
      throw new LogMismatchError(
        `The target is to be a log of format ${format}, and is one of another format.`,
      );
    await this.target.takeLine(await this.source.line());
    const underWay: (readonly RecordedEvent[])[] = [];
    for await (const result of this.target.appendInOrder(this.#missing(underWay))) {
      const group = underWay.shift() ?? [];
      if (result.outcome === 'conflict')
        throw new LogMismatchError(`The target has something else where ${whereOf(group)}.`);
      this.#copied += group.length;
      this.#newer += group.filter((event) => newerSchema(event) !== null).length;
      this.#reached(group.at(-1), result.position);
    }
    return { compared: this.#compared, copied: this.#copied, newer: this.#newer };
  }

  /** Compares the events of the target; then appends the missing ones, append by append, and records its progress. */
  async *#missing(given: (readonly RecordedEvent[])[]): AsyncGenerator<Append, void, undefined> {
    const present = this.target.readAll({ after: this.#inTarget })[Symbol.asyncIterator]();
    try {
      let next = await present.next();
      let group: RecordedEvent[] = [];
      const give = (): Append => {
        const whole = group;
        group = [];
        given.push(whole);
        return appendOf(whole);
      };
      const { form } = this.options;
      const limit = this.options.limit - this.done;
      for await (const event of this.source.readAll({ after: this.#inSource, limit })) {
        if (!next.done) {
          checkSame(form ? await form.of(event, next.value) : event, next.value);
          this.#compared += 1;
          this.#reached(event, next.value.position);
          next = await present.next();
          continue;
        }
        if (!this.options.unsoundToo) await this.#demandSound(event);
        const written = form ? await form.of(event, null) : event;
        // The end of an append may be unreadable in a void event; an event of another stream shows that it ended.
        if (group.length > 0 && group[0]?.stream !== written.stream) yield give();
        group.push(written);
        if (event.metadata.part === event.metadata.parts) yield give();
      }
      // A limit may end within an append, which is then left for another run.
      if (group.length > 0 && limit === Infinity) yield give();
      if (!next.done)
        throw new LogMismatchError(`The target holds ${next.value.id}, which the source does not.`);
    } finally {
      await present.return?.();
    }
  }

  /** Events that readers skip are copied like all others: they are void in the copy too. */
  async #demandSound(event: RecordedEvent): Promise<void> {
    // One on a kind of stream that this program does not know has to be copied by a program that does.
    if (parseStream(event.stream) === null) demandReadable(event);
    if (newerSchema(event) !== null) return;
    const [fault] = eventFaults(event, parseStream(event.stream));
    if (!fault || this.#voids.now.of(event) || (await this.#voids.again()).of(event)) return;
    const what = `Event ${event.revision} of ${event.stream} cannot be applied (${faultLine(fault)})`;
    throw new UnsoundSourceError(
      `${what}. Declare it void first: rolebook log void ${event.id} --reason ...`,
    );
  }

  #reached(event: RecordedEvent | undefined, inTarget: Position): void {
    this.#inSource = event?.position;
    this.#inTarget = inTarget;
    const { done } = this;
    const { end, onProgress } = this.options;
    onProgress(done, event && end !== null ? estimatedTotal(done, event.position, end) : null);
  }
}

function appendOf(group: readonly RecordedEvent[]): Append {
  const [first] = group as [RecordedEvent];
  const expected = first.revision === 0 ? 'no-stream' : first.revision - 1;
  return { stream: first.stream, expected, events: group };
}

const whereOf = ([first]: readonly RecordedEvent[]): string =>
  `revision ${first?.revision} of ${first?.stream} belongs`;

function checkSame(event: RecordedEvent, other: RecordedEvent): void {
  // A store gives fields in an order of its own; of what was copied as it is, in the same.
  const isSame =
    JSON.stringify(contentOf(event)) === JSON.stringify(contentOf(other)) ||
    canonicalEvent(event) === canonicalEvent(other);
  if (!isSame)
    throw new LogMismatchError(
      `Revision ${event.revision} of ${event.stream} differs from what the target holds there.`,
    );
}

const contentOf = ({ id, type, stream, revision, data, metadata }: RecordedEvent): unknown[] => [
  id,
  type,
  stream,
  revision,
  data,
  metadata,
];

const passes = (error: unknown): boolean =>
  error instanceof EventStoreError && (error.code === 'UNKNOWN_OUTCOME' || error.code === 'UNAVAILABLE');
