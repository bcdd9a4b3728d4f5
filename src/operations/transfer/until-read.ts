import type { Position } from '../../event-store/port/event-store';
import type { ReadModels } from '../../../projections/view';

const STEP_MS = 200;
/** Tables that make no progress for this long, in milliseconds, are stuck. */
const STUCK_MS = 30_000;

/**
 * Waits until the read models hold a position, as long as they make progress. False if they are stuck: the events in
 * the log stay, and they will show them when they resume. Progress is in positions of the log, near enough to events.
 */
export async function untilRead(
  readModels: ReadModels,
  position: Position,
  onProgress: (done: number, total: number) => void,
): Promise<boolean> {
  const start = readModels.status().position ?? 0n;
  let nearest = start;
  let since = Date.now();
  while (!(await readModels.waitFor(position, STEP_MS))) {
    const reached = readModels.status().position ?? 0n;
    onProgress(Number(reached - start), Number(position - start));
    if (reached > nearest) since = Date.now();
    else if (Date.now() - since > STUCK_MS) return false;
    nearest = reached;
  }
  return true;
}
