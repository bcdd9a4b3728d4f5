import type { Setting, SettingsReader } from './settings-reader';

/** Settings of the feeds of events. */

export interface FeedConfig {
  /** Feeds and pages of them that are open at a time. */
  readonly feedReaders: number;
  readonly feedHeartbeatMs: number;
  readonly feedStallMs: number;
  /** Token that commands send which ask a server; null: none. */
  readonly token: string | null;
}

export const FEED_SETTINGS = {
  feedReaders: {
    name: 'ROLEBOOK_FEED_READERS',
    default: '1000',
    description:
      'Feeds of events (`/events`, and subscriptions) that are open at a time, at most half of them of one caller; after that they are refused with `OVERLOADED`.',
  },
  feedHeartbeatMs: {
    name: 'ROLEBOOK_FEED_HEARTBEAT_MS',
    default: '15000',
    description:
      'Time in milliseconds after which a feed that has nothing to say sends a heartbeat, by which its reader and the proxies between them know that it is there.',
  },
  feedStallMs: {
    name: 'ROLEBOOK_FEED_STALL_MS',
    default: '30000',
    description: 'Time in milliseconds after which a reader of a feed who takes nothing is cut off.',
  },
  token: {
    name: 'ROLEBOOK_TOKEN',
    default: '',
    description:
      'Token, or API key, that a command sends which asks a server (`rolebook events --url`), or `ROLEBOOK_TOKEN_FILE`. Servers do not read it.',
    secret: true,
  },
} as const satisfies Record<keyof FeedConfig, Setting>;

const MOST_READERS = 100_000;
const MINUTE_MS = 60_000;

/** Reads these settings; the reader collects the faults. */
export const readFeeds = (read: SettingsReader): FeedConfig => ({
  feedReaders: read.integer(FEED_SETTINGS.feedReaders, 1, MOST_READERS),
  feedHeartbeatMs: read.integer(FEED_SETTINGS.feedHeartbeatMs, 50, MINUTE_MS),
  feedStallMs: read.integer(FEED_SETTINGS.feedStallMs, 50, 10 * MINUTE_MS),
  token: read.matching(FEED_SETTINGS.token, /^[A-Za-z0-9._~+/=-]+$/, 'a token') || null,
});
