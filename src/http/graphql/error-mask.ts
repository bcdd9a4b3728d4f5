import { GraphQLError, Kind, type GraphQLFormattedError } from 'graphql';
import { InvalidCursorError } from '../../../projections/view';
import { RequestError } from '../../graphql/errors';

/**
 * Masks errors before a client sees them. Our own errors pass unchanged. Those of GraphQL itself pass with the text
 * given to `tell`, otherwise with a fixed text for each code. No text of a library is passed on: it repeats what the
 * client sent, and answers end up in logs. Any other error is an internal fault, and reveals nothing else.
 */
export const INTERNAL = 'INTERNAL_SERVER_ERROR';
export const INTERNAL_MESSAGE = 'Something went wrong here. It has been recorded.';

/** Codes of Apollo Server and GraphQL for faults of the client, with the default message. */
export const FIXED_MESSAGES = {
  GRAPHQL_PARSE_FAILED: 'The document does not parse.',
  GRAPHQL_VALIDATION_FAILED: 'The document does not fit the schema.',
  BAD_USER_INPUT: 'A value does not fit its type.',
  BAD_REQUEST: 'The request is malformed.',
  OPERATION_RESOLUTION_FAILURE:
    'The document has no such operation: where it holds several, `operationName` says which.',
  PERSISTED_QUERY_NOT_FOUND: 'There are no persisted queries.',
  PERSISTED_QUERY_NOT_SUPPORTED: 'There are no persisted queries.',
} as const;

export type ClientFault = keyof typeof FIXED_MESSAGES;

const TOLD = new WeakMap<object, string>();

/** Returns a message of our own for a fault; null: nothing better than the fixed text. */
export function tell(error: GraphQLError, text: string | null): void {
  if (text !== null) TOLD.set(error, text);
}

export function mask(formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError {
  const { locations, path } = formatted;
  const place = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
  const error = rootOf(thrown);
  if (error instanceof RequestError) {
    const { http: _, stacktrace: __, ...extensions } = formatted.extensions ?? {};
    return { message: error.message, ...place, extensions };
  }
  if (error instanceof InvalidCursorError) {
    return {
      message: '`after` or `before` is not a cursor of this list in this order.',
      ...place,
      extensions: { code: 'BAD_USER_INPUT' },
    };
  }
  const code = clientFaultOf(thrown);
  if (code === null) return { message: INTERNAL_MESSAGE, ...place, extensions: { code: INTERNAL } };
  return { message: TOLD.get(thrown as object) ?? FIXED_MESSAGES[code], ...place, extensions: { code } };
}

/** True if an error is an internal fault, to be logged with all details. Those of clients repeat what they sent. */
export const isInternal = (thrown: unknown): boolean => {
  const error = rootOf(thrown);
  if (error instanceof RequestError || error instanceof InvalidCursorError) return false;
  return clientFaultOf(thrown) === null;
};

function clientFaultOf(thrown: unknown): ClientFault | null {
  if (!(thrown instanceof GraphQLError)) return null;
  const { code } = thrown.extensions;
  if (typeof code === 'string' && Object.hasOwn(FIXED_MESSAGES, code)) return code as ClientFault;
  // An argument that passes validation and fails when it runs, as a nullable variable inside a literal does: GraphQL
  // itself points to the value. An error of a resolver points to nothing, a failed coercion of a result to a field.
  const root = rootOf(thrown);
  const [node] = root instanceof GraphQLError ? (root.nodes ?? []) : [];
  return code === undefined && node && VALUES.includes(node.kind) ? 'BAD_USER_INPUT' : null;
}

const VALUES: readonly Kind[] = [
  Kind.VARIABLE,
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
];

/** The original error: GraphQL wraps it to add its location. */
function rootOf(thrown: unknown): unknown {
  let error = thrown;
  while (error instanceof GraphQLError && !(error instanceof RequestError) && error.originalError) {
    error = error.originalError;
  }
  return error;
}
