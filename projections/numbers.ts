/**
 * Numbers of the read models, each of a type of its own: all are small integers, and an account used as a role would
 * compile and answer about strangers. They come only from rows of SQLite; arithmetic gives plain numbers back.
 */
declare const kind: unique symbol;
type Numbered<Kind extends string> = number & { readonly [kind]: Kind };

/** The dense number of an event among Rolebook's own, from 1. The same on every replica; positions of the log are not. */
export type Ordinal = Numbered<'ordinal'>;
/** An account, in order of appearance. */
export type AccountNumber = Numbered<'account'>;
/** A role within its account, in order of appearance. */
export type RoleNumber = Numbered<'role'>;
/** A user within its account, in order of registration. */
export type UserNumber = Numbered<'user'>;
/** A text that recurs: a permission, a set of scopes, an actor, a type of event. */
export type WordNumber = Numbered<'word'>;

/** Before the first event. */
export const BEFORE_FIRST = 0 as Ordinal;
/** After every future event. */
export const AFTER_LAST = Number.MAX_SAFE_INTEGER as Ordinal;

/**
 * Place of an entry in history, in log order: the ordinal of its event, then its part. The part is 0 for the event itself; a
 * publication of the catalogue has a further one for each default role and permission that it changed.
 */
export type HistoryPlace = Numbered<'place'>;

/** Behind every entry of a walk. */
export const NOWHERE = -Infinity as HistoryPlace;

/** A walk to older entries (1), or to newer ones (-1). */
export type Sense = 1 | -1;
/** A place as a walk counts it, and back: places fall along a walk, so those of a walk to newer entries are negative. */
export const mirrored = (place: HistoryPlace, sense: Sense): HistoryPlace => (place * sense) as HistoryPlace;
/** Parts that an event may have. Leaves room for 8 billion events. */
const PARTS = 2 ** 20;

export const placeOf = (ordinal: Ordinal, part = 0): HistoryPlace => (ordinal * PARTS + part) as HistoryPlace;
/** The last place that an event may have entries at. */
export const lastPlaceOf = (ordinal: Ordinal): HistoryPlace => placeOf(ordinal, PARTS - 1);
/** The next place of a walk; no entry is between the two. */
export const placeBefore = (place: HistoryPlace): HistoryPlace => placeFrom(place, -1);
export const placeFrom = (place: HistoryPlace, by: 1 | -1): HistoryPlace => (place + by) as HistoryPlace;
export const ordinalOf = (place: HistoryPlace): Ordinal => Math.floor(place / PARTS) as Ordinal;
/** The first ordinal whose event, as a whole, is not before a place. */
export const ordinalNotBefore = (place: HistoryPlace): Ordinal => Math.ceil(place / PARTS) as Ordinal;
export const partOf = (place: HistoryPlace): number => place - ordinalOf(place) * PARTS;

/** The ordinal that is `events` events later. */
export const ordinalFrom = (ordinal: Ordinal, events: number): Ordinal => (ordinal + events) as Ordinal;
