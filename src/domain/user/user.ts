import { isLonger, isVisible, LONGEST_NAME, nameFault, sameName, tidyName, usernameFault } from '../text';
import { accept, refusal, refuse, type Decision, type Refusal } from '../refusal';
import type { FenceEvent } from '../role/events';
import type { UserEvent, UserProfile } from './events';

/** Statuses of a user: whether the roles have effect, and whether there is still a person behind the id. */
export type UserStatus = 'ACTIVE' | 'INACTIVE' | 'ERASED';

/** State of one user stream, and the rules of changing it. */
export interface UserState {
  readonly registered: boolean;
  readonly username: string;
  readonly name: string;
  readonly active: boolean;
  /** Final: nothing but the release of the username changes an erased user. */
  readonly erased: boolean;
  /** True if others may have the username of an erased user. */
  readonly released: boolean;
  /** The latest sign-in, as ISO 8601; null for none. */
  readonly lastLoginAt: string | null;
}

export const NEW_USER: UserState = {
  registered: false,
  username: '',
  name: '',
  active: false,
  erased: false,
  released: false,
  lastLoginAt: null,
};

/** The state after one more event. */
export function evolveUser(state: UserState, event: UserEvent | FenceEvent): UserState {
  switch (event.type) {
    case 'UserRegistered':
      return {
        ...state,
        registered: true,
        username: event.data.username,
        name: event.data.name,
        active: true,
      };
    case 'UserProfileChanged':
      return { ...state, ...event.data.to };
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

/** True if nobody else may have the username: it is the user's, or was it at the erasure and is not released. */
export const bears = ({ registered, released, username }: UserState, other: string): boolean =>
  registered && !released && sameName(username, other);

/** The user that a command changes. */
interface OfUser {
  readonly user: string;
}

/** A registration under a username; repeating the registration of the same user changes nothing. */
export function decideRegister(
  { user, ...profile }: OfUser & UserProfile,
  state: UserState,
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

/** A change of username or name; what is left out stays. */
export function decideProfile(
  { user, ...change }: OfUser & Partial<UserProfile>,
  state: UserState,
): Decision<UserEvent> {
  if (!state.registered) return unknown(user);
  if (state.erased) return erased(user);
  const from = { username: state.username, name: state.name };
  const to = {
    username: recorded(change.username ?? from.username, from.username),
    name: recorded(change.name ?? from.name, from.name),
  };
  const refusals = profileRefusals({
    ...(isHeld(to.username, from.username) ? {} : { username: change.username ?? from.username }),
    ...(isHeld(to.name, from.name) ? {} : { name: change.name ?? from.name }),
  });
  if (refusals.length > 0) return refuse(...refusals);
  if (to.username === from.username && to.name === from.name) return accept([]);
  return accept([{ type: 'UserProfileChanged', data: { user, from, to } }]);
}

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
const recorded = (given: string, held: string): string => (given.trim() === held ? held : tidyName(given));

/** No name is held before a registration. */
const isHeld = (name: string, held: string): boolean => name === held && held !== '';

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
