import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openReadModels } from '../../../projections';
import type { PlacedEvent, NewerEvent, Progress } from '../../../projections/view';
import type { EventStore, Position, SubscriptionItem } from '../../event-store/port/event-store';

/** Result of projecting a log from its first event. */
export interface Projected {
  /** Digest of the tables; see `rolebook digest`. */
  readonly digest: string;
  /** Number of events in the tables. */
  readonly ordinal: number;
  /** Reason for which it stopped early, if it did; and the event, if an event was the reason. */
  readonly poison: string | null;
  readonly poisonEvent: PlacedEvent | null;
  /** The event that this program is too old for, if it stopped at one. */
  readonly newer: NewerEvent | null;
}

/** End of the projection: a number of events, or a position in the log; left out: the log's head. */
export interface AsideOptions {
  /** Folder in which the tables are built, in a folder of their own that is deleted afterwards. */
  readonly directory: string;
  readonly events?: number;
  readonly until?: Position;
  readonly onProgress?: (progress: Progress) => void;
}

/** Longer than any walk. */
const FOREVER_MS = 2 ** 31 - 1;

/** Projects a log into temporary tables, by the code that fills the tables of a replica. @throws EventStoreError */
export async function projectAside(
  store: EventStore,
  { directory, events = Infinity, until, onProgress }: AsideOptions,
): Promise<Projected> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(path.join(directory, 'aside-'));
  try {
    const bounded = events === Infinity ? store : firstOf(store, events);
    const models = await openReadModels({ directory: folder, store: bounded, alone: true, onProgress });
    try {
      const reached = until === undefined ? [] : [models.waitFor(until, FOREVER_MS)];
      await Promise.race([models.caughtUp().catch(() => undefined), ...reached]);
      const { ordinal, poison, poisonEvent, newer } = models.status();
      return { digest: await models.digest(), ordinal, poison, poisonEvent, newer };
    } finally {
      await models.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A log as it was at this number of events. The list of void events is today's: it concerns the past. */
function firstOf(store: EventStore, events: number): EventStore {
  return {
    identity: () => store.identity(),
    line: () => store.line(),
    takeLine: (line) => store.takeLine(line),
    format: () => store.format(),
    origin: () => store.origin(),
    takeFormat: (...args) => store.takeFormat(...args),
    append: (...args) => store.append(...args),
    appendInOrder: (appends) => store.appendInOrder(appends),
    readStream: (...args) => store.readStream(...args),
    readAll: (options) => store.readAll(options),
    head: () => store.head(),
    close: () => store.close(),
    async *subscribe({ after, signal }): AsyncGenerator<SubscriptionItem, void, undefined> {
      let left = events;
      for await (const item of store.subscribe({ after, signal })) {
        if (item.kind === 'event') left -= 1;
        if (left >= 0) yield item;
        if (left > 0 || signal.aborted) continue;
        yield { kind: 'caught-up', position: null };
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        return;
      }
    },
  };
}
