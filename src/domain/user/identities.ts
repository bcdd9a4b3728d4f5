import { accept, refusal, refuse, type Decision, type Refusal } from '../refusal';
import { isLonger, isVisible, plainTextFault } from '../text';
import {
  LONGEST_ISSUER,
  LONGEST_SUBJECT,
  type ClaimedIdentity,
  type ExternalIdentity,
  type UserEvent,
  type UserProfile,
} from './events';
import { decideRegister } from './profile';
import { erased, unknown, type ClearUserState, type OfUser, type UserState } from './user';

/**
 * Rules of identities: which user an issuer of tokens means by a subject. They are compared exactly, never by e-mail or
 * username, and always by their claims: decisions need no subject in clear.
 */

/** Limit of the identities of one user. A person has one an issuer; a few more while a company changes its issuer. */
export const MOST_IDENTITIES = 20;

interface Linking extends OfUser {
  readonly identity: ClaimedIdentity;
}

/** Links an identity. One that the user has is no change. */
export function decideLink({ user, identity }: Linking, state: UserState): Decision<UserEvent> {
  if (!state.registered) return unknown(user);
  if (state.erased) return erased(user);
  if (state.identities.includes(identity.claim)) return accept([]);
  const faults = identityFaults(identity);
  if (faults.length > 0) return refuse(...faults);
  if (state.identities.length < MOST_IDENTITIES) return accept([linked(user, identity)]);
  const message = `A user has at most ${MOST_IDENTITIES} identities: unlink another one first.`;
  return refuse(refusal('INVALID_INPUT', { message, subject: ['identity'] }));
}

const LEFT_BY_PROGRAMS = 'A service user takes nobody’s last identity: somebody must be able to sign in.';

/**
 * Unlinks an identity. One that the user does not have is no change. Users keep one of their own: whoever unlinks an
 * identity can sign in afterwards, and has all privileged permissions of the user whom it was taken from. Programs sign in
 * by keys, so that they leave people their last one.
 */
export function decideUnlink(
  { user, identity, by }: Linking & { readonly by: 'themselves' | 'program' | 'other' },
  state: UserState,
): Decision<UserEvent> {
  if (!state.registered) return unknown(user);
  if (state.erased) return erased(user);
  const { issuer, claim } = identity;
  if (!state.identities.includes(claim)) return accept([]);
  if (by !== 'other' && state.identities.length === 1) {
    const message = by === 'program' ? { message: LEFT_BY_PROGRAMS } : {};
    return refuse(refusal('SELF_UNLINKING', { ...message, subject: ['user'], idsOf: 'user', ids: [user] }));
  }
  return accept([{ type: 'UserIdentityUnlinked', data: { user, issuer, identityClaim: claim } }]);
}

/**
 * A registration with an identity. Repeating it changes nothing, and links nothing: an identity that was unlinked since
 * stays so.
 */
export function decideRegisterWith(
  { identity, ...registration }: OfUser & UserProfile & { readonly identity: ClaimedIdentity | null },
  state: ClearUserState,
): Decision<UserEvent> {
  const decision = decideRegister(registration, state);
  if (identity === null || state.registered) return decision;
  const faults = identityFaults(identity);
  if (!decision.accepted) return refuse(...decision.refusals, ...faults);
  const { user } = registration;
  return faults.length > 0 ? refuse(...faults) : accept([...decision.events, linked(user, identity)]);
}

const linked = (user: string, { issuer, subject, claim }: ClaimedIdentity): UserEvent => ({
  type: 'UserIdentityLinked',
  data: { user, issuer, subject, identityClaim: claim },
});

/** Faults of an identity, as refusals at its issuer and its subject. */
export function identityFaults({ issuer, subject }: ExternalIdentity): Refusal[] {
  const faults = [
    ['issuer', issuerFault(issuer)],
    ['subject', subjectFault(subject)],
  ] as const;
  return faults.flatMap(([field, message]) =>
    message === null ? [] : [refusal('INVALID_INPUT', { message, subject: ['identity', field] })],
  );
}

const WEB_ADDRESS = /^https?:\/\/[!-~]+$/;

/** Reason why a text is no issuer, as a sentence; null for an issuer. Tokens and settings name it by the same characters. */
export function issuerFault(issuer: string): string | null {
  if (isLonger(issuer, LONGEST_ISSUER)) return `An issuer has at most ${LONGEST_ISSUER} characters.`;
  const isAddress = WEB_ADDRESS.test(issuer) && URL.canParse(issuer) && !/[?#"<>\\^`{|}]/.test(issuer);
  return isAddress && isOfNobody(new URL(issuer))
    ? null
    : 'An issuer is a URL of `https` (or `http`) without a user, query and fragment, as its tokens name it.';
}

/** True without a name in front of the host: an issuer stands in clear in the log, and no erasure reaches it. */
const isOfNobody = ({ username, password, host }: URL): boolean =>
  username === '' && password === '' && host !== '';

/** Reason why a text is no subject, as a sentence; null for a subject. White space is never left out: it would be another. */
export function subjectFault(subject: string): string | null {
  if (subject === '') return 'A subject has at least one character.';
  if (isLonger(subject, LONGEST_SUBJECT)) return `A subject has at most ${LONGEST_SUBJECT} characters.`;
  if (subject.trim() !== subject) return 'A subject has no white space around it.';
  if (!isVisible(subject)) return 'A subject has a character that can be seen.';
  return plainTextFault(subject);
}
