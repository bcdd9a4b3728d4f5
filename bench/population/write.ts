import type { EventStore, Position } from '../../src/event-store/port/event-store';
import type { AccountSealing } from '../../src/sealing/sealing';
import type { Append } from './events';
import { sealed } from './sealed';

/** Appends handed to the log at once: they share its commits. */
const AT_ONCE = 1_000;

/** Log of an account, and its sealing. */
export interface Written {
  readonly store: Pick<EventStore, 'append'>;
  readonly sealing: AccountSealing;
}

/** Writes appends in their order, encrypted; resolves with the position of the last. */
export async function writeAll(
  to: Written,
  appends: Iterable<Append>,
  onWritten: (events: number) => void,
): Promise<Position> {
  let underWay: Promise<Position>[] = [];
  let last: Position | null = null;
  const settle = async (): Promise<void> => {
    last = (await Promise.all(underWay)).at(-1) ?? last;
    underWay = [];
  };
  for (const append of appends) {
    const begun = write(to.store, await sealed(append, to.sealing), onWritten);
    // A failure reaches the caller when the others are settled; until then it is not lost.
    begun.catch(() => undefined);
    underWay.push(begun);
    if (underWay.length >= AT_ONCE) await settle();
  }
  await settle();
  if (last === null) throw new Error('There was nothing to write.');
  return last;
}

async function write(
  store: Pick<EventStore, 'append'>,
  { stream, expected, events }: Append,
  onWritten: (events: number) => void,
): Promise<Position> {
  const result = await store.append(stream, expected, events);
  if (result.outcome === 'conflict') throw new Error(`The population conflicts on ${stream}.`);
  onWritten(events.length);
  return result.position;
}
