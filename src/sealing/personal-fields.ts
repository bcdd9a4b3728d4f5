import type { EventType } from '../domain/events';
import type { JsonObject, JsonValue } from '../event-store/port/event-store';

/** Places of the personal texts of events: data that belong to one person, found on that person's stream alone. */

/** Path of a personal text in the data of an event. */
export type FieldPath = readonly [string] | readonly [string, string];

const FIELDS: { readonly [Type in EventType]?: readonly FieldPath[] } = {
  UserRegistered: [['username'], ['name'], ['externalId']],
  UserIdentityLinked: [['subject']],
  UserProfileChanged: [
    ['from', 'username'],
    ['from', 'name'],
    ['from', 'externalId'],
    ['to', 'username'],
    ['to', 'name'],
    ['to', 'externalId'],
  ],
};
const byType = new Map<string, readonly FieldPath[]>(Object.entries(FIELDS));
const NONE: readonly FieldPath[] = [];

/** Paths of the personal texts in the data of events of a type. */
export const personalFields = (type: string): readonly FieldPath[] => byType.get(type) ?? NONE;

const REASONS: { readonly [Type in EventType]?: readonly FieldPath[] } = { EventVoided: [['reason']] };
const reasonsByType = new Map<string, readonly FieldPath[]>(Object.entries(REASONS));

/** Paths of reasons in the data of events of a type: they are encrypted as the reason of the metadata is. */
export const reasonFields = (type: string): readonly FieldPath[] => reasonsByType.get(type) ?? NONE;

/** JSON pointer (RFC 6901) in the event. No name of a field has a character to escape. */
export const pointerOf = (path: FieldPath): string => `/data/${path.join('/')}`;

/** The data with the value at each path replaced by what `change` makes of it; values that are not there are left out. */
export function changedAt(
  data: JsonObject,
  paths: readonly FieldPath[],
  change: (value: JsonValue, path: FieldPath) => JsonValue,
): JsonObject {
  const changed: Record<string, JsonValue> = { ...data };
  for (const path of paths) {
    const [outer, inner] = path;
    const value = changed[outer];
    if (value === undefined) continue;
    if (inner === undefined) changed[outer] = change(value, path);
    else if (isObject(value) && value[inner] !== undefined)
      changed[outer] = { ...value, [inner]: change(value[inner], path) };
  }
  return changed;
}

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
