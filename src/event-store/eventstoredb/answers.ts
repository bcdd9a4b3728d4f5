import { WrongExpectedVersion } from '@eventstore/db-client/generated/shared_pb';
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import type { Position } from '../port/event-store';
import { AnsweredError } from './errors';

/** Answer of the server to an append. That to a repeated append may lack the position. */
export type Answer =
  | { readonly outcome: 'appended'; readonly revision: number; readonly position: Position | null }
  | { readonly outcome: 'conflict'; readonly actual: number | null };

const CONFLICT = 'event_store.client.WrongExpectedVersion';

/** @throws AnsweredError for every other error, and for an answer without content */
export function readAnswer(answer: BatchAppendResp): Answer {
  const error = answer.getError();
  if (error !== undefined) {
    const details = error.getDetails();
    const type = details?.getTypeName() ?? '';
    if (type !== CONFLICT) throw answered(type.split('.').at(-1) ?? '', error.getMessage());
    const conflict = details?.unpack(WrongExpectedVersion.deserializeBinary, CONFLICT);
    if (!conflict) throw answered('', 'a conflict that says nothing');
    const actual = conflict.hasCurrentStreamRevision() ? Number(conflict.getCurrentStreamRevision()) : null;
    return { outcome: 'conflict', actual };
  }
  const success = answer.getSuccess();
  if (!success?.hasCurrentRevision()) throw answered('', 'an answer without a revision');
  const position = success.getPosition();
  return {
    outcome: 'appended',
    revision: Number(success.getCurrentRevision()),
    position: position === undefined ? null : BigInt(position.getCommitPosition()),
  };
}

const answered = (exception: string, message: string): AnsweredError =>
  new AnsweredError({ exception, status: null, message: message || exception });
