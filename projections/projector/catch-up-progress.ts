import type { Position } from '../../src/event-store/port/event-store';
import { estimatedTotal, every } from '../../src/shared/progress';
import type { Checkpoint } from '../tables/timeline';
import type { Ordinal } from '../view';

const PROGRESS_MS = 1_000;

/** What the projector tells while it catches up, about once a second. */
export interface Progress {
  /** Events in the tables. */
  readonly done: Ordinal;
  /** About how many there are, judged by how far along the log they lie; null where nothing can be said. */
  readonly total: number | null;
}

/** Progress towards the head that stood when catching up began. */
export class CatchUpProgress {
  /** Returns true when it is time for a report. */
  readonly isDue = every(PROGRESS_MS);

  constructor(private readonly target: Position | null) {}

  progress(checkpoint: Checkpoint | null): Progress {
    const done = checkpoint?.ordinal ?? 0;
    return {
      done,
      total: checkpoint && this.target ? estimatedTotal(done, checkpoint.position, this.target) : null,
    };
  }
}
