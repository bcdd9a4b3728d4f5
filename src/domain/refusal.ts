import { REASON_FORM } from './text';

/** Reasons why a command changed nothing. Refusals are values: a decision returns them, nothing throws them. */

export const REFUSAL_CODES = {
  NAME_REQUIRED: 'A custom role needs a name.',
  NAME_TOO_LONG: 'A name has at most 100 characters after trimming.',
  NAME_TAKEN: 'The name is another role’s, ignoring case, Unicode form and invisible characters.',
  DESCRIPTION_TOO_LONG: 'A description has at most 1,000 characters.',
  UNKNOWN_PERMISSION: 'The catalogue has no such permission.',
  UNKNOWN_SCOPE: 'The scope is not among the permission’s own.',
  UNKNOWN_SECTION: 'The catalogue has no such section.',
  UNKNOWN_FEATURE: 'The catalogue has no such feature.',
  DEFAULT_ROLE_IMMUTABLE:
    'A default role’s name, description and permissions come from the catalogue; only its users can change.',
  UNKNOWN_USER: 'The account has no such user.',
  USER_INACTIVE: 'The user is not active.',
  ROLE_CONFLICT: 'The catalogue forbids one user to hold both roles.',
  LAST_ADMIN: 'The account must keep an active account admin.',
  ESCALATION: 'A privileged permission can be given, or taken away, only by someone to whom it is granted.',
  FEATURE_REQUIRED: 'The feature guards the role pages themselves and cannot be disabled.',
  USERNAME_TAKEN: 'Another user of the account has the username.',
  USERNAME_SUPPRESSED: 'The username was an erased user’s, and was not released since.',
  EXTERNAL_ID_TAKEN: 'Another user of the account has the external id.',
  EXTERNAL_ID_SUPPRESSED: 'The external id was an erased user’s, whose username was not released since.',
  IDENTITY_TAKEN: 'The identity is linked to another user of the account.',
  IDENTITY_SUPPRESSED: 'The identity was an erased user’s, whose username was not released since.',
  USER_ERASED: 'The user was erased.',
  SERVICE_USER: 'The user is a service, which signs in nowhere: it calls by API keys.',
  NOT_A_SERVICE_USER: 'API keys are for service users alone; a person signs in.',
  TOO_MANY_API_KEYS: 'The user has as many API keys as one may have. Revoke one, or let one expire.',
  SELF_DEACTIVATION: 'Nobody can deactivate themselves.',
  SELF_ERASURE: 'Nobody can erase themselves.',
  SELF_UNLINKING: 'Nobody can unlink the last identity that they have themselves.',
  VERSION_CONFLICT: 'The role has changed since it was read.',
  PREVIEW_STALE: 'Something that the preview rests on has changed since.',
  IDEMPOTENCY_KEY_REUSED: 'The idempotency key was used with another input.',
  TOO_MANY: 'Too many changes for one mutation.',
  REASON_TOO_LONG: `A reason has ${REASON_FORM}.`,
  PAST_OBJECT: 'The id is of a role or user as of the past, where nothing can be changed. Send its `key`.',
  INVALID_INPUT: 'The input is malformed.',
  NOT_FOUND: 'There is nothing under that id.',
} as const;

export type RefusalCode = keyof typeof REFUSAL_CODES;

/** Subject of a refusal, in the terms of the rules. Only the builder of the input knows its path there. */
export type Subject =
  /** The role or user that is changed. */
  | 'role'
  | 'user'
  | 'account'
  | 'name'
  | 'description'
  | 'username'
  | 'externalId'
  | 'identity'
  | 'apiKey'
  | 'at'
  | 'grants'
  | 'permissions'
  | 'section'
  | 'permission'
  | 'scopes'
  /** The users who are to join a role, or to leave it. */
  | 'assign'
  | 'unassign'
  | 'feature'
  | 'features'
  | 'expectedVersion'
  | 'idempotencyKey';

/** One fault of a command, and its subject. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  /**
   * Path from a subject inwards, e.g. `['grants', '2', 'permission']`; left out if the refusal is about the whole
   * command.
   */
  readonly subject?: readonly [Subject, ...inner: string[]];
  /** Kind of the ids below. */
  readonly idsOf?: 'user' | 'role';
  readonly ids?: readonly string[];
  readonly permissions?: readonly string[];
  /** The role's present version, on VERSION_CONFLICT. */
  readonly currentVersion?: number;
}

/** Outcome of a decision: events to record (none: it already holds), or all faults. */
export type Decision<Event> =
  | { readonly accepted: true; readonly events: readonly Event[] }
  | { readonly accepted: false; readonly refusals: readonly Refusal[] };

export const accept = <Event>(events: readonly Event[]): Decision<Event> => ({ accepted: true, events });
export const refuse = (
  ...refusals: readonly Refusal[]
): { readonly accepted: false; readonly refusals: readonly Refusal[] } => ({
  accepted: false,
  refusals,
});

/** One part of a decision. It has both events and refusals, since the faults of all parts are reported at once. */
export interface PartialDecision<Event> {
  readonly events: readonly Event[];
  readonly refusals: readonly Refusal[];
}

/** Combines the parts into one decision. */
export const decision = <Event>({ events, refusals }: PartialDecision<Event>): Decision<Event> =>
  refusals.length > 0 ? refuse(...refusals) : accept(events);

/** A refusal with the code's own message and further details. Long ids and keys that a caller sent are truncated. */
export function refusal(
  code: RefusalCode,
  details: Omit<Refusal, 'code' | 'message'> & { message?: string } = {},
): Refusal {
  const { ids, permissions } = details;
  return {
    code,
    message: REFUSAL_CODES[code],
    ...details,
    ...(ids ? { ids: ids.map(cut) } : {}),
    ...(permissions ? { permissions: permissions.map(cut) } : {}),
  };
}

/** Longest key that the catalogue accepts, in UTF-16 units: a longer one names nothing. */
const LONGEST_KEY = 200;
const cut = (text: string): string => shortened(text, LONGEST_KEY);

/** Never between the halves of a surrogate pair. */
const shortened = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`;

/** Keys as a message names them: the first ten, each truncated for display. */
export const named = (keys: readonly string[]): string =>
  keys
    .slice(0, 10)
    .map((key) => shortened(key, 40))
    .join(', ');
