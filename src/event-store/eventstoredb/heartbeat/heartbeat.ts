import { randomInt, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { EncodedEvent } from '../../port/codec';
import { EventStoreError } from '../../port/event-store';
import { heartbeatStream } from '../../port/streams';
import { LIVE_MS, speakerIn, type BeatData } from './beat-data';
import { asEventStoreError } from '../errors';
import { createdAt, type ReadRecord } from '../messages';
import type { StoreLogger } from '../options';
import type { Writer } from '../writer';

/** Old heartbeats are worth nothing: a scavenge of the server removes them. */
export const HEARTBEAT_METADATA = { $maxCount: 1, $maxAge: LIVE_MS / 1_000 } as const;

/**
 * Number of streams for heartbeats. A process takes one at random. A stream for each process would leave one behind at
 * every start, and an administrator could not have written its metadata beforehand. One for all would slow every
 * rebuild, which rereads all events of its own stream that are not yet scavenged.
 */
const STREAMS = 64;

/** Names of these streams in the port, before `Naming` translates them. */
export const heartbeatStreams = (): string[] => Array.from({ length: STREAMS }, (_, n) => heartbeatStream(n));
export const anyHeartbeatStream = (): string => heartbeatStream(randomInt(STREAMS));

interface Beat {
  readonly id: string;
  readonly sentAt: number;
  ackedAt: number | null;
}

export interface HeartbeatOptions {
  readonly everyMs: number;
  /** Highest version of the event schemas that this process reads; told with each beat. */
  readonly reads: number;
  readonly logger: StoreLogger;
}

/** Name of this process, for people. */
const PROCESS = `${hostname()}:${process.pid}`;

/**
 * While anyone subscribes, a small event every few seconds into a stream of few writers. Seeing it come back
 * shows that a subscription lives and how far it has come; its server's time shows how far the clocks are apart.
 * Others learn by it which events this process can read.
 */
export class Heartbeat {
  #listeners = 0;
  #timer: NodeJS.Timeout | null = null;
  /** Number of the current beat; an earlier one that is still in flight is not awaited. */
  #round = 0;
  #described = false;
  #latest: Beat | null = null;
  #failure: EventStoreError | null = null;
  #warnedOf: string | null = null;
  #skew: number | null = null;
  /** When a process on this stream last beat, by the version that it reads. */
  readonly #heard = new Map<number, number>();

  constructor(
    readonly stream: string,
    private readonly writer: Writer,
    private readonly options: HeartbeatOptions,
  ) {}

  /**
   * Least clock skew that fits the last heartbeat, in milliseconds; positive: this machine is ahead of the server. Null
   * while unknown.
   */
  get clockSkewMs(): number | null {
    return this.#skew;
  }

  /** The reason that the last heartbeat could not be written, if so. */
  get failure(): EventStoreError | null {
    return this.#failure;
  }

  /**
   * Beats at once and from then on, until the returned function is called. An earlier beat may still be in flight to a
   * server that is gone: a new subscription does not wait for it.
   */
  listen(): () => void {
    if (this.#listeners++ === 0) this.#failure = null;
    void this.#beat();
    let listening = true;
    return () => {
      if (!listening) return;
      listening = false;
      if (--this.#listeners === 0) this.#stop();
    };
  }

  /**
   * Takes note of a heartbeat on our stream, one of ours that came back or another process's. True for the latest that we
   * sent: only then nothing is missing; an earlier one reaches a slow subscriber long after it was true.
   */
  seen(record: ReadRecord): boolean {
    const latest = this.#latest;
    this.#hear(record);
    if (latest === null || record.getId()?.getString() !== latest.id) return false;
    const created = createdAt(record);
    if (created !== null) this.#skew = leastSkew(created, latest.sentAt, latest.ackedAt ?? Date.now());
    return true;
  }

  /** Remembers what a process reads, not what it says of others: two that repeated each other would never forget. */
  #hear(record: ReadRecord): void {
    const at = createdAt(record) ?? 0;
    if (at <= Date.now() - LIVE_MS) return;
    const { schema } = speakerIn(record);
    this.#heard.set(schema, Math.max(this.#heard.get(schema) ?? 0, at));
  }

  #data(): BeatData {
    const { reads } = this.options;
    const since = Date.now() - LIVE_MS;
    const lower = [...this.#heard].filter(([schema, at]) => schema < reads && at > since);
    const data = { reads, process: PROCESS };
    return lower.length === 0 ? data : { ...data, beside: Math.min(...lower.map(([schema]) => schema)) };
  }

  async #beat(): Promise<void> {
    const round = (this.#round += 1);
    this.#stop();
    try {
      await this.#describe();
      if (round !== this.#round) return;
      const beat = event('Heartbeat', JSON.stringify(this.#data()));
      const latest: Beat = { id: beat.id, sentAt: Date.now(), ackedAt: null };
      this.#latest = latest;
      await this.writer.append(this.stream, 'any', [beat]);
      latest.ackedAt = Date.now();
      if (round !== this.#round) return;
      this.#failure = null;
      this.#warnedOf = null;
    } catch (error) {
      if (round !== this.#round) return;
      this.#failed(asEventStoreError(error, 'writing a heartbeat'));
    }
    if (this.#listeners > 0) this.#timer = setTimeout(() => void this.#beat(), this.options.everyMs);
  }

  /**
   * Writes the metadata of the stream, once, unless another process has written it. Where the server denies this, an
   * administrator has written it.
   */
  async #describe(): Promise<void> {
    if (this.#described) return;
    const described = event('$metadata', JSON.stringify(HEARTBEAT_METADATA));
    await this.writer.append(`$$${this.stream}`, 'no-stream', [described]).catch((error: unknown) => {
      if (!(error instanceof EventStoreError) || error.code !== 'DENIED') throw error;
    });
    this.#described = true;
  }

  /** Logs an outage once, not at every beat. */
  #failed(failure: EventStoreError): void {
    if (this.#warnedOf !== failure.code) this.options.logger.warn({ code: failure.code }, failure.message);
    this.#failure = failure;
    this.#warnedOf = failure.code;
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

const event = (type: string, data: string): EncodedEvent => ({
  id: randomUUID(),
  type,
  data,
  metadata: '{}',
});

/**
 * The server wrote at some time between sending and the acknowledgement; neither clock is blamed for the difference
 * that this leaves open.
 */
function leastSkew(created: number, sentAt: number, ackedAt: number): number {
  if (created < sentAt) return sentAt - created;
  return created > ackedAt ? ackedAt - created : 0;
}
