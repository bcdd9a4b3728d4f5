import { RequestContext } from '../context';

/** Source of subscriptions, as far as the schema knows it. */

/** One thing that a feed says to a subscription. */
export interface FeedMessage {
  readonly position: string;
  /** Null for a heartbeat: nothing new up to the position. */
  readonly event: { readonly ordinal: number; readonly envelope: Envelope } | null;
}

/** The attributes of a CloudEvent, and its data. */
export type Envelope = Readonly<Record<string, unknown>>;

/** Request of one subscription. Ids are those within their types. */
export interface FeedWanted {
  /** Its field, e.g. `logEvents`. */
  readonly field: string;
  /** Position, or id of an event, behind which it begins; null: at the first event. */
  readonly after: string | null;
  readonly types: ReadonlySet<string> | null;
  readonly role: string | null;
  readonly user: string | null;
  /** Permission that the reader has for as long as it runs; null: none. */
  readonly needs: string | null;
  readonly heartbeats: boolean;
  /** True for positions alone: no event is read. */
  readonly positionsAlone?: boolean;
}

/** Opens the feed of the caller. @throws RequestError for one that cannot be had */
export type OpenFeed = (wanted: FeedWanted) => Promise<AsyncGenerator<FeedMessage, void, undefined>>;

/** The context in which a subscription is opened; each of its messages has a `RequestContext` of its own. */
export class SubscribingContext extends RequestContext {
  constructor(
    parts: ConstructorParameters<typeof RequestContext>,
    readonly open: OpenFeed,
  ) {
    super(...parts);
  }
}
