/** Form of what is said of an event, whatever it is about. */

/** Names in a sentence: as they were when it happened; null where they are not known any more. */
export interface NamesThen {
  readonly role: string | null;
  readonly user: string | null;
}

export type Value = string | number | boolean | readonly string[] | null | undefined;

/** One property that an event changed; null or undefined where there was no value before, or is none after. */
export interface PropertyChange {
  readonly property: string;
  readonly before: Value;
  readonly after: Value;
  /** Set where the values are ids: of a role or of a user. */
  readonly idsOf?: 'role' | 'user';
  /** Set where the values are of one of several permissions. */
  readonly permission?: string;
}

export interface EventDescription {
  /** Predicate of a sentence about the actor, e.g. `assigned Ben to the role “Launchers”`. */
  readonly predicate: (names: NamesThen) => string;
  readonly changes: readonly PropertyChange[];
}

/** Descriptions by type of event: a type that is missing does not compile. */
export type Descriptions<Event extends { readonly type: string; readonly data: unknown }, Description> = {
  readonly [Type in Event['type']]: (data: Extract<Event, { readonly type: Type }>['data']) => Description;
};

export const change = (property: string, before: Value, after: Value): PropertyChange => ({
  property,
  before,
  after,
});

export const quoted = (name: string | null): string =>
  name === null ? 'that is not known any more' : `“${name}”`;

/** Up to three items, or two and the number of the others, as in `a, b and 4 more`. */
export const someOf = (items: readonly string[], more: string): string =>
  items.length <= 3 ? items.join(', ') : `${items.slice(0, 2).join(', ')} and ${items.length - 2} ${more}`;
