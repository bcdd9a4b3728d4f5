import type { Advice } from './remedies';

/** Errors before a request is one of GraphQL, each with its status. */
export const HTTP_ERRORS = {
  BAD_REQUEST: {
    status: 400,
    remedy: 'PROGRAM',
    why: 'Malformed HTTP, address, body or JSON.',
    action: 'Mend the request.',
  },
  SIGN_IN_FAILED: {
    status: 403,
    remedy: 'SIGN_IN',
    why: 'A sign-in of the console did not come about; it is told on a page, for a person. 400 where the address is not as it must be.',
    action: 'Begin the sign-in anew.',
  },
  CROSS_SITE_REQUEST: {
    status: 403,
    remedy: 'PROGRAM',
    why: 'A request with a session of the console has no `Rolebook-Console: 1`, or a page of another site sent it.',
    action: 'Send the header, from a page of this server; elsewhere send a token.',
  },
  CONSOLE_NOT_BUILT: {
    status: 503,
    remedy: 'OPERATOR',
    why: 'The console is not built, so that there is no page; the API works.',
    action: 'An operator builds it (`npm run build`), and starts again.',
  },
  NOT_FOUND: { status: 404, remedy: 'PROGRAM', why: 'No such address.', action: 'Mend the address.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    remedy: 'PROGRAM',
    why: 'Not by this method.',
    action: 'Use one that `Allow` names.',
  },
  NOT_ACCEPTABLE: {
    status: 406,
    remedy: 'PROGRAM',
    why: '`Accept` takes none of what the address gives: `application/graphql-response+json` or `application/json`; of feeds `application/x-ndjson` or `text/event-stream`.',
    action: 'Accept one of them.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    remedy: 'RETRY',
    why: 'The request took too long to arrive.',
    action: 'Send it again.',
  },
  PRECONDITION_FAILED: {
    status: 412,
    remedy: 'PROGRAM',
    why: 'SCIM: `If-Match` names a version, and users have none.',
    action: 'Leave it out.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    remedy: 'PROGRAM',
    why: 'The body is larger than `ROLEBOOK_BODY_LIMIT_BYTES`.',
    action: 'Send less at once.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    remedy: 'PROGRAM',
    why: 'The body must be JSON in UTF-8 without content encoding.',
    action: 'Send it so.',
  },
  EXPECTATION_FAILED: {
    status: 417,
    remedy: 'PROGRAM',
    why: 'An `Expect` that the server cannot meet.',
    action: 'Leave it out.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    remedy: 'PROGRAM',
    why: 'The headers are larger than the server takes.',
    action: 'Send fewer: cookies, mostly.',
  },
  STARTING: {
    status: 503,
    remedy: 'RETRY',
    why: 'The server is up but its read models cannot answer yet.',
    action: 'Wait for `Retry-After`, then send it again.',
  },
} as const satisfies Readonly<Record<string, Advice & { readonly status: number; readonly why: string }>>;

export type HttpErrorCode = keyof typeof HTTP_ERRORS;
