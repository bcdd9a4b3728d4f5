import type { Position } from '../../src/event-store/port/event-store';
import type { Checkpoint } from '../tables/timeline';
import type { Ordinal } from '../view';

const PROGRESS_MS = 1_000;

/** What the projector tells while it catches up, about once a second. */
export interface Progress {
  /** Events in the tables. */
  readonly done: Ordinal;
  /** About how many there are, judged by how far along the log they lie; null where nothing can be said. */
  readonly total: number | null;
  /** Events a second. */
  readonly rate: number;
}

/** About how many events there are up to `target`, where `done` of them reach to `position`. */
export function estimatedTotal(done: number, position: Position, target: Position): number | null {
  // Positions are no counts, but their share of the way is near enough to show.
  const share = Number(position) / Number(target);
  return share > 0 ? Math.max(done, Math.round(done / share)) : null;
}

/** How fast catching up goes, and when to tell. */
export class CatchUpProgress {
  readonly #start = performance.now();
  #told = performance.now();

  constructor(
    private readonly target: Position | null,
    private readonly from: Ordinal,
  ) {}

  report(): boolean {
    if (performance.now() - this.#told < PROGRESS_MS) return false;
    this.#told = performance.now();
    return true;
  }

  progress(checkpoint: Checkpoint | null): Progress {
    const done = checkpoint?.ordinal ?? 0;
    const seconds = (performance.now() - this.#start) / 1_000;
    return {
      done,
      total: checkpoint && this.target ? estimatedTotal(done, checkpoint.position, this.target) : null,
      rate: Math.round((done - this.from) / seconds),
    };
  }
}
