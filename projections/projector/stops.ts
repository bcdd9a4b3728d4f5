import { NewerEventError } from '../../src/event-store/port/event-store';
import { placeOf, PoisonError } from '../reducers/checked-event';
import { describeError } from './is-event-fault';
import type { ProjectorState } from './projector-handle';

/** Reasons why a projector stops, or begins anew. */

/** The event that stopped it, as a projector's state tells it. */
export function stopOf(stop: unknown): Pick<ProjectorState, 'poison' | 'poisonEvent' | 'newer'> {
  if (stop instanceof NewerEventError) {
    const newer = { ...placeOf(stop.event), schema: stop.schema };
    return { poison: null, poisonEvent: null, newer };
  }
  return {
    poison: stop === null ? null : describeError(stop),
    poisonEvent: stop instanceof PoisonError ? stop.place : null,
    newer: null,
  };
}

/** The log no longer has what was projected, or declares some of it void; a restart will build anew. */
export class LogDiffersError extends Error {
  override readonly name = 'LogDiffersError';

  constructor() {
    super(
      'the log no longer holds the projected events, or declares some of them void; restart to rebuild the read models',
    );
  }
}

/** A new event on the stream of repairs: the list of void events is reread, and projecting resumes with that. */
export class VoidsGrewError extends Error {
  override readonly name = 'VoidsGrewError';
}
