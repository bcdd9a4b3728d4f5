import type { RequestErrorCode } from '../../graphql/errors';
import type { ClientFault, INTERNAL } from '../graphql/error-mask';
import type { Advice } from './remedies';

/** An error at top level of an answer of GraphQL. */
export interface RequestAdvice extends Advice {
  readonly why: string;
  /** Statuses besides that of the code itself. */
  readonly statuses?: readonly number[];
}

/** Sentence on requests that may be sent again as they are. */
const AGAIN = 'Send it again, with the same `idempotencyKey`';

/** Errors of Rolebook itself; the status of each is that of `ERROR_CODES`. */
export const REQUEST_ADVICE: Readonly<Record<RequestErrorCode, RequestAdvice>> = {
  UNAUTHENTICATED: {
    remedy: 'SIGN_IN',
    why: 'No token, or one that is expired, malformed, signed with another key, or of nobody who is a user.',
    action: 'Get a token, send it as `Authorization: Bearer ...`.',
  },
  IDENTITY_PROVIDER_UNAVAILABLE: {
    remedy: 'RETRY',
    why: 'The issuer of the token cannot be asked for the key that signed it. Tokens by keys that are known go on.',
    action: 'Wait for `Retry-After`, then send it again with the same token.',
  },
  RATE_LIMITED: {
    remedy: 'RETRY',
    why: 'One caller asks too much in a time, or one address sends too many tokens that fail: `ROLEBOOK_RATE_LIMIT`, `ROLEBOOK_COST_LIMIT`. Nothing was done.',
    action:
      'Wait for `Retry-After`, which is `extensions.retryAfter` too; `RateLimit` tells what is left before it comes to that.',
  },
  FORBIDDEN: {
    remedy: 'DENY',
    statuses: [403],
    why: 'The caller lacks the right. The message names it; only the field of `path` is null. 403 where it is of a whole address.',
    action: 'Show the rest of the screen; whoever needs the field asks for the right.',
  },
  BAD_USER_INPUT: {
    remedy: 'PROGRAM',
    statuses: [400],
    why: 'A value does not fit: an unknown id, cursor or key, a page that is too long. 400 where it is of the whole request: a variable that is not of its type, a header.',
    action: 'Mend the input.',
  },
  QUERY_TOO_COMPLEX: {
    remedy: 'PROGRAM',
    why: 'The request asks for too much.',
    action: 'Ask for fewer fields, smaller pages, fewer searches at once.',
  },
  POSITION_OF_ANOTHER_STORE: {
    remedy: 'RELOAD',
    statuses: [410],
    why: 'The position comes from another log, or was given by another store of this one before its change could be read there.',
    action: 'Drop positions that you stored for another installation.',
  },
  POSITION_OF_A_FORK: {
    remedy: 'RELOAD',
    statuses: [410],
    why: 'The log has another event at that position: it was restored from an older copy and went on.',
    action: 'Drop the position and what rests on it; read anew.',
  },
  POSITION_NOT_REACHED: {
    remedy: 'RETRY',
    why: 'This replica does not show that position yet, or the log ends before it.',
    action: 'Send it again; where that goes on, the log was restored from an older copy.',
  },
  ORDER_NOT_AS_OF: {
    remedy: 'PROGRAM',
    why: 'A list as of the past is too long for the order that was asked for: more than 10,000 items, and as many changes since.',
    action: 'Order by `NAME`, which works as of any moment, or ask for a later one.',
  },
  CONTENTION: {
    remedy: 'RETRY',
    why: 'Too many changes of the same thing at once. The message says whether something was left half done.',
    action: `${AGAIN}.`,
  },
  LOG_UNAVAILABLE: {
    remedy: 'RETRY',
    why: 'The log cannot be reached, or did not say whether it wrote. The message says which.',
    action: `${AGAIN}.`,
  },
  STALE_REPLICA: {
    remedy: 'RETRY',
    why: 'The read models lag too far behind the log to decide on.',
    action: `${AGAIN}, to another replica if there is one.`,
  },
  LOG_POISONED: {
    remedy: 'OPERATOR',
    why: 'The log holds an event that cannot be applied.',
    action: 'An operator follows [repair](repair.md).',
  },
  LOG_NEWER: {
    remedy: 'OPERATOR',
    why: 'A later release wrote to the log what this replica cannot read.',
    action:
      'Send it to another replica; an operator [upgrades this one](operating.md#upgrading-replicas-one-by-one).',
  },
  LOG_FORMAT_1: {
    remedy: 'OPERATOR',
    why: 'The log holds names in clear, as release 0.1.0 made it: it is read, and takes no changes. Nothing was written.',
    action:
      'An operator [copies it](keys.md#from-names-in-clear-to-encrypted-ones) into one that encrypts them.',
  },
  UPGRADE_INCOMPLETE: {
    remedy: 'OPERATOR',
    why: 'The change needs an event that a replica of an earlier release cannot read yet. The message says that nothing was written.',
    action: `${AGAIN}, when all replicas are upgraded.`,
  },
  KEY_BOOK_CORRUPT: {
    remedy: 'OPERATOR',
    why: 'A damaged segment of the key book is needed. The message says what was written: an erasure is recorded and final, and keys of the user are not destroyed yet.',
    action:
      'An operator [brings the segment back](keys.md#when-names-cannot-be-read) from a copy; then send it again.',
  },
  KEY_BOOK_UNUSABLE: {
    remedy: 'OPERATOR',
    why: 'The key book cannot be used with the master keys, rights or space that there are. The message names its code: `MASTER_KEY_UNKNOWN`, `MASTER_KEY_FILE`, `ACCOUNT_KEYS_MISSING`, `KEY_BOOK_FULL` or `DENIED`.',
    action:
      'An operator [mends it](keys.md#when-the-start-refuses); then send it again, with the same `idempotencyKey`.',
  },
  CLOCK_SKEW: {
    remedy: 'OPERATOR',
    why: 'The clock of this machine is too far off.',
    action: 'An operator sets the clock; see `ROLEBOOK_CLOCK_AHEAD_UNTIL` in the [settings](settings.md).',
  },
  OVERLOADED: {
    remedy: 'RETRY',
    why: 'Too many requests at once, or as many feeds are open as may be (`ROLEBOOK_FEED_READERS`).',
    action: 'Wait for `Retry-After`, then send it again.',
  },
  SHUTDOWN: {
    remedy: 'RETRY',
    why: 'The server stops, and with it the subscription; `extensions.position` is where it came to.',
    action: 'Subscribe again behind the position, at once: another replica answers.',
  },
  TOO_SLOW: {
    remedy: 'RETRY',
    why: 'The reader of a subscription took nothing for `ROLEBOOK_FEED_STALL_MS`; `extensions.position` is where it came to.',
    action: 'Subscribe again behind the position, and read faster than events come.',
  },
};

/** Errors of GraphQL and of Apollo Server, with their statuses, and faults of Rolebook. */
export const LIBRARY_ADVICE: Readonly<
  Record<
    Exclude<ClientFault, 'BAD_USER_INPUT' | 'BAD_REQUEST'> | typeof INTERNAL,
    RequestAdvice & Required<Pick<RequestAdvice, 'statuses'>>
  >
> = {
  GRAPHQL_PARSE_FAILED: {
    remedy: 'PROGRAM',
    statuses: [400],
    why: 'The document does not parse.',
    action: 'Mend the document.',
  },
  GRAPHQL_VALIDATION_FAILED: {
    remedy: 'PROGRAM',
    statuses: [400],
    why: 'The document does not fit the schema.',
    action: 'Mend the document; compare `schema/schema.graphql`.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    remedy: 'PROGRAM',
    statuses: [400],
    why: 'The document holds several operations and no `operationName`, or one that it does not have.',
    action: 'Say which.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    remedy: 'PROGRAM',
    statuses: [200],
    why: 'There are no persisted queries.',
    action: 'Send the document.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    remedy: 'PROGRAM',
    statuses: [200],
    why: 'There are no persisted queries.',
    action: 'Send the document.',
  },
  INTERNAL_SERVER_ERROR: {
    remedy: 'REPORT',
    statuses: [200, 500],
    why: 'A fault of Rolebook, recorded in its log with the request’s id.',
    action: 'Report it with `extensions.requestId`, which is the `X-Request-Id` of the answer too.',
  },
};
