import { setTimeout as sleep } from 'node:timers/promises';
import { ROUTES } from '../http/routes';
import { backoff } from '../shared/backoff';
import { CliError, message } from './output';

/** Feeds of a server, read over HTTP: as pages, or followed over breaks of the connection. */

export interface FeedOfServer {
  readonly url: string;
  readonly token: string;
  readonly account?: string;
  readonly after?: string;
  readonly types?: string;
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/** A line about the feed itself, where it is no event. */
interface Said {
  readonly specversion?: string;
  readonly position?: string;
  readonly end?: boolean;
  readonly reset?: boolean;
  readonly more?: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly error?: { readonly code: string; readonly message: string };
}

type Print = (line: string) => Promise<void>;

/** Failures after which the same caller may go on. */
const PASSING = [
  'LOG_UNAVAILABLE',
  'STARTING',
  'OVERLOADED',
  'RATE_LIMITED',
  'POSITION_NOT_REACHED',
  'STALE_REPLICA',
];
/** Breaks in a row, after which a page is given up. */
const MOST_BREAKS = 5;
const pauseAfter = backoff({ first: 250, longest: 10_000, jitter: 0.5 });

/**
 * Prints the events of a feed, each as the server gives it and once: after a break it goes on behind the last one.
 * @throws CliError
 */
export async function printFeed(feed: FeedOfServer, print: Print): Promise<void> {
  let after = feed.after;
  let breaks = 0;
  for (let first = true; !feed.signal.aborted; first = false) {
    const before = after;
    const outcome = await readOnce({ ...feed, after }, print, (position) => (after = position)).catch(
      (error: unknown) => {
        if (feed.signal.aborted) return 'done' as const;
        // A fault of the first request is one of what was asked for.
        if (first || !(error instanceof PassingError)) throw error;
        return 'broken' as const;
      },
    );
    if (outcome === 'done') return;
    breaks = outcome === 'broken' && before === after ? breaks + 1 : 0;
    if (!feed.follow && breaks >= MOST_BREAKS) throw new CliError('The answers of the server break off.');
    if (outcome === 'broken')
      await sleep(pauseAfter(breaks + 1), undefined, { signal: feed.signal }).catch(() => undefined);
  }
}

/** A failure that may be over soon. */
class PassingError extends CliError {
  override readonly name = 'PassingError' as 'CliError';
}

async function readOnce(
  feed: FeedOfServer,
  print: Print,
  reached: (position: string) => void,
): Promise<'more' | 'done' | 'broken'> {
  const response = await ask(feed);
  try {
    for await (const text of linesOf(response)) {
      const said = JSON.parse(text) as Said;
      if (said.specversion !== undefined) await print(text);
      if (said.reset) throw new CliError(`${said.code}: ${said.message}`);
      if (said.position !== undefined) reached(said.position);
      if (said.error) throw failure(said.error.code, said.error.message);
      if (said.end) return said.more === undefined ? 'broken' : said.more ? 'more' : 'done';
    }
  } catch (error) {
    if (error instanceof CliError || error instanceof SyntaxError) throw error;
    if (!feed.signal.aborted) message('The connection broke; going on from the last position.');
  }
  return feed.signal.aborted ? 'done' : 'broken';
}

const failure = (code: string, text: string): CliError =>
  new (PASSING.includes(code) ? PassingError : CliError)(`${code}: ${text}`);

/** @throws CliError */
async function ask({ url, token, account, after, types, follow, signal }: FeedOfServer): Promise<Response> {
  const to = new URL(ROUTES.events.path.slice(1), url.endsWith('/') ? url : `${url}/`);
  for (const [name, value] of Object.entries({ account, after, types }))
    if (value !== undefined) to.searchParams.set(name, value);
  if (follow) to.searchParams.set('follow', 'true');
  const headers = { accept: 'application/x-ndjson', authorization: `Bearer ${token}` };
  const response = await fetch(to, { headers, signal, redirect: 'error' }).catch((cause: unknown) => {
    throw new PassingError(`The server at ${url} cannot be reached.`, { cause });
  });
  if (response.status === 200) return response;
  const text = await response.text();
  throw refusalOf(response.status, text);
}

function refusalOf(status: number, text: string): CliError {
  try {
    const { errors } = JSON.parse(text) as {
      errors: { message: string; extensions: { code: string } }[];
    };
    const [error] = errors;
    return failure(error!.extensions.code, error!.message);
  } catch {
    return new CliError(`The server answered ${status}: ${text.slice(0, 500)}`);
  }
}

/** Whole lines alone: one that was cut off is not given out. */
async function* linesOf({ body }: Response): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body ?? []) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
}
