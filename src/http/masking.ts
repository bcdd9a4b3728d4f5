import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { InvalidCursor } from '../../projections/view';
import { RequestError } from '../graphql/errors';

/**
 * What of an error a client may see. Our own errors as they are; those of GraphQL itself without the values that the
 * client sent, for answers end up in logs; anything else is a fault of ours, and says nothing but that.
 */
export const INTERNAL = 'INTERNAL_SERVER_ERROR';
export const INTERNAL_MESSAGE = 'Something went wrong here. It has been recorded.';

export function mask(formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError {
  const { locations, path } = formatted;
  const place = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
  const error = rootOf(thrown);
  if (error instanceof RequestError) {
    const { http: _, stacktrace: __, ...extensions } = formatted.extensions ?? {};
    return { message: error.message, ...place, extensions };
  }
  if (error instanceof InvalidCursor) {
    return {
      message: '`after` is not a cursor of this list.',
      ...place,
      extensions: { code: 'BAD_USER_INPUT' },
    };
  }
  const code = codeOf(formatted, error);
  const message =
    code === INTERNAL ? 'Something went wrong here. It has been recorded.' : withoutEcho(formatted.message);
  return { message, ...place, extensions: { code } };
}

/** Whether an error is a fault of ours, to be recorded with all that is known. Those of clients repeat what they sent. */
export const isInternal = (thrown: unknown): boolean => {
  const error = rootOf(thrown);
  if (error instanceof RequestError || error instanceof InvalidCursor) return false;
  if (!(thrown instanceof GraphQLError)) return true;
  const { message, extensions } = thrown;
  return codeOf({ message, extensions }, error) === INTERNAL;
};

/** Codes of Apollo Server and GraphQL for faults of the client. */
const CLIENT_CODES = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
];

function codeOf({ message, extensions }: GraphQLFormattedError, error: unknown): string {
  const code = String(extensions?.code ?? INTERNAL);
  if (CLIENT_CODES.includes(code)) return code;
  // A nullable variable inside a literal for a @oneOf argument passes validation and fails only when it runs.
  if (error instanceof GraphQLError && message.startsWith('Argument "')) return 'BAD_USER_INPUT';
  return INTERNAL;
}

/** The error that was thrown first: GraphQL wraps it to say where. */
function rootOf(thrown: unknown): unknown {
  let error = thrown;
  while (error instanceof GraphQLError && !(error instanceof RequestError) && error.originalError) {
    error = error.originalError;
  }
  return error;
}

const NAME = '[_A-Za-z][_0-9A-Za-z]*';

/** Messages of GraphQL as they are told: names of the schema and of the client’s own text stay, values go. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/ Did you mean [\s\S]*$/, ''],
  [/^Syntax Error: Unexpected (\w+) [\s\S]*$/, 'Syntax Error: Unexpected $1.'],
  [/^(Syntax Error: Expected [^,"]+, found \w+)[\s\S]*$/, '$1.'],
  [/^Syntax Error: Expected [\s\S]*$/, 'Syntax Error: Something else was expected here.'],
  [/^Syntax Error: (?:Invalid|Unexpected|Cannot) [\s\S]*$/, 'Syntax Error: Unexpected text.'],
  [
    new RegExp(`^Variable "\\$(${NAME})" got invalid value [\\s\\S]*? at "(\\1[.[][\\w.[\\]]*)"; [\\s\\S]*$`),
    'Variable "$$$1" has an unfit value at "$2"',
  ],
  [new RegExp(`^Variable "(\\$${NAME})" got invalid value [\\s\\S]*$`), 'Variable "$1" has an unfit value'],
  [new RegExp(`^Argument "(${NAME})" has invalid value [\\s\\S]*$`), 'Argument "$1" has an unfit value.'],
  [/^Expected value of type "([^"]+)", found [\s\S]*$/, 'Expected a value of type "$1".'],
  [/^Value [\s\S]* does not exist in "(\w+)" enum\.$/, 'The enum "$1" has no such value.'],
  [/^Enum "(\w+)" cannot represent [\s\S]*$/, 'The enum "$1" has no such value.'],
  [/^(\w+) cannot represent [\s\S]*$/, 'The value does not fit the type "$1".'],
];

/** Why a variable is unfit, where that holds no value of the client. */
const REASONS: readonly RegExp[] = [
  /; (Field "\w+" of required type "[^"]+" was not provided\.)$/,
  /; (Field "\w+" is not defined by type "\w+"\.)/,
  /; (Expected non-nullable type "[^"]+" not to be null\.)$/,
  /; (Exactly one key must be specified for OneOf type "\w+"\.)$/,
  /; (Field "\w+" must be non-null\.)$/,
];

export function withoutEcho(message: string): string {
  for (const [pattern, replacement] of RULES) {
    if (!pattern.test(message)) continue;
    const told = message.replace(pattern, replacement);
    if (!told.startsWith('Variable ')) {
      if (replacement === '') return withoutEcho(told);
      return told;
    }
    const reason = REASONS.map((each) => each.exec(message)?.[1]).find(Boolean);
    return `${told}${reason ? `: ${reason}` : '.'}`;
  }
  return message;
}
