import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '../graphql/errors';
import type { HttpErrorCode } from './error-codes/http-errors';
import { failure, HttpError } from './failure';
import { SECURITY_HEADERS, TRANSPORT_SECURITY } from './security-headers';
import { INTERNAL, INTERNAL_MESSAGE } from './graphql/error-mask';
import { REQUEST_ID } from './request-id';
import { allowed, routeAt } from './routes';

/** Fallback answers: every error in the shape that GraphQL clients read, with messages of our own. */

/** Seconds after which a client may retry. */
const RETRY_AFTER_S = 1;

/** Adds the headers of every answer, which routes may replace by their own. */
export async function describeAnswer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.header(REQUEST_ID, request.id).headers(SECURITY_HEADERS);
  if (request.protocol === 'https') reply.headers(TRANSPORT_SECURITY);
}

/** Adds `Retry-After` to every 503, whatever its reason and origin. */
export async function sayWhenToRetry(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (reply.statusCode === 503) reply.header('retry-after', String(RETRY_AFTER_S));
}

export function answerError(
  error: FastifyError | RequestError | HttpError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  reply.header(REQUEST_ID, request.id).headers(SECURITY_HEADERS);
  if (error instanceof RequestError) {
    const { http, ...extensions } = error.extensions as { http?: { status: number }; retryAfter?: number };
    if (extensions.retryAfter) reply.header('retry-after', String(extensions.retryAfter));
    if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer');
    return void reply.code(http?.status ?? 400).send({ errors: [{ message: error.message, extensions }] });
  }
  const fault = error instanceof HttpError ? error : clientFault(error);
  if (fault) {
    return void reply.code(fault.status).headers(fault.headers).send(failure(fault.code, fault.message));
  }
  request.log.error({ err: error }, 'request failed');
  reply.code(500).send(failure(INTERNAL, INTERNAL_MESSAGE, { requestId: request.id }));
}

/**
 * Refuses an address that no route serves, or not by this method, before the body is read: no body would make the
 * request valid.
 * @throws HttpError 404, or 405 with `Allow`
 */
export async function refuseNothingHere(request: FastifyRequest): Promise<void> {
  if (!request.is404) return;
  const route = routeAt(request.url);
  if (!route || !request.server.hasRoute({ method: route.method, url: route.path }))
    throw new HttpError(404, 'NOT_FOUND', 'There is nothing here.');
  const allow = allowed(route);
  const message = route.wrongMethod ?? `This takes only ${allow}.`;
  throw new HttpError(405, 'METHOD_NOT_ALLOWED', message, { allow });
}

/** Rewrites Fastify’s own errors, which repeat what the client sent; null for an internal fault. */
function clientFault(error: FastifyError): HttpError | null {
  const status = error?.statusCode ?? 500;
  if (status < 400 || status >= 500) return null;
  const [code, message] = BY_CODE[error.code] ??
    BY_STATUS[status] ?? ['BAD_REQUEST', 'The request is malformed.'];
  return new HttpError(status, code, message);
}

type Words = readonly [code: HttpErrorCode, message: string];

const BY_CODE: Readonly<Record<string, Words>> = {
  FST_ERR_BAD_URL: ['BAD_REQUEST', 'The address is malformed.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['BAD_REQUEST', 'The body is empty.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    'BAD_REQUEST',
    'The body is not as long as its `Content-Length` says.',
  ],
};
const BY_STATUS: Readonly<Record<number, Words>> = {
  413: ['PAYLOAD_TOO_LARGE', 'The body is larger than this server takes.'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'The content type must be application/json.'],
};
