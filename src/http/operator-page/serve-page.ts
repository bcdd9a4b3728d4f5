import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LOOPBACK } from '../../config/loopback';
import type { Explanation } from '../authentication/oidc/explanation';
import { Listener } from '../listening/listener';
import { emptyPage, explainedPage, PAGE_HEADERS } from './page';

/**
 * Serves the page of operators on this machine. Whoever has its address is an operator: it holds a secret of 128 bits,
 * which the command line tells its user alone.
 */

/** Longest form that is read, in bytes; the headers that a token travels in are shorter. */
const LIMIT_BYTES = 64 * 1024;
const SECRET_BYTES = 16;

export interface OperatorPage {
  /** Address with its secret. */
  readonly url: string;
  close(): Promise<void>;
}

export interface OperatorPageOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Explains a token; called for one at a time. */
  readonly explain: (token: string) => Promise<Explanation>;
  /** Told what kept a token from being explained. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * @throws EADDRINUSE and others that listening throws
 */
export async function serveOperatorPage({
  port,
  explain,
  onFailure,
}: OperatorPageOptions): Promise<OperatorPage> {
  const path = `/${randomBytes(SECRET_BYTES).toString('base64url')}`;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (token: string): Promise<Explanation> => {
    const explained = last.then(() => explain(token));
    last = explained.catch(() => undefined);
    return explained;
  };
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const refusal = refusalOf(request, path);
    if (refusal !== null) return refusal;
    if (request.method !== 'POST') return { status: 200, page: emptyPage() };
    const form = await formOf(request);
    if (form === null) return refused(413, 'This is longer than a token.');
    const token = (form.get('token') ?? '').trim().replace(/^Bearer +/i, '');
    return token === ''
      ? refused(400, 'There is no token.')
      : { status: 200, page: explainedPage(await inTurn(token)) };
  };
  const listener = new Listener((request, response) => {
    void answer(request)
      .catch((error: unknown): Answer => {
        onFailure(error);
        return refused(500, 'It cannot be looked up; the command line says why.');
      })
      .then((answered) => send(response, answered));
  });
  await listener.listen({ host: '127.0.0.1', port });
  return {
    url: `${listener.url ?? ''}${path}`,
    async close() {
      listener.connections.cut();
      await listener.drain();
    },
  };
}

interface Answer {
  readonly status: number;
  readonly page: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const refused = (status: number, why: string, headers: Answer['headers'] = {}): Answer => ({
  status,
  page: emptyPage(why),
  headers,
});

function send(response: ServerResponse, { status, page, headers }: Answer): void {
  // A body that was not read would be taken for the next request.
  const last = status === 413 ? { connection: 'close' } : {};
  response
    .writeHead(status, { ...PAGE_HEADERS, 'content-length': Buffer.byteLength(page), ...headers, ...last })
    .end(page);
}

/** Refusal of a request before its body is read; null: none. */
function refusalOf(request: IncomingMessage, path: string): Answer | null {
  const { method, url = '', headers } = request;
  // Another name for this machine would be one that a page of others had made for it.
  if (!LOOPBACK.includes(hostIn(`http://${headers.host}`) ?? '') || !isSame(url, path))
    return { status: 404, page: NOTHING };
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST')
    return refused(405, 'This takes GET and POST.', { allow: 'GET, HEAD, POST' });
  if (method !== 'POST') return null;
  if (isFromElsewhere(headers)) return refused(403, 'This form was sent by another page.');
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers['content-type'] ?? ''))
    return refused(415, 'This takes the form of this page.');
  return null;
}

const NOTHING = '<!doctype html><title>Nothing</title><p>There is nothing here.</p>\n';

/** True for a request that a browser sent for a page of another origin. */
function isFromElsewhere({ origin, host, 'sec-fetch-site': site }: IncomingMessage['headers']): boolean {
  if (site !== undefined && site !== 'same-origin') return true;
  return origin !== undefined && origin !== `http://${host}`;
}

const hostIn = (url: string): string | null =>
  URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : null;

/** Compares in a time that does not tell where two texts differ. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Fields of a form; null if it is too long. */
async function formOf(request: IncomingMessage): Promise<URLSearchParams | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // One that is too long has its answer, which goes by the connection that it came by.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LIMIT_BYTES) return null;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
