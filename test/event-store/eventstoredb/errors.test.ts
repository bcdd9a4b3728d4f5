import { Metadata, status } from '@grpc/grpc-js';
import { EventStoreError } from '../../../src/event-store/port/event-store';
import {
  AnsweredError,
  SilenceError,
  asEventStoreError,
  failureOf,
  judge,
} from '../../../src/event-store/eventstoredb/errors';

/** Meaning of a failure, row by row: whether it is retried, where, and its code in the port. */

/** Failure in gRPC's form: a status, a text, and perhaps the server's own name for it in a trailer. */
function grpcError(code: status, details: string, exception?: string): Error {
  const metadata = new Metadata();
  if (exception !== undefined) metadata.set('exception', exception);
  return Object.assign(new Error(`${code} ${status[code]}: ${details}`), { code, details, metadata });
}

/** Failure in an append's answer: a type, and a text. */
const answer = (exception: string, message = exception): Error =>
  new AnsweredError({ exception, status: null, message });

const { PERMISSION_DENIED, UNAUTHENTICATED, NOT_FOUND, UNAVAILABLE, UNKNOWN, DEADLINE_EXCEEDED } = status;

test.each([
  ['a right is missing', grpcError(PERMISSION_DENIED, 'Access Denied', 'access-denied'), 'fatal', 'DENIED'],
  ['a right to append is missing', answer('AccessDenied'), 'fatal', 'DENIED'],
  ['a wrong password', grpcError(UNAUTHENTICATED, ''), 'fatal', 'DENIED'],
  ['an append over the server’s limit', answer('MaximumAppendSizeExceeded'), 'fatal', 'TOO_LARGE'],
  [
    'the same by a trailer',
    grpcError(status.INVALID_ARGUMENT, '', 'maximum-append-size-exceeded'),
    'fatal',
    'TOO_LARGE',
  ],
  ['an event over the server’s limit', answer('MaximumAppendEventSizeExceeded'), 'fatal', 'TOO_LARGE'],
  [
    'the same by a trailer',
    grpcError(status.INVALID_ARGUMENT, '', 'maximum-append-event-size-exceeded'),
    'fatal',
    'TOO_LARGE',
  ],
  ['a stream of ours was deleted', answer('StreamDeleted'), 'fatal', 'CORRUPT'],
  ['the same on reading', grpcError(status.FAILED_PRECONDITION, '', 'stream-deleted'), 'fatal', 'CORRUPT'],
  ['a position that is not of this log', grpcError(status.OUT_OF_RANGE, ''), 'fatal', 'INVALID_ARGUMENT'],
  ['a bad argument', grpcError(status.INVALID_ARGUMENT, ''), 'fatal', 'INVALID_ARGUMENT'],
  ['a bad append', answer('BadRequest'), 'fatal', 'INVALID_ARGUMENT'],
  ['damaged data', grpcError(status.DATA_LOSS, ''), 'fatal', 'CORRUPT'],
  ['no EventStoreDB at this address', grpcError(status.UNIMPLEMENTED, ''), 'fatal', 'UNAVAILABLE'],
  [
    'a follower was asked',
    grpcError(NOT_FOUND, 'Leader info available', 'not-leader'),
    'leader',
    'UNAVAILABLE',
  ],
  [
    'a follower that knows no leader',
    grpcError(UNKNOWN, 'No leader info available in response'),
    'leader',
    'UNAVAILABLE',
  ],
  ['a node that starts or resigns', grpcError(UNAVAILABLE, 'Server Is Not Ready'), 'leader', 'UNAVAILABLE'],
  ['the same to an append', answer('', 'Server Is Not Ready'), 'leader', 'UNAVAILABLE'],
  ['a node that is overrun', grpcError(UNAVAILABLE, 'Server Is Too Busy'), 'leader', 'UNAVAILABLE'],
  ['a commit that was not confirmed in time', answer('Timeout'), 'leader', 'UNAVAILABLE'],
  ['no node of the cluster', new Error('Failed to discover after 10 attempts.'), 'leader', 'UNAVAILABLE'],
  ['no connection', grpcError(UNAVAILABLE, 'No connection established'), 'retry', 'UNAVAILABLE'],
  ['a deadline of the server', grpcError(DEADLINE_EXCEEDED, ''), 'retry', 'UNAVAILABLE'],
  ['a server that stops', grpcError(UNKNOWN, 'Exception was thrown by handler.'), 'retry', 'UNAVAILABLE'],
  ['a call that was cancelled', grpcError(status.CANCELLED, ''), 'retry', 'UNAVAILABLE'],
  ['silence', new SilenceError('reading', 100), 'retry', 'UNAVAILABLE'],
  ['an answer that says nothing', answer('', 'an answer without a revision'), 'retry', 'UNAVAILABLE'],
  ['what nobody expected', new TypeError('x is not a function'), 'retry', 'UNAVAILABLE'],
  ['not even an error', 'gone', 'retry', 'UNAVAILABLE'],
] as const)('%s', (_what, error, verdict, code) => {
  expect(judge(failureOf(error))).toMatchObject({ verdict, code });
  expect(asEventStoreError(error, 'reading')).toMatchObject({ name: 'EventStoreError', code });
});

test('an error of the port passes as it is', () => {
  const own = new EventStoreError('CLOSED', 'the log is closed');
  expect(asEventStoreError(own, 'reading')).toBe(own);
});
