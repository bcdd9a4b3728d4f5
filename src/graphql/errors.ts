import { GraphQLError } from 'graphql';

/** Codes of top-level errors, and the HTTP status of each. Expected refusals are in payloads instead. */
export const ERROR_CODES = {
  UNAUTHENTICATED: 401,
  IDENTITY_PROVIDER_UNAVAILABLE: 503,
  RATE_LIMITED: 429,
  FORBIDDEN: 200,
  BAD_USER_INPUT: 200,
  QUERY_TOO_COMPLEX: 400,
  POSITION_OF_ANOTHER_STORE: 400,
  POSITION_OF_A_FORK: 400,
  POSITION_NOT_REACHED: 503,
  ORDER_NOT_AS_OF: 200,
  CONTENTION: 200,
  LOG_UNAVAILABLE: 503,
  STALE_REPLICA: 503,
  LOG_POISONED: 503,
  LOG_NEWER: 503,
  LOG_FORMAT_1: 200,
  UPGRADE_INCOMPLETE: 503,
  KEY_BOOK_CORRUPT: 200,
  KEY_BOOK_UNUSABLE: 503,
  CLOCK_SKEW: 503,
  OVERLOADED: 503,
  SHUTDOWN: 200,
  TOO_SLOW: 200,
} as const;

export type RequestErrorCode = keyof typeof ERROR_CODES;

/** A fault of the caller or of the system, reported at top level with a stable code. Its message is safe to show. */
export class RequestError extends GraphQLError {
  override readonly name: string = 'RequestError';

  constructor(
    readonly code: RequestErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    status: number = ERROR_CODES[code],
  ) {
    super(message, { extensions: { ...details, code, ...(status === 200 ? {} : { http: { status } }) } });
  }
}

export const requestError = (
  code: RequestErrorCode,
  message: string,
  details?: Readonly<Record<string, unknown>>,
): RequestError => new RequestError(code, message, details);

export const badInput = (message: string): RequestError => new RequestError('BAD_USER_INPUT', message);
