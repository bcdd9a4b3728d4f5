import { accept, refusal, refuse, type Decision, type Refusal } from '../refusal';
import {
  externalIdFault,
  isLonger,
  isVisible,
  LONGEST_NAME,
  nameFault,
  tidyExternalId,
  tidyName,
  usernameFault,
} from '../text';
import type { UserEvent, UserKind, UserProfile } from './events';
import { erased, unknown, type ClearUserState, type OfUser, type PersonalField } from './user';

/** Rules of a user’s profile: username, name and external id, from the registration on. */

/**
 * A registration under a username; repeating the registration of the same user changes nothing, also without the external
 * id. The kind is for ever.
 */
export function decideRegister(
  { user, kind = 'PERSON', ...profile }: OfUser & UserProfile & { readonly kind?: UserKind },
  state: ClearUserState,
): Decision<UserEvent> {
  if (state.erased) return erased(user);
  const username = recorded(profile.username, state.username);
  const name = recorded(profile.name, state.name);
  const externalId = recordedId(profile.externalId, state.externalId);
  const isSame = profile.externalId == null || isHeld(externalId, state.externalId);
  const isSameUser = username === state.username && name === state.name && isSame && kind === state.kind;
  if (state.registered && isSameUser) return accept([]);
  const refusals = profileRefusals(profile);
  if (refusals.length > 0) return refuse(...refusals);
  if (!state.registered) {
    const ofKind = kind === 'PERSON' ? {} : { kind };
    return accept([
      { type: 'UserRegistered', data: { ...ofKind, name, user, username, ...ifAny(externalId) } },
    ]);
  }
  const message = 'The id is another user’s.';
  return refuse(refusal('INVALID_INPUT', { message, subject: ['user'], idsOf: 'user', ids: [user] }));
}

/**
 * A change of username, name or external id; what is left out stays. One that cannot be decrypted any more, since its key
 * was lost, has to be given.
 */
export function decideProfile(
  { user, ...change }: OfUser & Partial<UserProfile>,
  state: ClearUserState,
): Decision<UserEvent> {
  if (!state.registered) return unknown(user);
  if (state.erased) return erased(user);
  const from = { username: state.username, name: state.name, externalId: state.externalId };
  const username = change.username ?? from.username;
  if (username === null) return unreadable('username');
  const name = change.name ?? from.name;
  if (name === null) return unreadable('name');
  const externalId =
    change.externalId === undefined ? from.externalId : recordedId(change.externalId, from.externalId);
  if (externalId === null) return unreadable('externalId');
  const to = {
    username: recorded(username, from.username),
    name: recorded(name, from.name),
    externalId,
  };
  const refusals = profileRefusals({
    ...(isHeld(to.username, from.username) ? {} : { username }),
    ...(isHeld(to.name, from.name) ? {} : { name }),
    ...(isHeld(to.externalId, from.externalId) ? {} : { externalId: change.externalId }),
  });
  if (refusals.length > 0) return refuse(...refusals);
  if (FIELDS.every((field) => to[field] === from[field])) return accept([]);
  return accept([{ type: 'UserProfileChanged', data: { user, from: inEvent(from), to: inEvent(to) } }]);
}

const FIELDS: readonly PersonalField[] = ['username', 'name', 'externalId'];

/** A profile as an event has it, in which a field is left out where there is no external id. */
const inEvent = <Text extends string | null>({
  externalId,
  ...names
}: Readonly<Record<PersonalField, Text>>) => ({ ...names, ...ifAny(externalId) });

const ifAny = <Text extends string | null>(externalId: Text): { readonly externalId?: Text } =>
  externalId === '' ? {} : { externalId };

const unreadable = (subject: PersonalField) => {
  const thing = subject === 'externalId' ? 'external id' : subject;
  const message = `The present ${thing} cannot be decrypted: its key is lost. Give the ${thing} too.`;
  return refuse(refusal('INVALID_INPUT', { message, subject: [subject] }));
};

/** Name in its recorded form. One that predates a rule can be sent again as it is: that is no change. */
const recorded = (given: string, held: string | null): string =>
  given.trim() === held ? held : tidyName(given);

/** The same for an external id; '' for none. An empty one that was given is refused before it is recorded. */
const recordedId = (given: string | null | undefined, held: string | null): string =>
  given == null ? '' : given.trim() === held ? held : tidyExternalId(given);

/** No name is held before a registration. */
const isHeld = (name: string, held: string | null): boolean => name === held && held !== '';

function profileRefusals({ username, name, externalId }: Partial<UserProfile>): Refusal[] {
  const faults = [
    ['username', username === undefined ? null : faultOf('A username', username, usernameFault)],
    ['name', name === undefined ? null : faultOf('A name', name, nameFault)],
    ['externalId', externalId == null ? null : faultOf('An external id', externalId, externalIdFault)],
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
