import { shownText } from '../../domain/sealed-text';
import type { JsonValue, RecordedEvent } from '../../event-store/port/event-store';
import { isSealedField } from '../../keys/sealed-field';

/** Texts of who recorded an event, when and why; empty where the metadata of a void event says something else. */
export interface StepWords {
  readonly recordedAt: string;
  readonly actorType: string;
  readonly actorId: string;
  readonly actorHost: string;
  readonly reason: string;
}

export function wordsOf({ metadata }: RecordedEvent): StepWords {
  const { recordedAt, actorType, actorId, actorHost, reason } = metadata;
  return {
    recordedAt: text(recordedAt),
    actorType: text(actorType),
    actorId: text(actorId),
    actorHost: text(actorHost),
    reason: isSealedField(reason) || reason === null ? shownText(reason) : text(reason),
  };
}

const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');
