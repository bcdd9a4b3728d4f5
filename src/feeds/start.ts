import type { FeedReads } from '../../projections/feed-reads';
import { BEFORE_FIRST, type Ordinal, type Place, type ReadModels } from '../../projections/view';
import { RequestError } from '../graphql/errors';
import { forked, PositionError, type PlaceInLog, type PositionCodec } from '../shared/position-codec';

/** Beginnings of feeds: behind a position that was given out, or an event that its id names. */

export interface StartSources {
  readonly readModels: Pick<ReadModels, 'waitFor' | 'waitForHead' | 'findPlace' | 'view'> &
    Pick<FeedReads, 'isInFeed'>;
  readonly positions: PositionCodec;
  readonly minPositionWaitMs: number;
}

/** Before the first event. */
export const START: PlaceInLog = { ordinal: BEFORE_FIRST, time: 0, position: 0n };

/**
 * The place that a text names to the reader of a feed (null: an operator), once this replica shows it.
 * @throws RequestError 400 for a text that is no position, 410 for one that this log does not have (any more), 503 where it is
 *   not reached
 */
export async function startAt(
  text: string,
  reader: { readonly account: string | null; readonly feed: string | null },
  sources: StartSources,
): Promise<PlaceInLog> {
  try {
    return await found(text, reader, sources);
  } catch (error) {
    if (!(error instanceof PositionError)) throw error;
    const { code, message } = error;
    throw new RequestError(code, message, {}, STATUS[code]);
  }
}

const STATUS: Readonly<Record<PositionError['code'], number>> = {
  BAD_USER_INPUT: 400,
  POSITION_OF_ANOTHER_STORE: 410,
  POSITION_OF_A_FORK: 410,
  POSITION_NOT_REACHED: 503,
};

async function found(
  text: string,
  { account, feed }: { readonly account: string | null; readonly feed: string | null },
  sources: StartSources,
): Promise<PlaceInLog> {
  const { readModels, positions } = sources;
  const named = positions.decode(text, account);
  const at = async (sought: Ordinal | bigint): Promise<Place> => {
    if (!(await readModels.waitFor(sought, sources.minPositionWaitMs))) throw NOT_REACHED;
    const place = readModels.findPlace(sought as Ordinal);
    if (!place) throw forked();
    return place;
  };
  switch (named.form) {
    case 'durable': {
      if (named.ordinal === BEFORE_FIRST) return START;
      const place = await at(named.ordinal as Ordinal);
      if (!named.fits(place)) throw forked();
      return place;
    }
    case 'pending':
      return at(named.position);
    case 'old':
      return ofOldForm(named.position, sources);
    case 'event':
      return ofEvent(named.id, feed, sources);
  }
}

/** A position of release 0.1.0 need not be that of an event: then the last one before it is meant, at the end of an append. */
async function ofOldForm(
  position: bigint,
  { readModels, minPositionWaitMs }: StartSources,
): Promise<PlaceInLog> {
  if (!(await readModels.waitFor(position, minPositionWaitMs))) throw NOT_REACHED;
  const exact = readModels.findPlace(position);
  if (exact) return exact;
  const { ordinal } = readModels.view('', { position }).pin;
  return (ordinal === BEFORE_FIRST ? null : readModels.findPlace(ordinal)) ?? START;
}

async function ofEvent(
  event: string,
  feed: string | null,
  { readModels, minPositionWaitMs }: StartSources,
): Promise<PlaceInLog> {
  const here = (): Place | null => {
    const place = readModels.findPlace({ event, account: null });
    return place && readModels.isInFeed(feed, place.ordinal) ? place : null;
  };
  const place = here();
  if (place) return place;
  if (!(await readModels.waitForHead(minPositionWaitMs))) throw NOT_REACHED;
  const now = here();
  if (!now) throw new PositionError('BAD_USER_INPUT', 'No event of this feed has that id.');
  return now;
}

const NOT_REACHED = new PositionError(
  'POSITION_NOT_REACHED',
  'This replica has not reached the position yet, or the log ends before it.',
);
