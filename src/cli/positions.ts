import { openReadOnlyOf } from '../../projections';
import type { Place } from '../../projections/view';
import type { EventStore, RecordedEvent } from '../event-store/port/event-store';
import { LogPlaces } from '../operations/log/places';
import { KnownVoids } from '../repair/known-voids';
import type { EventVoid } from '../repair/voids';
import { PositionCodec, PositionError } from '../shared/position-codec';
import { CliError } from './output';
import { stepProgress } from './progress';

/** Positions on the command line: read as clients give them, and printed as clients get them. */
export class LogPositions {
  constructor(
    readonly voids: KnownVoids,
    private readonly codec: PositionCodec,
    private readonly places: LogPlaces,
    /** Account that positions are shown to; null: operators. */
    private readonly account: string | null,
  ) {}

  /** The event that a text names; one that this log does not have is given to `otherwise`. @throws CliError */
  async find<T = never>(text: string, otherwise: (error: PositionError) => T = refuse): Promise<Place | T> {
    try {
      return await this.places.find(this.codec.decode(text, this.account));
    } catch (error) {
      if (!(error instanceof PositionError)) throw error;
      return ['POSITION_OF_A_FORK', 'POSITION_NOT_REACHED'].includes(error.code)
        ? otherwise(error)
        : refuse(error);
    }
  }

  encode(place: Place): string {
    return this.codec.encode(place, this.account);
  }

  async ofEvent(event: Pick<RecordedEvent, 'position'>): Promise<string> {
    return this.encode(await this.places.ofEvent(event));
  }

  /** The mark of a void event, as commands print it. */
  async voidAsJson(declared: EventVoid): Promise<object> {
    const { at, by, reason } = declared;
    const position = await this.ofEvent(declared);
    const { type: actorType, id: actorId, host: actorHost } = by;
    return { at: at.toISOString(), actorType, actorId, actorHost, reason, position };
  }
}

function refuse({ code, message }: PositionError): never {
  throw new CliError(`${code}: ${message}`);
}

export interface PositionsOptions {
  /** Folder that may hold read models of the log; without, the log is walked to find an event. */
  readonly directory: string;
  readonly account: string | null;
  /** The log as declarations are read from it, with their reasons decrypted; left out: the log as it is. */
  readonly opened?: EventStore;
}

/** Positions of a log, while something is done with it. */
export async function withPositions<T>(
  store: EventStore,
  { directory, account, opened = store }: PositionsOptions,
  work: (positions: LogPositions) => Promise<T>,
): Promise<T> {
  const codec = new PositionCodec({ identity: await store.identity(), line: await store.line() });
  const voids = new KnownVoids(opened);
  await voids.again();
  const shown = stepProgress();
  const onSearch = (done: number, total: number | null): void =>
    shown.update('Looking for the position', done, total);
  const tables = await openReadOnlyOf(store, directory);
  try {
    const places = new LogPlaces(store, { tables, voids, onSearch });
    return await work(new LogPositions(voids, codec, places, account));
  } finally {
    shown.finish();
    tables?.close();
  }
}
