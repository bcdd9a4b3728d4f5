import type { Position } from '../src/event-store/port/event-store';
import type { Ordinal } from './numbers';
import type { Place } from './view';

/** An event of a feed, and where it is; what is in it is in the log. */
export interface FeedEntry extends Place {
  /** Position of the event before it in the log; null for the first. */
  readonly before: Position | null;
  /** Owner of its stream: an account, the catalogue, or nobody. */
  readonly owner: { readonly kind: 'account'; readonly id: string } | { readonly kind: 'catalogue' | 'log' };
  /** Number among the events of its owner, from 1. */
  readonly number: number;
  readonly isVoid: boolean;
}

/** Part of a feed. */
export interface FeedAsked {
  /** The feed of an account has its own events and those of the catalogue; null: that of operators has all. */
  readonly account: string | null;
  /** Exclusive. */
  readonly after: Ordinal;
  readonly limit: number;
}

/** Feeds, as those know them who hand out events. */
export interface FeedReads {
  /** The next events of a feed that the tables hold, oldest first. */
  feed(asked: FeedAsked): readonly FeedEntry[];
  /** True if an event that the tables hold is in the feed of an account; null: of operators. */
  isInFeed(account: string | null, ordinal: Ordinal): boolean;
}
