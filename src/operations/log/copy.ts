import { EventStoreError, type EventStore, type RecordedEvent } from '../../event-store/event-store';

/** The two logs differ where they should be equal; nothing was written from there on. */
export class LogsDiffer extends Error {}

type CopyTarget = Pick<EventStore, 'readAll' | 'append'>;

/** How often an append whose outcome is unknown, or whose log is away, is sent again. */
const ATTEMPTS = 10;

/**
 * Copies a log into another: ids, order, metadata and so `recordedAt` are kept, appends stay whole. The target must
 * hold a beginning of the source, nothing or an earlier copy that was interrupted; what it holds is compared first.
 * One append after another, for the order over all streams is part of the record.
 * @returns number of events compared and copied
 * @throws LogsDiffer
 */
export async function copyLog(
  source: EventStore,
  target: CopyTarget,
  onProgress: (done: number) => void,
): Promise<{ readonly compared: number; readonly copied: number }> {
  const existing = target.readAll()[Symbol.asyncIterator]();
  let present = await existing.next();
  let compared = 0;
  let copied = 0;
  let group: RecordedEvent[] = [];
  for await (const event of source.readAll()) {
    if (!present.done) {
      checkSame(event, present.value);
      compared += 1;
      present = await existing.next();
      onProgress(compared);
      continue;
    }
    group.push(event);
    if (event.metadata.part !== event.metadata.parts) continue;
    await appendAgain(target, group);
    copied += group.length;
    group = [];
    onProgress(compared + copied);
  }
  if (!present.done) throw new LogsDiffer(`The target holds ${present.value.id}, which the source does not.`);
  return { compared, copied };
}

/** Walks two logs side by side. @throws LogsDiffer at the first difference */
export async function compareLogs(
  source: EventStore,
  target: EventStore,
  onProgress: (done: number) => void,
): Promise<number> {
  const { compared, copied } = await copyLog(source, readOnly(target), onProgress);
  return compared + copied;
}

function readOnly(store: EventStore): CopyTarget {
  return {
    readAll: (options) => store.readAll(options),
    append: () => Promise.reject(new LogsDiffer('The target lacks events of the source.')),
  };
}

function checkSame(event: RecordedEvent, other: RecordedEvent): void {
  const same =
    event.id === other.id &&
    event.stream === other.stream &&
    event.revision === other.revision &&
    event.type === other.type &&
    JSON.stringify([event.data, event.metadata]) === JSON.stringify([other.data, other.metadata]);
  if (!same)
    throw new LogsDiffer(
      `Revision ${event.revision} of ${event.stream} differs from what the target holds there.`,
    );
}

async function appendAgain(target: CopyTarget, group: readonly RecordedEvent[]): Promise<void> {
  const [first] = group;
  if (!first) return;
  const expected = first.revision === 0 ? 'no-stream' : first.revision - 1;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await target.append(first.stream, expected, group);
      if (result.outcome === 'appended') return;
      throw new LogsDiffer(`The target has another event at revision ${first.revision} of ${first.stream}.`);
    } catch (error) {
      const passing =
        error instanceof EventStoreError && ['UNKNOWN_OUTCOME', 'UNAVAILABLE'].includes(error.code);
      if (!passing || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100 * attempt));
    }
  }
}
