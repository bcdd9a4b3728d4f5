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

/** The ordinal that is `events` events later. */
export const ordinalFrom = (ordinal: Ordinal, events: number): Ordinal => (ordinal + events) as Ordinal;
