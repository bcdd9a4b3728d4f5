import cors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpError } from './failure';
import { REQUEST_ID } from './request-id';

/** Seconds for which a browser remembers that it may ask. */
const REMEMBERED_S = 600;

/**
 * Lets pages of other origins ask, by CORS: those of a list, and no others. Cookies play no part: a page needs a token
 * as everyone does. Without a list nothing changes, `OPTIONS` is refused like any other method.
 */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  await app.register(cors, {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST'],
    exposedHeaders: [REQUEST_ID, 'retry-after', 'ratelimit', 'ratelimit-policy'],
    maxAge: REMEMBERED_S,
    // Any other OPTIONS is answered like it, in place of a text that is not in the shape of our errors.
    strictPreflight: false,
  });
}

/** Settings that say which pages are this server’s own, and which others may ask. */
export interface Origins {
  readonly publicUrl: string | null;
  readonly allowedOrigins: readonly string[];
}

/**
 * True for an upgrade by a page of this server. Browsers send `Origin` with each upgrade, and a page cannot change it; headers of
 * its own it cannot send with one.
 */
export function isOfOwnPage(
  { headers, host }: Pick<FastifyRequest, 'headers' | 'host'>,
  { publicUrl }: Pick<Origins, 'publicUrl'>,
): boolean {
  const { origin, 'sec-fetch-site': site } = headers;
  if (origin === undefined || (site !== undefined && site !== 'same-origin')) return false;
  const asked = URL.canParse(origin) ? new URL(origin) : null;
  if (asked === null) return false;
  return asked.host === host || (publicUrl !== null && asked.origin === new URL(publicUrl).origin);
}

/**
 * Refuses an upgrade by a page that may not ask: CORS, by which browsers keep others away, is not for WebSockets. Programs send no
 * `Origin`.
 * @throws HttpError 403
 */
export function demandKnownOrigin(request: Pick<FastifyRequest, 'headers' | 'host'>, origins: Origins): void {
  const { origin } = request.headers;
  if (origin === undefined || isOfOwnPage(request, origins) || origins.allowedOrigins.includes(origin))
    return;
  throw new HttpError(403, 'CROSS_SITE_REQUEST', 'Pages of that origin may not ask this server.');
}
