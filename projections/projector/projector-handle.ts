import { BEFORE_FIRST } from '../numbers';
import type { Checkpoint } from '../tables/timeline';
import type { PlacedEvent, NewerEvent, Progress, ReplicaStatus } from '../view';

/** State of a projector, as last reported. Plain data, since the projector may run in another thread. */
export interface ProjectorState {
  readonly state: ReplicaStatus['state'];
  readonly checkpoint: Checkpoint | null;
  /**
   * Start of the lag: the time since which the log has events that are not in the tables, in milliseconds; null if
   * none are known.
   */
  readonly behindSince: number | null;
  /** Events that wait to be committed; null if not known. */
  readonly waiting: number | null;
  readonly poison: string | null;
  readonly poisonEvent: PlacedEvent | null;
  readonly newer: NewerEvent | null;
  /** Offset of this machine's clock from the log's, in milliseconds; null where the subscription does not show it. */
  readonly clockSkewMs: number | null;
}

/** Callbacks by which a projector reports. */
export interface ProjectorEvents {
  /** Called after each commit, and whenever another part of its state changed. */
  readonly onState: (state: ProjectorState) => void;
  readonly onTrouble?: (why: string, retryInMs: number) => void;
  readonly onProgress?: (progress: Progress) => void;
}

/** A projector, in this thread or another one. */
export interface ProjectorHandle {
  readonly state: ProjectorState;
  start(): void;
  /** Ends it between two transactions and closes its connection. */
  stop(): Promise<void>;
}

/** Turns a projector's state into the status that the rest of the program reads. */
export function replicaStatus({
  state,
  checkpoint,
  behindSince,
  waiting,
  poison,
  poisonEvent,
  newer,
}: ProjectorState): ReplicaStatus {
  const live = state === 'live';
  return {
    state,
    ordinal: checkpoint?.ordinal ?? BEFORE_FIRST,
    position: checkpoint?.position ?? null,
    staleSince: live || behindSince === null ? null : new Date(behindSince),
    lagEvents: live ? waiting : null,
    lagMs: behindSince === null ? 0 : Date.now() - behindSince,
    poison,
    poisonEvent,
    newer,
  };
}
