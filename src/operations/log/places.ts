import type { Ordinal, Place, ReadModels, Sought } from '../../../projections/view';
import type { EventStore, Position, RecordedEvent } from '../../event-store/port/event-store';
import type { KnownVoids } from '../../repair/known-voids';
import { isRepair, type Voids } from '../../repair/voids';
import { estimatedTotal } from '../../shared/progress';
import { forked, PositionError, type NamedEvent } from '../../shared/position-codec';

/** The place of an event, counted from that of the one before it: the same that the read models come to. */
export function placeAfter(before: Place | null, event: RecordedEvent, voids: Voids): Place {
  // Metadata of a void event may be anything, so it does not move the time line.
  const counts = !isRepair(event.stream) && voids.of(event) === null;
  const at = counts ? Date.parse(String(event.metadata.recordedAt)) : NaN;
  return {
    ordinal: ((before?.ordinal ?? 0) + 1) as Ordinal,
    position: event.position,
    time: Math.max(before?.time ?? -Infinity, Number.isNaN(at) ? 0 : at),
    eventId: event.id.toLowerCase(),
  };
}

export interface LogPlacesOptions {
  /** Read models of this very log; null: the log is walked from its start. */
  readonly tables: Pick<ReadModels, 'findPlace' | 'status'> | null;
  /** The list of void events, which was read. */
  readonly voids: KnownVoids;
  /** Reading the log; `total` is an estimate. */
  readonly onSearch?: (done: number, total: number | null) => void;
}

/** Finds events of a log by what names them: in read models where there are some, else by walking the log. */
export class LogPlaces {
  /** End of the last walk, so that a search for what comes after goes on from there. */
  #walked: Place | null = null;

  constructor(
    private readonly store: Pick<EventStore, 'readAll' | 'head'>,
    private readonly options: LogPlacesOptions,
  ) {}

  /** @throws PositionError for an event that this log does not have; EventStoreError */
  async find(named: NamedEvent): Promise<Place> {
    if (named.form === 'event') return this.#ofId(named.id);
    const sought = named.form === 'durable' ? (named.ordinal as Ordinal) : named.position;
    const place = await this.#upTo(sought);
    const fits = named.form === 'durable' ? named.fits(place) : place.position === named.position;
    if (!fits) throw forked();
    return place;
  }

  /** The place of an event that was read from the log. @throws EventStoreError */
  ofEvent({ position }: Pick<RecordedEvent, 'position'>): Promise<Place> {
    return this.#upTo(position);
  }

  /** The first event that is not before an ordinal or position. */
  async #upTo(sought: Ordinal | Position): Promise<Place> {
    const here = this.#inTables(sought);
    if (here) return here;
    const reaches = ({ ordinal, position }: Place): boolean =>
      (typeof sought === 'bigint' ? position : ordinal) >= sought;
    const from = [this.#walked, this.#lastInTables()].filter((place) => place && !reaches(place));
    const found = await this.#walk(latest(from), reaches);
    if (found) return found;
    throw new PositionError('POSITION_NOT_REACHED', 'The log ends before that position.');
  }

  async #ofId(id: string): Promise<Place> {
    const place =
      this.#inTables({ event: id, account: null }) ??
      (await this.#walk(this.#lastInTables(), ({ eventId }) => eventId === id));
    if (place) return place;
    throw new PositionError('BAD_USER_INPUT', 'The log has no event with that id.');
  }

  #inTables(sought: Sought): Place | null {
    return this.options.tables?.findPlace(sought) ?? null;
  }

  #lastInTables(): Place | null {
    const { tables } = this.options;
    return tables ? tables.findPlace(tables.status().ordinal) : null;
  }

  async #walk(from: Place | null, ends: (place: Place) => boolean): Promise<Place | null> {
    const { onSearch, voids } = this.options;
    const end = (await this.store.head())?.position;
    this.#walked = from;
    for await (const event of this.store.readAll({ after: from?.position })) {
      const place = placeAfter(this.#walked, event, voids.now);
      this.#walked = place;
      if (ends(place)) return place;
      onSearch?.(
        place.ordinal,
        end === undefined ? null : estimatedTotal(place.ordinal, place.position, end),
      );
    }
    return null;
  }
}

const latest = (places: readonly (Place | null)[]): Place | null =>
  places.reduce((best, place) => (place && (!best || place.ordinal > best.ordinal) ? place : best), null);
