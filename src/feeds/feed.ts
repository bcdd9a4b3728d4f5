import type { FeedEntry, FeedReads } from '../../projections/feed-reads';
import type { Ordinal, ReadModels } from '../../projections/view';
import type { RecordedEvent } from '../event-store/port/event-store';
import type { PlaceInLog, PositionCodec } from '../shared/position-codec';
import { Work } from '../shared/turns';
import { envelopeOf } from './envelope';
import { passes, type FeedFilter } from './filter';
import type { FeedItem } from './items';
import { withoutNames, type OpenEvent } from './names';
import type { FeedReading } from './reading';
import type { ReaderRights } from './rights';
import { waitUnless } from './wait';

/** Events that are read at once. */
const BATCH = 64;
/** Cost of an event, in rows read: found, read, decrypted, written. */
const EVENT = 10;
const REPLACED = 'This log has another event at that position: it was replaced.';
/** Events that a page looks at for each that it may give out, before it ends where it is. */
const LOOKED_AT = 10;

export interface FeedSources {
  readonly readModels: Pick<ReadModels, 'waitFor' | 'status' | 'findPlace'> & Pick<FeedReads, 'feed'>;
  readonly reading: FeedReading;
  readonly open: OpenEvent;
  readonly positions: PositionCodec;
  readonly heartbeatMs: number;
  /** Longest time between two looks at the rights of a reader, in milliseconds. */
  readonly recheckMs: number;
}

/** Request of one reader. */
export interface FeedRequest {
  /** Account whose feed it is; null: of everything. */
  readonly feed: string | null;
  /** Account of the reader; null: an operator. */
  readonly account: string | null;
  readonly start: PlaceInLog;
  readonly filter: FeedFilter;
  /** Most events; null: it stays open. */
  readonly limit: number | null;
  /** Address of this server as the reader knows it. */
  readonly base: string | null;
}

/** The positions that the reader of a feed holds are of a log that is not this one any more. */
export class ResetError extends Error {
  override readonly name = 'ResetError';
}

/**
 * One feed: a cursor in the log, which holds a batch of events at most. It goes from the past into what is recorded from now on
 * by the same reads, so that there is neither a gap nor a repeat between the two.
 */
export class Feed {
  readonly #work = new Work();
  #at: PlaceInLog & { readonly eventId?: string };
  #saidAt = performance.now();
  #given = 0;
  #lookedAt = 0;

  constructor(
    private readonly request: FeedRequest,
    private readonly rights: ReaderRights,
    private readonly sources: FeedSources,
    /** Aborted when the server stops, or the reader is gone. */
    private readonly signal: AbortSignal,
  ) {
    this.#at = request.start;
  }

  /** The last place that the reader has passed. */
  get position(): string {
    return this.sources.positions.encode(this.#at, this.request.account);
  }

  /** @throws RequestError, ResetError, LogDiffersError, EventStoreError, KeyBookError */
  async *items(): AsyncGenerator<FeedItem, void, undefined> {
    const { readModels } = this.sources;
    while (!this.signal.aborted) {
      await this.rights.demand();
      await this.#work.before(BATCH * EVENT);
      this.#demandSameLog();
      const { ordinal: newest } = readModels.status();
      const entries = readModels.feed({
        account: this.request.feed,
        after: this.#at.ordinal as Ordinal,
        limit: BATCH,
      });
      if (entries.length === 0) {
        if (this.request.limit !== null) return yield this.#end(false);
        await this.#demandLogOfTables();
        const heartbeat = await this.#wait(newest);
        if (heartbeat) yield heartbeat;
        continue;
      }
      const events = await this.sources.reading.read(entries, newest);
      for (const [index, entry] of entries.entries()) {
        const item = await this.#pass(entry, events[index]!);
        if (item) yield item;
        if (this.signal.aborted) return;
        if (this.#isFull) return yield this.#end(true);
      }
      if (this.#isHeartbeatDue) yield this.#heartbeat();
    }
  }

  /** True for a page that has what it may have, or looked at as much as it may. */
  get #isFull(): boolean {
    const { limit } = this.request;
    return limit !== null && (this.#given >= limit || this.#lookedAt >= limit * LOOKED_AT);
  }

  /** Goes on behind an event; gives it out if the reader wants it. */
  async #pass(entry: FeedEntry, stored: RecordedEvent): Promise<FeedItem | null> {
    this.#lookedAt += 1;
    if (!passes(stored, entry, this.request.filter)) {
      this.#at = entry;
      return null;
    }
    // A slow reader may have lost the right since the batch was read.
    await this.rights.demand();
    const opened = entry.isVoid ? stored : await this.sources.open(stored);
    const event = this.rights.names ? opened : withoutNames(opened);
    this.#at = entry;
    this.#given += 1;
    this.#saidAt = performance.now();
    const { position } = this;
    return {
      kind: 'event',
      position,
      ordinal: entry.ordinal,
      envelope: envelopeOf(event, { entry, position, base: this.request.base }),
    };
  }

  #end(more: boolean): FeedItem {
    return { kind: 'end', position: this.position, end: { more } };
  }

  #heartbeat(): FeedItem {
    this.#saidAt = performance.now();
    return { kind: 'heartbeat', position: this.position };
  }

  get #isHeartbeatDue(): boolean {
    return this.request.limit === null && performance.now() - this.#saidAt >= this.sources.heartbeatMs;
  }

  /** Waits for what comes next; resolves to a heartbeat where nothing was said for so long. */
  async #wait(newest: Ordinal): Promise<FeedItem | null> {
    const { heartbeatMs, recheckMs, readModels } = this.sources;
    const left = heartbeatMs - (performance.now() - this.#saidAt);
    if (left <= 0) return this.#heartbeat();
    const ms = Math.min(left, recheckMs);
    await waitUnless(this.signal, readModels.waitFor((newest + 1) as Ordinal, ms), ms);
    return this.#isHeartbeatDue ? this.#heartbeat() : null;
  }

  /** @throws ResetError where the tables have another event at the place that was passed last */
  #demandSameLog(): void {
    const { eventId, ordinal } = this.#at;
    if (eventId === undefined || this.sources.readModels.findPlace(ordinal as Ordinal)?.eventId === eventId)
      return;
    throw new ResetError(REPLACED);
  }

  /**
   * Looks into the log itself once nothing comes from it any more for another reason than one of its events: tables stay as
   * they are where the log was replaced under a server that runs.
   * @throws ResetError
   */
  async #demandLogOfTables(): Promise<void> {
    const { readModels, reading } = this.sources;
    const { poison, poisonEvent } = readModels.status();
    const { eventId, ordinal } = this.#at;
    if (poison === null || poisonEvent !== null || eventId === undefined) return;
    const before = readModels.findPlace((ordinal - 1) as Ordinal)?.position ?? null;
    if (!(await reading.has({ position: this.#at.position, eventId, before })))
      throw new ResetError(REPLACED);
  }
}
