import type { Place } from '../projections/view';
import type { EventStore, Position } from '../src/event-store/port/event-store';
import { placeAfter } from '../src/operations/log/places';
import { readVoids } from '../src/repair/voids';
import { PositionCodec } from '../src/shared/position-codec';

export const codecOf = async (store: EventStore): Promise<PositionCodec> =>
  new PositionCodec({ identity: await store.identity(), line: await store.line() });

/** Positions of a log that lies still, as an account sees them. */
export interface KnownPositions {
  /** The durable position of an event. */
  textOf(position: Position): string;
  /** The durable position that stands for one that a client got, which may be pending. */
  settled(text: string): string;
}

export async function knownPositions(store: EventStore, account: string): Promise<KnownPositions> {
  const codec = await codecOf(store);
  const voids = await readVoids(store);
  const texts = new Map<Position, string>();
  const pending = new Map<string, string>();
  let place: Place | null = null;
  for await (const event of store.readAll()) {
    place = placeAfter(place, event, voids);
    const text = codec.encode(place, account);
    texts.set(event.position, text);
    pending.set(codec.encodePending(event.position, account), text);
  }
  return {
    textOf: (position) => texts.get(position) ?? `position ${position}`,
    settled: (text) => pending.get(text) ?? text,
  };
}
