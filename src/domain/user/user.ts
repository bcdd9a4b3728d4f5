import { isLonger, isVisible, LONGEST_NAME, nameFault, tidyName, usernameFault } from '../text';
import { accept, refusal, refuse, type Decision, type Refusal } from '../refusal';
import type { FenceEvent } from '../role/events';
import type { SealedText } from '../sealed-text';
import type { LoggedUserEvent, UserEvent, UserProfile } from './events';

/** Personal text as a stream holds it: in clear, or encrypted at a place of its event. */
export type PersonalValue = string | PlacedText;

/** Encrypted text, and its place, without which it does not open. */
export interface PlacedText {
  readonly sealed: SealedText;
  /** Id of the event. */
  readonly event: string;
  /** JSON pointer in the event. */
  readonly pointer: string;
}

/** Statuses of a user: whether the roles have effect, and whether there is still a person behind the id. */
export type UserStatus = 'ACTIVE' | 'INACTIVE' | 'ERASED';

/** State of one user stream, and the rules of changing it. */
export interface UserState {
  readonly registered: boolean;
  /** Username as the log holds it: no rule but those on profiles needs it in clear. */
  readonly username: PersonalValue;
  readonly name: PersonalValue;
  /** Ids of the claims on the username; null where the log holds usernames in clear. */
  readonly claims: readonly string[] | null;
  readonly active: boolean;
  /** Final: nothing but the release of the username changes an erased user. */
  readonly erased: boolean;
  /** True if others may have the username of an erased user. */
  readonly released: boolean;
  /** The latest sign-in, as ISO 8601; null for none. */
  readonly lastLoginAt: string | null;
}

/** State with its personal texts in clear; null: it cannot be decrypted. */
export interface ClearUserState extends Omit<UserState, 'username' | 'name'> {
  readonly username: string | null;
  readonly name: string | null;
}

export const NEW_USER = {
  registered: false,
  username: '',
  name: '',
  claims: null,
  active: false,
  erased: false,
  released: false,
  lastLoginAt: null,
} as const satisfies UserState;

/** The state after one more event. */
export function evolveUser(state: UserState, event: (LoggedUserEvent & OfEvent) | FenceEvent): UserState {
  switch (event.type) {
    case 'UserRegistered': {
      const { username, name, claims = null } = event.data;
      return {
        ...state,
        registered: true,
        username: placed(username, event, '/data/username'),
        name: placed(name, event, '/data/name'),
        claims,
        active: true,
      };
    }
    case 'UserProfileChanged': {
      const { to, claims = null } = event.data;
      return {
        ...state,
        username: placed(to.username, event, '/data/to/username'),
        name: placed(to.name, event, '/data/to/name'),
        claims,
      };
    }
    case 'UserDeactivated':
      return { ...state, active: false };
    case 'UserReactivated':
      return { ...state, active: true };
    case 'UserErased':
      // The username stays, since it is suppressed.
      return { ...state, name: '', active: false, erased: true };
    case 'UsernameReleased':
      return { ...state, username: '', released: true };
    case 'UserLoggedIn':
      return isLater(event.data.at, state.lastLoginAt) ? { ...state, lastLoginAt: event.data.at } : state;
    case 'ClaimAbandoned':
      return state;
  }
}

interface OfEvent {
  /** Id of the event; encrypted texts need it. */
  readonly id?: string;
}

const placed = (text: string | SealedText, { id = '' }: OfEvent, pointer: string): PersonalValue =>
  typeof text === 'string' ? text : { sealed: text, event: id, pointer };

/** The user that a command changes. */
interface OfUser {
  readonly user: string;
}

/** A registration under a username; repeating the registration of the same user changes nothing. */
export function decideRegister(
  { user, ...profile }: OfUser & UserProfile,
  state: ClearUserState,
): Decision<UserEvent> {
  if (state.erased) return erased(user);
  const username = recorded(profile.username, state.username);
  const name = recorded(profile.name, state.name);
  if (state.registered && username === state.username && name === state.name) return accept([]);
  const refusals = profileRefusals(profile);
  if (refusals.length > 0) return refuse(...refusals);
  if (!state.registered) return accept([{ type: 'UserRegistered', data: { name, user, username } }]);
  const message = 'The id is another user’s.';
  return refuse(refusal('INVALID_INPUT', { message, subject: ['user'], idsOf: 'user', ids: [user] }));
}

/**
 * A change of username or name; what is left out stays. One that cannot be decrypted any more, since its key was lost, has
 * to be given.
 */
export function decideProfile(
  { user, ...change }: OfUser & Partial<UserProfile>,
  state: ClearUserState,
): Decision<UserEvent> {
  if (!state.registered) return unknown(user);
  if (state.erased) return erased(user);
  const from = { username: state.username, name: state.name };
  const username = change.username ?? from.username;
  const name = change.name ?? from.name;
  if (username === null || name === null) return unreadable(username === null ? 'username' : 'name');
  const to = { username: recorded(username, from.username), name: recorded(name, from.name) };
  const refusals = profileRefusals({
    ...(isHeld(to.username, from.username) ? {} : { username }),
    ...(isHeld(to.name, from.name) ? {} : { name }),
  });
  if (refusals.length > 0) return refuse(...refusals);
  if (to.username === from.username && to.name === from.name) return accept([]);
  return accept([{ type: 'UserProfileChanged', data: { user, from, to } }]);
}

const unreadable = (subject: 'username' | 'name') => {
  const message = `The present ${subject} cannot be decrypted: its key is lost. Give the ${subject} too.`;
  return refuse(refusal('INVALID_INPUT', { message, subject: [subject] }));
};

/** Only users end the activity of users, and not their own. The last admin is decided on `account-admin`. */
export function decideDeactivate(
  { user, byThemselves }: OfUser & { readonly byThemselves: boolean },
  state: UserState,
): Decision<UserEvent> {
  if (!state.registered) return unknown(user);
  if (byThemselves)
    return refuse(refusal('SELF_DEACTIVATION', { subject: ['user'], idsOf: 'user', ids: [user] }));
  if (state.erased) return erased(user);
  return accept(state.active ? [{ type: 'UserDeactivated', data: { user } }] : []);
}

export function decideReactivate({ user }: OfUser, state: UserState): Decision<UserEvent> {
  if (!state.registered) return unknown(user);
  if (state.erased) return erased(user);
  return accept(state.active ? [] : [{ type: 'UserReactivated', data: { user } }]);
}

/** Erasure, which is final. As with a deactivation, the last admin is decided on `account-admin`. */
export function decideErase(
  { user, byThemselves }: OfUser & { readonly byThemselves: boolean },
  state: UserState,
): Decision<UserEvent> {
  if (!state.registered) return unknown(user);
  if (byThemselves) return refuse(refusal('SELF_ERASURE', { subject: ['user'], idsOf: 'user', ids: [user] }));
  return accept(state.erased ? [] : [{ type: 'UserErased', data: { user } }]);
}

/** Lets others have the username of an erased user. */
export function decideRelease({ user }: OfUser, state: UserState): Decision<UserEvent> {
  if (!state.erased) {
    const message = 'The username is a user’s who is not erased: nothing suppresses it.';
    return refuse(refusal('USERNAME_TAKEN', { message, subject: ['username'], idsOf: 'user', ids: [user] }));
  }
  return accept(state.released ? [] : [{ type: 'UsernameReleased', data: { user } }]);
}

/** Clocks differ: a sign-in may be recorded slightly ahead of this clock. */
const MAX_AHEAD_MS = 60_000;

/** Earliest sign-in: nobody signed in before; years without four digits are not ISO 8601 as consumers parse it. */
const FIRST_LOGIN_MS = Date.UTC(1970, 0, 1);

/** Records a sign-in, even of an inactive user, since it has happened. One in the future is refused. */
export function decideLogin(
  { user, at }: OfUser & { readonly at: Date },
  state: UserState,
  { now }: { readonly now: Date },
): Decision<UserEvent> {
  if (!(at.getTime() >= FIRST_LOGIN_MS)) {
    const message = 'A sign-in before 1970 cannot be recorded.';
    return refuse(refusal('INVALID_INPUT', { message, subject: ['at'] }));
  }
  if (at.getTime() > now.getTime() + MAX_AHEAD_MS) {
    const message = 'A sign-in that is still to come cannot be recorded.';
    return refuse(refusal('INVALID_INPUT', { message, subject: ['at'] }));
  }
  if (!state.registered) return unknown(user);
  if (state.erased) return erased(user);
  const data = { user, at: at.toISOString(), before: state.lastLoginAt };
  return accept([{ type: 'UserLoggedIn', data }]);
}

const isLater = (at: string, known: string | null): boolean =>
  known === null || Date.parse(at) > Date.parse(known);

const unknown = (user: string) =>
  refuse(refusal('NOT_FOUND', { subject: ['user'], idsOf: 'user', ids: [user] }));

const erased = (user: string) =>
  refuse(refusal('USER_ERASED', { subject: ['user'], idsOf: 'user', ids: [user] }));

/** Name in its recorded form. One that predates a rule can be sent again as it is: that is no change. */
const recorded = (given: string, held: string | null): string =>
  given.trim() === held ? held : tidyName(given);

/** No name is held before a registration. */
const isHeld = (name: string, held: string | null): boolean => name === held && held !== '';

function profileRefusals({ username, name }: Partial<UserProfile>): Refusal[] {
  const faults = [
    ['username', username === undefined ? null : faultOf('A username', username, usernameFault)],
    ['name', name === undefined ? null : faultOf('A name', name, nameFault)],
  ] as const;
  return faults.flatMap(([subject, message]) =>
    message === null ? [] : [refusal('INVALID_INPUT', { message, subject: [subject] })],
  );
}

function faultOf(thing: string, text: string, fault: (text: string) => string | null): string | null {
  const fits = !isLonger(text.trim(), LONGEST_NAME) && isVisible(text);
  return fits
    ? fault(text)
    : `${thing} is one line of 1 to ${LONGEST_NAME} characters, one at least to be seen.`;
}
