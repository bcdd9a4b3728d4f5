import { RequestError, type RequestErrorCode } from '../../graphql/errors';
import type { FeedMessage } from '../../graphql/feed/feed-source';
import type { Feed } from '../feed';
import type { FeedItem } from '../items';
import { failed } from '../pump';

/** A feed of events, or of positions alone. */
export type Source = Pick<Feed, 'items' | 'position'>;

/** Reasons why a feed ends although nothing is wrong with it: its reader left, or one of the codes that readers are told. */
export type Ending = 'LEFT' | 'SHUTDOWN' | 'TOO_SLOW';

const MESSAGES = {
  SHUTDOWN: 'The server stops. Go on from the position, on another replica.',
  TOO_SLOW: 'Nothing was taken for too long. Go on from the position.',
} as const;

/** One feed of a subscription, until either side ends it. */
export class Running {
  readonly #ending = new AbortController();
  #feed: Source | null = null;
  #why: Ending = 'LEFT';
  #leave: () => void = () => undefined;

  /** `leave`: gives its place among the readers back. */
  holds(leave: () => void): void {
    this.#leave = leave;
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  end(why: Ending): void {
    if (this.signal.aborted) return;
    this.#why = why;
    this.#ending.abort();
    this.#leave();
  }

  /** The messages of a feed. Whatever ends them but the reader is thrown, with the position that they came to. */
  messages(
    feed: Source,
    { heartbeats, log }: { readonly heartbeats: boolean; readonly log: Parameters<typeof failed>[2] },
  ): AsyncGenerator<FeedMessage, void, undefined> {
    this.#feed = feed;
    return this.#read(feed, heartbeats, log);
  }

  async *#read(
    feed: Source,
    heartbeats: boolean,
    log: Parameters<typeof failed>[2],
  ): AsyncGenerator<FeedMessage, void, undefined> {
    try {
      for await (const item of feed.items()) {
        if (item.kind === 'event') yield messageOf(item);
        else if (heartbeats && item.kind === 'heartbeat') yield { position: item.position, event: null };
      }
    } catch (error) {
      throw this.#ended(failed(feed, error, log));
    }
    if (this.#why !== 'LEFT') throw this.endError(this.#why);
  }

  /** The error that tells the reader of an end, with the position to go on from. */
  endError(code: RequestErrorCode, message?: string): RequestError {
    const text = message ?? MESSAGES[code as keyof typeof MESSAGES];
    return new RequestError(code, text, this.#feed ? { position: this.#feed.position } : {}, 200);
  }

  #ended(item: FeedItem): RequestError {
    if (item.kind === 'reset') return new RequestError(item.code as RequestErrorCode, item.message, {}, 200);
    const { code, message } = item.kind === 'end' && 'error' in item.end ? item.end.error : NOTHING_WRONG;
    return this.endError(code as RequestErrorCode, message);
  }
}

const NOTHING_WRONG = { code: 'SHUTDOWN', message: MESSAGES.SHUTDOWN };

const messageOf = ({ position, ordinal, envelope }: Extract<FeedItem, { kind: 'event' }>): FeedMessage => ({
  position,
  event: { ordinal, envelope },
});
