import type { EventStore } from '../event-store/port/event-store';
import { readVoids, Voids } from './voids';

/** The list of void events as a long-lived reader keeps it: read at its start, and again when there is a reason to. */
export class KnownVoids {
  #now = Voids.NONE;

  constructor(private readonly store: Pick<EventStore, 'readStream'>) {}

  /** List as it was last read. */
  get now(): Voids {
    return this.#now;
  }

  /** Reads the list again: at a start, and where an event cannot be applied. @throws EventStoreError */
  async again(): Promise<Voids> {
    this.#now = await readVoids(this.store);
    return this.#now;
  }
}
