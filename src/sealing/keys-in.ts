import type { JsonValue, RecordedEvent } from '../event-store/port/event-store';
import { isSealedField } from '../keys/sealed-field';
import { changedAt, personalFields, reasonFields } from './personal-fields';

/** Ids of the keys by which an event is encrypted: its texts, its reason, or all of it. */
export function keysIn({ type, data, metadata }: RecordedEvent): string[] {
  const keys: string[] = [];
  const note = (value: JsonValue | undefined): JsonValue => {
    if (isSealedField(value)) keys.push(value.k);
    return value ?? null;
  };
  note(data);
  changedAt(data, personalFields(type), note);
  changedAt(data, reasonFields(type), note);
  note(metadata['reason']);
  return keys;
}
