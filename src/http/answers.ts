import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '../graphql/errors';
import { ScimError } from '../scim/errors';
import type { HttpErrorCode } from './error-codes/http-errors';
import { failure, HttpError } from './failure';
import { SECURITY_HEADERS, TRANSPORT_SECURITY } from './security-headers';
import { INTERNAL, INTERNAL_MESSAGE } from './graphql/error-mask';
import { REQUEST_ID } from './request-id';
import { allowed, isScim, routesAt } from './routes';
import { SCIM_TYPE, scimFailure, type ScimFault } from './scim/failure';

/**
 * Fallback answers: every error in the shape that GraphQL clients read, or at an address of SCIM in the one of SCIM, with
 * messages of our own.
 */

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
  error: FastifyError | RequestError | HttpError | ScimError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  reply.header(REQUEST_ID, request.id).headers(SECURITY_HEADERS);
  const told = toldOf(error, request);
  reply.code(told.status).headers(told.headers ?? {});
  if (isScim(request.url)) reply.type(SCIM_TYPE).send(scimFailure(told.status, told));
  else reply.send(failure(told.code, told.message, told.extensions));
}

/** Answer to an error, for whoever caused it. */
interface Told extends ScimFault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members in the shape of GraphQL. */
  readonly extensions?: object;
}

function toldOf(error: Parameters<typeof answerError>[0], request: FastifyRequest): Told {
  if (error instanceof RequestError) {
    const { http, ...extensions } = error.extensions as { http?: { status: number }; retryAfter?: number };
    const { code, message } = error;
    const headers = {
      ...(extensions.retryAfter ? { 'retry-after': String(extensions.retryAfter) } : {}),
      ...(code === 'UNAUTHENTICATED' ? { 'www-authenticate': 'Bearer' } : {}),
    };
    return { status: http?.status ?? 400, code, message, headers, extensions };
  }
  if (error instanceof ScimError || error instanceof HttpError) return error;
  const fault = clientFault(error, request);
  if (fault) return fault;
  request.log.error({ err: error }, 'request failed');
  return { status: 500, code: INTERNAL, message: INTERNAL_MESSAGE, extensions: { requestId: request.id } };
}

/**
 * Refuses an address that no route serves, or not by this method, before the body is read: no body would make the
 * request valid.
 * @throws HttpError 404, or 405 with `Allow`
 */
export async function refuseNothingHere(request: FastifyRequest): Promise<void> {
  if (!request.is404) return;
  const routes = routesAt(request.url).filter(({ method, path: url }) =>
    request.server.hasRoute({ method, url }),
  );
  const [route] = routes;
  if (!route) throw new HttpError(404, 'NOT_FOUND', 'There is nothing here.');
  const allow = allowed(routes);
  const message = route.wrongMethod ?? `This takes only ${allow}.`;
  throw new HttpError(405, 'METHOD_NOT_ALLOWED', message, { allow });
}

/** Rewrites Fastify’s own errors, which repeat what the client sent; null for an internal fault. */
function clientFault(error: FastifyError, { url }: FastifyRequest): HttpError | null {
  const status = error?.statusCode ?? 500;
  if (status < 400 || status >= 500) return null;
  const [code, message] = BY_CODE[error.code] ??
    (isScim(url) ? SCIM_BY_STATUS : BY_STATUS)[status] ?? ['BAD_REQUEST', 'The request is malformed.'];
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
const SCIM_BY_STATUS: typeof BY_STATUS = {
  ...BY_STATUS,
  415: ['UNSUPPORTED_MEDIA_TYPE', 'The content type must be application/scim+json or application/json.'],
};
