import { Field, ID, InputType } from 'type-graphql';
import type { HistoryNumber } from '../shared/position-codec';
import { idOf } from './global-id';
import type { HistoryNumbers } from './pinned-view';
import { PositionScalar } from './scalars';

/** A time or position to read at. `@oneOf` is set on the built type (see schema.ts). */
@InputType('AsOf', {
  description:
    'A point in the past: exactly one of a time, a position or an event. Fields inside an object fetched this way are read as of the same point, unless they have an `asOf` of their own.',
})
export class AsOfInput {
  @Field(() => Date, {
    nullable: true,
    description: 'A time. The answer holds what had been recorded by then, along the log’s own time line.',
  })
  time?: Date | null;

  @Field(() => PositionScalar, {
    nullable: true,
    description: 'A position, as any answer gives it, or the id of an event of this account’s history.',
  })
  position?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Global id of an entry of this account’s history: the moment when its change had taken effect, with all that was written at once with it.',
  })
  event?: string | null;
}

export const AS_OF = 'Time, position or event to read at; left out: the present.';

/** Number of the entry of history that a global id names, sealed or, as release 0.1.0 gave it, in clear; else null. */
export function entryNumber(text: string, numbers: HistoryNumbers): HistoryNumber | null {
  const id = idOf('HistoryEntry', text);
  return id === null ? null : numberOfEntry(id, numbers);
}

/** The same from the part of the global id behind the type. */
export function numberOfEntry(id: string, numbers: HistoryNumbers): HistoryNumber | null {
  if (numbers.seal(FIRST) !== null) return numbers.open(id);
  const [ordinal = Number.NaN, part = 0] = id.split('.').map(Number);
  return Number.isSafeInteger(ordinal) ? { ordinal, part } : null;
}

const FIRST: HistoryNumber = { ordinal: 1, part: 0 };
