import { FIRST_SCHEMA } from '../../../domain/schema-versions';
import type { LogReader } from '../../port/event-store';
import { createdAt, dataOf, type ReadRecord } from '../messages';

/**
 * Data of heartbeats: what a process says of itself. All that a release before these says is that it is there. Pure.
 *
 * Processes share streams, of which a read gives the last event alone. So each says for those that it heard on its own
 * stream lately, and none is hidden by another for longer than it takes to hear it.
 */
export interface BeatData {
  /** Highest version of the event schemas that the process reads. */
  readonly reads: number;
  /** Its host and number, for people who look for it. */
  readonly process: string;
  /** Lowest version that another process on the same stream lately read; left out where there was none. */
  readonly beside?: number;
}

/** Processes that have not been heard for so long are gone, or paused, in milliseconds; `$maxAge` of the streams is the same. */
export const LIVE_MS = 60_000;

/** The process that a heartbeat is of. */
export function speakerIn(record: ReadRecord): LogReader {
  const { reads, process } = parsed(record);
  return {
    schema: isVersion(reads) ? reads : FIRST_SCHEMA,
    process: typeof process === 'string' ? process : null,
  };
}

/** The same, or one on its stream that reads less; null for a heartbeat of too long ago. */
export function readerIn(record: ReadRecord, now: number): LogReader | null {
  const created = createdAt(record);
  if (created !== null && created <= now - LIVE_MS) return null;
  const speaker = speakerIn(record);
  const { beside } = parsed(record);
  return isVersion(beside) && beside < speaker.schema ? { schema: beside, process: null } : speaker;
}

/** The reader of the lowest version; null where there is none. */
export const lowestOf = (readers: readonly (LogReader | null)[]): LogReader | null =>
  readers.reduce(
    (lowest, each) => (each !== null && each.schema < (lowest?.schema ?? Infinity) ? each : lowest),
    null,
  );

const isVersion = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;

function parsed(record: ReadRecord): Readonly<Partial<Record<keyof BeatData, unknown>>> {
  try {
    const value = JSON.parse(dataOf(record)) as unknown;
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
