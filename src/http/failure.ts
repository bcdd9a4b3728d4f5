import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { RefusalCode } from '../domain/refusal';
import { RequestError, type RequestErrorCode } from '../graphql/errors';
import type { HttpErrorCode } from './error-codes/http-errors';
import type { INTERNAL } from './graphql/error-mask';
import { SECURITY_HEADERS } from './security-headers';

/** Every code that stands in the table of codes, but those of libraries. */
export type ErrorCode = HttpErrorCode | RequestErrorCode | RefusalCode | typeof INTERNAL;

/** The shape of errors of the whole server but SCIM, at every layer that refuses: that of GraphQL. */
export interface Failure {
  readonly errors: readonly [
    { readonly message: string; readonly extensions: { readonly code: string } & Record<string, unknown> },
  ];
}

/** A failure with a code that stands in the table of codes. */
export const failure = (code: ErrorCode, message: string, extensions: object = {}): Failure => ({
  errors: [{ message, extensions: { code, ...extensions } }],
});

/** A request refused before it is one of GraphQL. Its message is our own, and holds nothing that the client sent. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly status: number,
    readonly code: HttpErrorCode,
    message: string,
    /** Further headers of the answer. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

const JSON_TYPE = 'application/json; charset=utf-8';

export const badRequest = (message: string): HttpError => new HttpError(400, 'BAD_REQUEST', message);

/** The refusal of a caller who lacks a permission for an address. */
export const lacking = (permission: string): RequestError =>
  new RequestError('FORBIDDEN', `This needs the permission ${permission}.`, {}, 403);

/** Answers before there is an application, and requests that it has no route for. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  const described = { 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(text) };
  response.writeHead(status, { ...SECURITY_HEADERS, ...described, ...headers }).end(text);
}

/** A whole answer as text, for a connection whose request could not be read; the last on it. */
export function rawAnswer({ status, code, message }: HttpError): string {
  const body = JSON.stringify(failure(code, message));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${JSON_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    ...Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}`),
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
