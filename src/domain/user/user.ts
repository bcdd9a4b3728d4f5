import { accept, refusal, refuse, type Decision } from '../refusal';
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
  /** Id by which another directory of the company knows the user; '' for none. */
  readonly externalId: PersonalValue;
  /** Id of the claim on the external id, also once erased; null for none. */
  readonly externalIdClaim: string | null;
  /** Ids of the claims on the identities linked, in the order of that; kept once erased. */
  readonly identities: readonly string[];
  readonly active: boolean;
  /** Final: nothing but the release of the username changes an erased user. */
  readonly erased: boolean;
  /** True if others may have the username, the external id and the identities of an erased user. */
  readonly released: boolean;
  /** The latest sign-in, as ISO 8601; null for none. */
  readonly lastLoginAt: string | null;
}

/** State with its personal texts in clear; null: it cannot be decrypted. */
export interface ClearUserState extends Omit<UserState, PersonalField> {
  readonly username: string | null;
  readonly name: string | null;
  readonly externalId: string | null;
}

export type PersonalField = keyof UserProfile;

export const NEW_USER = {
  registered: false,
  username: '',
  name: '',
  claims: null,
  externalId: '',
  externalIdClaim: null,
  identities: [],
  active: false,
  erased: false,
  released: false,
  lastLoginAt: null,
} as const satisfies UserState;

/** The state after one more event. */
export function evolveUser(state: UserState, event: (LoggedUserEvent & OfEvent) | FenceEvent): UserState {
  switch (event.type) {
    case 'UserRegistered': {
      const { claims = null, externalIdClaim = null } = event.data;
      const profile = profileIn(event.data, event, '/data');
      return { ...state, ...profile, registered: true, claims, externalIdClaim, active: true };
    }
    case 'UserProfileChanged': {
      const { to, claims = null, externalIdClaim = null } = event.data;
      return { ...state, ...profileIn(to, event, '/data/to'), claims, externalIdClaim };
    }
    case 'UserDeactivated':
      return { ...state, active: false };
    case 'UserReactivated':
      return { ...state, active: true };
    case 'UserErased':
      // The username stays, since it is suppressed; so do the claims on the external id and on identities.
      return { ...state, name: '', externalId: '', active: false, erased: true };
    case 'UsernameReleased':
      return { ...state, username: '', released: true };
    case 'UserLoggedIn':
      return isLater(event.data.at, state.lastLoginAt) ? { ...state, lastLoginAt: event.data.at } : state;
    case 'UserIdentityLinked':
      return { ...state, identities: [...without(state.identities, event), event.data.identityClaim] };
    case 'UserIdentityUnlinked':
      return { ...state, identities: without(state.identities, event) };
    case 'ClaimAbandoned':
      return state;
  }
}

const without = (
  identities: readonly string[],
  { data }: { readonly data: { readonly identityClaim: string } },
): readonly string[] => identities.filter((claim) => claim !== data.identityClaim);

interface OfEvent {
  /** Id of the event; encrypted texts need it. */
  readonly id?: string;
}

type LoggedProfile = Extract<LoggedUserEvent, { type: 'UserProfileChanged' }>['data']['to'];

const profileIn = (
  { username, name, externalId }: LoggedProfile,
  event: OfEvent,
  at: string,
): Pick<UserState, PersonalField> => ({
  username: placed(username, event, `${at}/username`),
  name: placed(name, event, `${at}/name`),
  externalId: externalId === undefined ? '' : placed(externalId, event, `${at}/externalId`),
});

const placed = (text: string | SealedText, { id = '' }: OfEvent, pointer: string): PersonalValue =>
  typeof text === 'string' ? text : { sealed: text, event: id, pointer };

/** The user that a command changes. */
export interface OfUser {
  readonly user: string;
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

/** Lets others have the username, the external id and the identities of an erased user. */
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

export const unknown = (user: string) =>
  refuse(refusal('NOT_FOUND', { subject: ['user'], idsOf: 'user', ids: [user] }));

export const erased = (user: string) =>
  refuse(refusal('USER_ERASED', { subject: ['user'], idsOf: 'user', ids: [user] }));
