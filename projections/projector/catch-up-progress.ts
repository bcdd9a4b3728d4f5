import type { Position } from '../../src/event-store/port/event-store';
import { estimatedTotal, every } from '../../src/shared/progress';
import { BEFORE_FIRST } from '../numbers';
import type { Checkpoint } from '../tables/timeline';
import type { Progress } from '../view';

const PROGRESS_MS = 1_000;

/** Progress towards the head as it was when catching up began. */
export class CatchUpProgress {
  /** Returns true when it is time for a report. */
  readonly isDue = every(PROGRESS_MS);

  constructor(private readonly target: Position | null) {}

  progress(checkpoint: Checkpoint | null): Progress {
    const done = checkpoint?.ordinal ?? BEFORE_FIRST;
    return {
      done,
      total: checkpoint && this.target ? estimatedTotal(done, checkpoint.position, this.target) : null,
    };
  }
}
