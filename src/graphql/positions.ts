import {
  BEFORE_FIRST,
  type AsOf,
  type Ordinal,
  type Place,
  type ReadModels,
  type Sought,
} from '../../projections/view';
import type { Position } from '../event-store/port/event-store';
import {
  forked,
  PositionError,
  type PlaceInLine,
  type PlaceInLog,
  type PositionCodec,
} from '../shared/position-codec';
import { TURN, type Work } from '../shared/turns';
import { badInput, requestError } from './errors';

/** Parts of the services that positions rest on. */
export interface PositionSources {
  readonly readModels: Pick<ReadModels, 'waitFor' | 'waitForHead' | 'findPlace' | 'status'>;
  readonly positions: PositionCodec;
  readonly minPositionWaitMs: number;
}

/** Positions as one account gives and gets them. */
export class Positions {
  constructor(
    private readonly sources: PositionSources,
    private readonly account: string,
    private readonly work: Work,
  ) {}

  encode(place: PlaceInLog): string {
    return this.sources.positions.encode(place, this.account);
  }

  /** The position of an event by its place in the log; of one that this replica does not show yet too. */
  encodePosition(position: Position): string {
    const { readModels, positions } = this.sources;
    const place = readModels.findPlace(position);
    return place ? this.encode(place) : positions.encodePending(position, this.account);
  }

  /**
   * Waits until this replica shows the event that a text names, and gives the moment.
   * @throws RequestError `BAD_USER_INPUT`, `POSITION_OF_ANOTHER_STORE`, `POSITION_OF_A_FORK`, `POSITION_NOT_REACHED`
   */
  async reach(text: string): Promise<AsOf> {
    try {
      return await this.reachNamed(text);
    } catch (error) {
      throw error instanceof PositionError ? requestError(error.code, error.message) : error;
    }
  }

  private async reachNamed(text: string): Promise<AsOf> {
    const named = this.sources.positions.decode(text, this.account);
    switch (named.form) {
      case 'old':
        await this.waitFor(named.position);
        return { position: named.position };
      case 'pending':
        await this.waitFor(named.position);
        return this.momentOf(named.position);
      case 'durable': {
        const ordinal = named.ordinal as Ordinal;
        if (ordinal === BEFORE_FIRST) return { ordinal };
        await this.waitFor(ordinal);
        return this.momentOf(ordinal, named.fits);
      }
      case 'event':
        return this.momentOfEvent({ event: named.id, account: this.account });
    }
  }

  private momentOf(sought: Ordinal | Position, fits: (place: PlaceInLine) => boolean = () => true): AsOf {
    const place = this.sources.readModels.findPlace(sought);
    if (!place || !fits(place)) throw forked();
    return { ordinal: place.ordinal };
  }

  /**
   * Waits until this replica shows an entry of the account's history, and gives the moment that shows it first.
   * @throws RequestError `BAD_USER_INPUT`, `POSITION_NOT_REACHED`
   */
  async reachEntry(entry: Ordinal): Promise<AsOf> {
    await this.waitFor(entry);
    if (!this.sources.readModels.findPlace({ entry, account: this.account }))
      throw badInput('`asOf.event` is no entry of this account’s history.');
    return { showing: entry };
  }

  private async momentOfEvent(sought: Sought): Promise<AsOf> {
    const { readModels, minPositionWaitMs } = this.sources;
    const here = await this.placeOfEvent(sought);
    if (here) return { ordinal: here.ordinal };
    if (!(await readModels.waitForHead(minPositionWaitMs))) throw this.notReached();
    const now = await this.placeOfEvent(sought);
    if (!now) throw badInput('No event of this account’s history has that id.');
    return { ordinal: now.ordinal };
  }

  /** A search takes about a turn. */
  private async placeOfEvent(sought: Sought): Promise<Place | null> {
    await this.work.before(TURN);
    return this.sources.readModels.findPlace(sought);
  }

  private async waitFor(until: Position | Ordinal): Promise<void> {
    const { readModels, minPositionWaitMs } = this.sources;
    if (!(await readModels.waitFor(until, minPositionWaitMs))) throw this.notReached();
  }

  private notReached(): Error {
    const { ordinal } = this.sources.readModels.status();
    const place = this.sources.readModels.findPlace(ordinal);
    return requestError(
      'POSITION_NOT_REACHED',
      'This replica has not reached the position yet. Try again, or another replica.',
      { reached: place && this.encode(place) },
    );
  }
}
