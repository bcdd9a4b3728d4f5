import type { RoleEvent } from '../../domain/role/events';
import { evolveRole, type RoleState } from '../../domain/role/state';
import type { Actor } from '../../domain/vocabulary';
import type { Position } from '../../event-store/port/event-store';
import type { ActorRights, DecisionReads } from '../decision-reads';
import type { LoadedStream } from '../streams/stream-state';

/**
 * The commands of one mutation, decided one after another, and the state that they share. It never leaves the process:
 * a context that was sent from elsewhere has none.
 */
export class Batch {
  private rights: ActorRights | undefined;
  private readonly rehearsed = new Map<string, readonly RoleEvent[]>();
  private readonly written = new Map<string, Position>();

  constructor(
    /** Name of the whole, under which the idempotency keys of its commands hold, whatever the type of each. */
    readonly name: string,
    /** True if the commands are decided and nothing is written: each on what those before it would have written. */
    readonly isDryRun: boolean,
  ) {}

  /** The rights of a user at the first command: one of them may take away what the others need. */
  rightsOf(reads: DecisionReads, account: string, { id }: Actor): ActorRights {
    return (this.rights ??= reads.rights(account, id));
  }

  /** Keeps events of a role that a dry run decided. */
  rehearse(stream: string, events: readonly RoleEvent[]): void {
    this.rehearsed.set(stream, [...(this.rehearsed.get(stream) ?? []), ...events]);
  }

  /** Events of a role that a dry run decided so far, in their order. */
  rehearsedOn(stream: string): readonly RoleEvent[] {
    return this.rehearsed.get(stream) ?? [];
  }

  /** Keeps the position of the last event that one of the commands wrote to a stream. */
  wrote(stream: string, position: Position): void {
    this.written.set(stream, position);
  }

  /** True if the last event of a stream is one of these commands’ own. */
  wroteLast({ stream, position }: Pick<LoadedStream<unknown>, 'stream' | 'position'>): boolean {
    return position !== null && this.written.get(stream) === position;
  }

  /** A role as it would be after the events that were decided so far. */
  over(loaded: LoadedStream<RoleState>): LoadedStream<RoleState> {
    const events = this.rehearsed.get(loaded.stream);
    return events ? { ...loaded, state: events.reduce(evolveRole, loaded.state) } : loaded;
  }
}

/** The rights that an actor is judged by; null for actors other than users, who need none. */
export function rightsOf(
  { account, actor, batch }: { readonly account: string; readonly actor: Actor; readonly batch?: Batch },
  reads: DecisionReads,
): ActorRights | null {
  if (actor.type !== 'user') return null;
  return batch?.rightsOf(reads, account, actor) ?? reads.rights(account, actor.id);
}
