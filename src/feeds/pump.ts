import type { FastifyBaseLogger } from 'fastify';
import { EventStoreError } from '../event-store/port/event-store';
import { RequestError } from '../graphql/errors';
import { HttpError } from '../http/failure';
import { INTERNAL, INTERNAL_MESSAGE } from '../http/graphql/error-mask';
import { KeyBookError } from '../keys/port/key-book';
import { ResetError, type Feed } from './feed';
import type { FeedFormat, FeedItem } from './items';
import type { Outlet } from './outlet';
import { LogDiffersError } from './reading';

/** Writes a feed to its reader until either ends; the last thing that is written says where it ended, and why. */
export async function pump(
  feed: Feed,
  outlet: Outlet,
  format: FeedFormat,
  log: Pick<FastifyBaseLogger, 'error'>,
): Promise<void> {
  const write = (item: FeedItem) => outlet.write(format.text(item));
  try {
    if (format.beginning !== '') await outlet.write(format.beginning);
    for await (const item of feed.items()) {
      const outcome = await write(item);
      if (outcome === 'gone') return;
      if (outcome === 'stuck') return outlet.cut(format.text(ended(feed, { reason: 'TOO_SLOW' })));
      if (item.kind === 'end') return outlet.end();
    }
    outlet.end(format.text(ended(feed, { reason: 'SHUTDOWN' })));
  } catch (error) {
    outlet.end(format.text(failed(feed, error, log)));
  }
}

const ended = (feed: Pick<Feed, 'position'>, end: Extract<FeedItem, { kind: 'end' }>['end']): FeedItem => ({
  kind: 'end',
  position: feed.position,
  end,
});

/** The last thing that a feed says which failed. */
export function failed(
  feed: Pick<Feed, 'position'>,
  error: unknown,
  log: Pick<FastifyBaseLogger, 'error'>,
): FeedItem {
  if (error instanceof ResetError || error instanceof LogDiffersError)
    return { kind: 'reset', code: 'POSITION_OF_A_FORK', message: error.message };
  return ended(feed, { error: toldOf(error, log) });
}

function toldOf(error: unknown, log: Pick<FastifyBaseLogger, 'error'>): { code: string; message: string } {
  if (error instanceof RequestError || error instanceof HttpError)
    return { code: error.code, message: error.message };
  if (error instanceof EventStoreError || (error instanceof KeyBookError && error.code === 'UNAVAILABLE'))
    return { code: 'LOG_UNAVAILABLE', message: 'The log cannot be reached. Go on from the position.' };
  log.error({ err: error }, 'a feed failed');
  if (error instanceof KeyBookError)
    return { code: 'KEY_BOOK_UNUSABLE', message: 'The key book cannot be used: an operator has to mend it.' };
  return { code: INTERNAL, message: INTERNAL_MESSAGE };
}
