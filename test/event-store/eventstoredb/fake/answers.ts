import { Metadata, status } from '@grpc/grpc-js';
import type { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb';
import { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import { AllStreamPosition, Empty, WrongExpectedVersion } from '@eventstore/db-client/generated/shared_pb';
import { Status } from '@eventstore/db-client/generated/status_pb';
import { Any } from 'google-protobuf/google/protobuf/any_pb';
import type { AppendResult, ExpectedRevision } from '../../../../src/event-store/port/event-store';
import type { Proposed } from './log';

/** Request of an append. */
export function readAppend(request: BatchAppendReq): {
  stream: string;
  expected: ExpectedRevision;
  events: Proposed[];
} {
  const options = request.getOptions();
  const stream = Buffer.from(options?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
  const expected = options?.hasAny()
    ? 'any'
    : options?.hasNoStream()
      ? 'no-stream'
      : Number(options?.getStreamPosition());
  const events = request.getProposedMessagesList().map((message) => ({
    id: message.getId()?.getString() ?? '',
    type: String(message.getMetadataMap().get('type')),
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  }));
  return { stream, expected, events };
}

/** The answer to an append that was decided. */
export function answerOf(request: BatchAppendReq, result: AppendResult): BatchAppendResp {
  const answer = answerTo(request);
  if (result.outcome === 'conflict') {
    const conflict = new WrongExpectedVersion();
    if (result.actual === null) conflict.setCurrentNoStream(new Empty());
    else conflict.setCurrentStreamRevision(String(result.actual));
    answer.setError(errorStatus('WrongExpectedVersion', 'WrongExpectedVersion', conflict.serializeBinary()));
    return answer;
  }
  const success = new BatchAppendResp.Success();
  success.setCurrentRevision(String(result.revision));
  const position = new AllStreamPosition();
  position.setCommitPosition(result.position.toString());
  position.setPreparePosition(result.position.toString());
  success.setPosition(position);
  answer.setSuccess(success);
  return answer;
}

/** An answer that carries one of the server's errors: `Timeout`, `AccessDenied`, ... or a message alone. */
export function errorAnswer(request: BatchAppendReq, type: string, message = type): BatchAppendResp {
  const answer = answerTo(request);
  answer.setError(errorStatus(type, message, new Uint8Array()));
  return answer;
}

/** An answer that says nothing. */
export function answerTo(request: BatchAppendReq): BatchAppendResp {
  const answer = new BatchAppendResp();
  answer.setCorrelationId(request.getCorrelationId());
  return answer;
}

function errorStatus(type: string, message: string, details: Uint8Array): Status {
  const any = new Any();
  any.pack(details, type === '' ? 'google.protobuf.Empty' : `event_store.client.${type}`);
  const error = new Status();
  error.setMessage(message);
  error.setDetails(any);
  return error;
}

/** Failure of a call: a status of gRPC, and the server's own name for what happened. */
export interface BadEnd {
  readonly code: status;
  readonly details: string;
  readonly metadata?: Metadata;
}

export function notLeader(port: number): BadEnd {
  const metadata = new Metadata();
  metadata.set('exception', 'not-leader');
  metadata.set('leader-endpoint-host', '127.0.0.1');
  metadata.set('leader-endpoint-port', String(port));
  return { code: status.NOT_FOUND, details: 'Leader info available', metadata };
}

export function accessDenied(): BadEnd {
  const metadata = new Metadata();
  metadata.set('exception', 'access-denied');
  return { code: status.PERMISSION_DENIED, details: 'Access Denied', metadata };
}
