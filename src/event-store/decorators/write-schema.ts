import { FIRST_SCHEMA, writableSchema } from '../../domain/schema-versions';
import type { EventStore, LogReader } from '../port/event-store';

/** Highest schema version that may be written now. @throws EventStoreError */
export type WriteSchema = NonNullable<EventStore['writableSchema']>;

export interface WriteSchemaOptions {
  /** Highest version by the setting, whoever follows the log; null: what all of them read. */
  readonly setting?: number | null;
  /** Told, at most once a minute, that a process which follows the log keeps an event from being written. */
  readonly onHeld?: (wanted: number, by: LogReader) => void;
  readonly now?: () => number;
}

/** Time for which an answer is used that allows what is wanted, and one that does not, in milliseconds. */
const KEPT_MS = { allowed: 10_000, refused: 1_000 } as const;
const TOLD_MS = 60_000;

/** Asks the processes that follow a log what they read. What every release reads needs no question. */
export function writeSchemaOf(
  store: Pick<EventStore, 'lowestReader'>,
  { setting = null, onHeld = () => undefined, now = Date.now }: WriteSchemaOptions = {},
): WriteSchema {
  let known: Answer = { schema: FIRST_SCHEMA, lowest: null, at: -Infinity };
  let asking: Promise<Answer> | null = null;
  let toldAt = -Infinity;
  const ask = async (): Promise<Answer> => {
    const lowest = setting === null ? ((await store.lowestReader?.()) ?? null) : null;
    const schema = writableSchema({ setting, lowestReader: lowest?.schema ?? null });
    return { schema, lowest, at: now() };
  };
  return async (wanted) => {
    const keep = KEPT_MS[wanted <= known.schema ? 'allowed' : 'refused'];
    // Commands come many at once, and the log is asked once for all of them.
    if (now() >= known.at + keep) known = await (asking ??= ask().finally(() => (asking = null)));
    const { schema, lowest } = known;
    if (lowest !== null && wanted > schema && now() >= toldAt + TOLD_MS) {
      toldAt = now();
      onHeld(wanted, lowest);
    }
    return schema;
  };
}

interface Answer {
  readonly schema: number;
  readonly lowest: LogReader | null;
  /** When it was given. */
  readonly at: number;
}
