import type { Ordinal } from '../../../projections/view';
import type { PlaceInLog } from '../../shared/position-codec';
import { Work } from '../../shared/turns';
import { ResetError, type FeedSources } from '../feed';
import type { FeedItem } from '../items';
import type { ReaderRights } from '../rights';
import { waitUnless } from '../wait';

/** Places that are passed in one step. */
const BATCH = 1_000;

/**
 * Positions to which the data of an account have come, without a look at its events: many at once are one position. The first is told at
 * once, and the last again with each heartbeat.
 */
export class PositionFeed {
  readonly #work = new Work();
  #saidAt = -Infinity;
  #at: PlaceInLog & { readonly eventId?: string };

  constructor(
    private readonly request: { readonly account: string; readonly start: PlaceInLog },
    private readonly rights: ReaderRights,
    private readonly sources: FeedSources,
    private readonly signal: AbortSignal,
  ) {
    this.#at = request.start;
  }

  get position(): string {
    return this.sources.positions.encode(this.#at, this.request.account);
  }

  /** @throws RequestError, ResetError */
  async *items(): AsyncGenerator<FeedItem, void, undefined> {
    const { readModels, heartbeatMs } = this.sources;
    while (!this.signal.aborted) {
      await this.rights.demand();
      await this.#work.before(BATCH);
      this.#demandSameLog();
      const { ordinal: newest } = readModels.status();
      const passed = this.#pass();
      if (passed === BATCH) continue;
      if (passed === 0 && performance.now() - this.#saidAt < heartbeatMs) await this.#wait(newest);
      else {
        this.#saidAt = performance.now();
        yield { kind: 'heartbeat', position: this.position };
      }
    }
  }

  #pass(): number {
    const after = this.#at.ordinal as Ordinal;
    const entries = this.sources.readModels.feed({ account: this.request.account, after, limit: BATCH });
    this.#at = entries.at(-1) ?? this.#at;
    return entries.length;
  }

  async #wait(newest: Ordinal): Promise<void> {
    const { heartbeatMs, recheckMs, readModels } = this.sources;
    const left = Math.max(1, heartbeatMs - (performance.now() - this.#saidAt));
    const ms = Math.min(left, recheckMs);
    await waitUnless(this.signal, readModels.waitFor((newest + 1) as Ordinal, ms), ms);
  }

  /** @throws ResetError */
  #demandSameLog(): void {
    const { eventId, ordinal } = this.#at;
    if (eventId === undefined) return;
    if (this.sources.readModels.findPlace(ordinal as Ordinal)?.eventId !== eventId)
      throw new ResetError('This log has another event at that position: it was replaced.');
  }
}
