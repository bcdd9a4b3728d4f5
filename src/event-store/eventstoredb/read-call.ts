import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { Connection } from './connection';
import { SilenceError, failureOf, judge } from './errors';
import type { ReadRecord } from './messages';
import { LEADER_PAUSE_MS, SilenceWatch, pause } from './timing';

export interface ReadOptions {
  /** Longest silence in milliseconds, after which the read fails, */
  readonly silenceMs: number;
  /** unless this, when given, shows that the server is alive and busy searching; `LONGEST_SEARCH` times at most. */
  readonly stillThere?: () => Promise<unknown>;
  /** Time limit, in ms, for restarting a read that failed before it yielded anything; left out: it fails at once. */
  readonly seekMs?: number;
  /** Ends the read, without an error. */
  readonly signal?: AbortSignal;
}

/** In silences: ten minutes of scanning events of other applications alone, by default. */
const LONGEST_SEARCH = 150;

/**
 * Answers of the server to a read or subscription, in order, at the consumer's pace: nothing is read ahead beyond the
 * small buffers of gRPC. A stream that does not exist counts as one without events.
 * @throws the error of gRPC, or SilenceError
 */
export async function* responses(
  connection: Connection,
  request: ReadReq,
  options: ReadOptions,
): AsyncGenerator<ReadResp, void, undefined> {
  const { seekMs = 0, signal } = options;
  const until = performance.now() + seekMs;
  for (let given = false; !signal?.aborted;) {
    let reading: Reading | null = null;
    try {
      reading = await Reading.open(connection, request, options);
      for await (const response of reading.call) {
        reading.heard();
        given = true;
        yield response;
        if (reading.ended !== null) break;
        reading.waits();
      }
      reading.demandWhole();
      return;
    } catch (error) {
      if (reading?.ended === 'aborted') return;
      const why = reading?.why(error) ?? error;
      if (given || performance.now() > until || !mayBeElsewhere(why, connection)) throw why;
    } finally {
      reading?.close();
    }
    await pause(LEADER_PAUSE_MS, signal);
  }
}

/** True if another node may answer a call that this one did not. */
function mayBeElsewhere(error: unknown, { cluster }: Connection): boolean {
  const { verdict } = judge(failureOf(error));
  return verdict === 'leader' || (cluster && verdict === 'retry');
}

/** One call, with the watch over its silences. */
class Reading {
  /** The reason that this side ended it before the server did. */
  ended: Error | 'aborted' | null = null;
  readonly #watch: SilenceWatch;
  readonly #abort = (): void => this.#end('aborted');
  #asked = 0;

  private constructor(
    readonly call: AsyncIterable<ReadResp> & { cancel(): void; destroy(): unknown },
    private readonly options: ReadOptions,
    private readonly onSilence: () => void,
    /** Returns the reason that the call failed, if another one knows better. */
    private readonly explain: (error: unknown) => unknown,
  ) {
    this.#watch = new SilenceWatch(options.silenceMs, () => this.#silent());
    options.signal?.addEventListener('abort', this.#abort, { once: true });
    if (options.signal?.aborted) this.#abort();
    else this.#watch.wait();
  }

  static async open(connection: Connection, request: ReadReq, options: ReadOptions): Promise<Reading> {
    const { generation } = connection;
    const call = await connection.open('read', (streams, args) => streams.read(request, ...args));
    return new Reading(
      call as typeof call & AsyncIterable<ReadResp>,
      options,
      () => connection.replace(generation, 'a read was not answered'),
      (error) => (error instanceof Error ? connection.explain(generation, error) : error),
    );
  }

  /** @throws the error that ended the call before the server did */
  demandWhole(): void {
    if (this.ended instanceof Error) throw this.ended;
  }

  /** Returns the reason that the call failed, as far as it is known. */
  why(error: unknown): unknown {
    return this.ended ?? this.explain(error) ?? error;
  }

  /** Called when the next step is the consumer's. */
  heard(): void {
    this.#watch.rest();
    this.#asked = 0;
  }

  /** Called when the next step is the server's. */
  waits(): void {
    this.#watch.wait();
  }

  close(): void {
    this.#watch.stop();
    this.options.signal?.removeEventListener('abort', this.#abort);
    this.ended ??= 'aborted';
    this.call.cancel();
  }

  #silent(): void {
    const { stillThere } = this.options;
    if (stillThere === undefined || ++this.#asked > LONGEST_SEARCH) return this.#lost();
    stillThere().then(
      () => this.ended === null && this.#watch.wait(),
      () => this.#lost(),
    );
  }

  #lost(): void {
    this.onSilence();
    this.#end(new SilenceError('reading', this.options.silenceMs));
  }

  #end(why: Error | 'aborted'): void {
    this.ended ??= why;
    // A consumer that stopped reading half way may never return to close the call.
    this.#watch.stop();
    this.call.cancel();
    this.call.destroy();
  }
}

/** The events of a read. */
export async function* records(
  connection: Connection,
  request: ReadReq,
  options: ReadOptions,
): AsyncGenerator<ReadRecord, void, undefined> {
  for await (const response of responses(connection, request, options)) {
    const record = response.getEvent()?.getEvent();
    if (record !== undefined) yield record;
  }
}

/** The first event of a read, or null if there is none. */
export async function firstRecord(
  connection: Connection,
  request: ReadReq,
  options: ReadOptions,
): Promise<ReadRecord | null> {
  for await (const record of records(connection, request, options)) return record;
  return null;
}
