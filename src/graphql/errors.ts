import { GraphQLError } from 'graphql';

/** Codes of top-level errors: faults of the caller or of the system. Expected refusals are in payloads instead. */
export const ERROR_CODES = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 200,
  BAD_USER_INPUT: 200,
  QUERY_TOO_COMPLEX: 400,
  POSITION_OF_ANOTHER_STORE: 400,
  POSITION_NOT_REACHED: 503,
  CONTENTION: 200,
  LOG_UNAVAILABLE: 503,
  STALE_REPLICA: 503,
  CLOCK_SKEW: 503,
} as const;

export type RequestErrorCode = keyof typeof ERROR_CODES;

/** A top-level error with a stable code and the HTTP status that goes with it. */
export function requestError(
  code: RequestErrorCode,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): GraphQLError {
  const status = ERROR_CODES[code];
  return new GraphQLError(message, {
    extensions: { ...details, code, ...(status === 200 ? {} : { http: { status } }) },
  });
}

export const badInput = (message: string): GraphQLError => requestError('BAD_USER_INPUT', message);
