import { randomUUID } from 'node:crypto';
import type { EncodedEvent } from '../port/codec';
import { EventStoreError, type AppendResult, type ExpectedRevision } from '../port/event-store';
import { AppendStream } from './append-stream';
import { readAnswer, type Answer } from './answers';
import type { Connection } from './connection';
import { AnsweredError, SilenceError, asEventStoreError, closedError, failureOf, judge } from './errors';
import { positionOf, appendRequest, streamRequest } from './messages';
import type { Timeouts } from './options';
import { firstRecord } from './read-call';
import { LEADER_PAUSE_MS, pause, within } from './timing';

/** Time limit for appends in flight when the store closes, in milliseconds. */
const CLOSE_MS = 1_000;

/**
 * The only way for this process to append: all appends share one stream of the server, opened when needed.
 *
 * Before that, a leading node is sent a harmless request. So an append that finds no server fails as `UNAVAILABLE`,
 * with nothing sent, and only one that was really sent can have an unknown outcome.
 */
export class Writer {
  #stream: Promise<AppendStream> | null = null;
  readonly #closed = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();

  /** `probe` names a stream to read, to test that a node serves. */
  constructor(
    private readonly connection: Connection,
    private readonly probe: string,
    private readonly timeouts: Timeouts,
  ) {}

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EncodedEvent[],
  ): Promise<AppendResult> {
    if (this.#closed.signal.aborted) throw closedError();
    const appending = this.#append(stream, expected, events);
    const settled = appending.catch(() => undefined).finally(() => this.#underWay.delete(settled));
    this.#underWay.add(settled);
    return appending;
  }

  /**
   * Appends on the stream that is open now and on no other, each append once, so that they keep their order: a resent
   * one would follow those sent after it.
   */
  async inOrder(): Promise<Writer['append']> {
    const appends = await this.#open().catch((error: unknown) => {
      throw asEventStoreError(error, 'appending in order');
    });
    return async (stream, expected, events) => {
      try {
        return await this.#send(appends, stream, expected, events);
      } catch (error) {
        const { verdict } = judge(failureOf(error));
        const doing = `appending to ${stream}`;
        throw verdict === 'fatal' ? asEventStoreError(error, doing) : unknownOutcome(error, doing);
      }
    };
  }

  /** Lets the appends in flight finish, but not for long: those without an answer by then have an unknown outcome. */
  async close(): Promise<void> {
    this.#closed.abort();
    const answered = Promise.all(this.#underWay);
    await within(CLOSE_MS, answered, () => new SilenceError('closing', CLOSE_MS)).catch(() => undefined);
    const stream = await this.#stream?.catch(() => null);
    stream?.end(closedError());
    await answered;
  }

  async #append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EncodedEvent[],
  ): Promise<AppendResult> {
    const until = performance.now() + this.timeouts.leader;
    const doing = `appending to ${stream}`;
    for (let unknown = false; ;) {
      let sent = false;
      try {
        const appends = await this.#open();
        sent = true;
        const result = await this.#send(appends, stream, expected, events);
        // After an attempt of unknown outcome, the conflicting events may be this append's own.
        if (result.outcome === 'conflict' && unknown) throw new Error('another event has that revision');
        return result;
      } catch (error) {
        const attempt = { sent, unknown, last: performance.now() > until || this.#closed.signal.aborted };
        const failure = this.#failureOf(error, doing, attempt);
        if (failure !== null) throw failure;
        unknown ||= sent;
        await pause(LEADER_PAUSE_MS, this.#closed.signal);
      }
    }
  }

  /** Classifies a failed attempt: null to resend the append, else the error for its caller. */
  #failureOf(
    error: unknown,
    doing: string,
    { sent, unknown, last }: { readonly sent: boolean; readonly unknown: boolean; readonly last: boolean },
  ): EventStoreError | null {
    const { verdict } = judge(failureOf(error));
    const toldSo = error instanceof AnsweredError;
    if (verdict === 'fatal' && !unknown && (toldSo || !sent)) return asEventStoreError(error, doing);
    const elsewhere = verdict === 'leader' || (!sent && this.connection.cluster && verdict === 'retry');
    if (elsewhere && !last) return null;
    return unknown || sent ? unknownOutcome(error, doing) : asEventStoreError(error, doing);
  }

  async #send(
    appends: AppendStream,
    stream: string,
    expected: ExpectedRevision,
    events: readonly EncodedEvent[],
  ): Promise<AppendResult> {
    const id = randomUUID();
    const answer = readAnswer(await appends.send(id, appendRequest(id, stream, expected, events)));
    return this.#complete(stream, answer);
  }

  /** Reads the position of a repeated append if the server does not return it. */
  async #complete(stream: string, answer: Answer): Promise<AppendResult> {
    if (answer.outcome === 'conflict') return answer;
    const { outcome, revision, position } = answer;
    if (position !== null) return { outcome, revision, position };
    const request = streamRequest(stream, revision, 'forwards', 1);
    const record = await firstRecord(this.connection, request, {
      silenceMs: this.timeouts.append,
    });
    if (record === null) throw new Error(`revision ${revision} was answered and cannot be read`);
    return { outcome, revision, position: positionOf(record) };
  }

  #open(): Promise<AppendStream> {
    this.#stream ??= this.#start().catch((error: unknown) => {
      this.#stream = null;
      throw error;
    });
    return this.#stream;
  }

  async #start(): Promise<AppendStream> {
    const { generation } = this.connection;
    try {
      const request = streamRequest(this.probe, null, 'forwards', 1);
      await firstRecord(this.connection, request, { silenceMs: this.timeouts.connect });
      const call = await this.connection.open('append', (streams, args) => streams.batchAppend(...args));
      const ended = (silent: boolean): void => {
        this.#stream = null;
        if (silent) this.connection.replace(generation, 'an append was not answered');
      };
      return new AppendStream(call, this.timeouts.append, ended, (error) =>
        this.connection.explain(generation, error),
      );
    } catch (error) {
      // The client repairs a refused connection by itself, but would keep one that hangs.
      if (error instanceof SilenceError) this.connection.replace(generation, error.message);
      throw error;
    }
  }
}

function unknownOutcome(cause: unknown, doing: string): EventStoreError {
  const message = `${doing}: ${failureOf(cause).message}; it may have been written`;
  return new EventStoreError('UNKNOWN_OUTCOME', message, { cause });
}
