import { endsAppend } from '../../../projections';
import { estimatedTotal } from '../../shared/progress';
import type { EventStore, Position } from '../../event-store/port/event-store';
import type { Voids } from '../../repair/voids';

/** Called while reading the log up to the time; `total` is an estimate. */
export type OnSearch = (done: number, total: number | null) => void;

export interface SearchOptions {
  /** The position of an earlier moment, behind which the search begins; null: at the start of the log. */
  readonly after?: Position | null;
  readonly onSearch?: OnSearch;
}

/**
 * Finds the position in the log that corresponds to a time, as `asOf` of the API does: the end of the last append
 * before any event was recorded later. Clocks do not order events: an event after that position is later even if its
 * writer's clock was behind and its own time is earlier. Null if every event is later.
 */
export async function placeOfMoment(
  store: EventStore,
  moment: Date,
  voids: Voids,
  { after = null, onSearch }: SearchOptions = {},
): Promise<Position | null> {
  const end = (await store.head())?.position;
  let place = after;
  let done = 0;
  for await (const event of store.readAll({ after: after ?? undefined })) {
    // Metadata of a void event may be anything, so it does not move the time line.
    if (!voids.of(event) && Date.parse(String(event.metadata.recordedAt)) > moment.getTime()) break;
    if (endsAppend(event)) place = event.position;
    done += 1;
    onSearch?.(done, end === undefined ? null : estimatedTotal(done, event.position, end));
  }
  return place;
}
