import type { EventStore } from '../event-store/port/event-store';
import { readVoids, Voids } from './voids';

/** Cache of the list of void events for a long-lived reader: read at its start, and reread when there is a reason. */
export class KnownVoids {
  #now = Voids.NONE;

  constructor(private readonly store: Pick<EventStore, 'readStream'>) {}

  /** List as of the last read. */
  get now(): Voids {
    return this.#now;
  }

  /** Rereads the list: at a start, and when an event cannot be applied. @throws EventStoreError */
  async again(): Promise<Voids> {
    this.#now = await readVoids(this.store);
    return this.#now;
  }
}
