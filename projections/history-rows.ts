import type { Actor } from '../src/domain/vocabulary';
import type { Position } from '../src/event-store/port/event-store';
import type { Ordinal } from './numbers';

/** Parts of what a view is asked about history, and of what it tells. */

export interface HistoryFilter {
  readonly role?: string | null;
  readonly user?: string | null;
  /** Type and id together. */
  readonly actor?: Actor | null;
  readonly permission?: string | null;
  readonly types?: readonly string[] | null;
  readonly since?: Date | null;
  readonly until?: Date | null;
}

/** Ordinals of the first and the last event of an append. */
export interface Append {
  readonly first: Ordinal;
  readonly last: Ordinal;
}

/** Declaration that an event is void: its time, actor and reason. */
export interface VoidRow {
  readonly at: Date;
  readonly actor: Actor;
  /** Null where it could not be decrypted. */
  readonly reason: string | null;
  /** Position of the declaration. */
  readonly position: Position;
  /** Type of the void event, as it was recorded. */
  readonly type: string;
}

export interface NameAsked {
  readonly kind: 'role' | 'user';
  readonly id: string;
  readonly at: Ordinal;
}
