import { STATUS_CODES } from 'node:http';

/** The one shape of errors of the whole server, at whatever height it refuses: that of GraphQL. */
export interface Failure {
  readonly errors: readonly [
    { readonly message: string; readonly extensions: { readonly code: string } & Record<string, unknown> },
  ];
}

export const failure = (code: string, message: string, extensions: object = {}): Failure => ({
  errors: [{ message, extensions: { code, ...extensions } }],
});

/** A request refused before it is one of GraphQL. Its message is ours, and holds nothing that the client sent. */
export class HttpFault extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Of the answer, besides. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'HttpFault';
  }
}

export const badRequest = (message: string): HttpFault => new HttpFault(400, 'BAD_REQUEST', message);

/** A whole answer as text, for a connection whose request could not be read; the last on it. */
export function rawAnswer({ status, code, message }: HttpFault): string {
  const body = JSON.stringify(failure(code, message));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
