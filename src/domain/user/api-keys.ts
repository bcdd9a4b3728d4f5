import { accept, refusal, refuse, type Decision } from '../refusal';
import { isLonger, isVisible, nameFault, tidyName } from '../text';
import { LONGEST_API_KEY_NAME, type UserEvent } from './events';
import { erased, unknown, type OfUser, type UserState } from './user';

/** Rules of the API keys of service users. */

/** Limit of the keys of one user that are neither revoked nor expired. */
export const MAX_API_KEYS = 20;

/** Longest validity of a key, in days; a key without an end would be forgotten. */
export const MAX_API_KEY_DAYS = 365;
/** Validity of a key for which none was asked. */
export const DEFAULT_API_KEY_DAYS = 90;

const DAY_MS = 86_400_000;

/** A key to create. */
export interface NewApiKey extends OfUser {
  readonly apiKey: string;
  readonly name: string;
  readonly prefix: string;
  readonly hash: string;
  /** Days, 1 to `MAX_API_KEY_DAYS`. */
  readonly expiresInDays: number;
}

/** Creates a key of an active service user. Who may do so is not decided here. */
export function decideCreateApiKey(
  { user, apiKey, name, prefix, hash, expiresInDays }: NewApiKey,
  state: UserState,
  { now }: { readonly now: Date },
): Decision<UserEvent> {
  if (!state.registered) return unknown(user);
  if (state.erased) return erased(user);
  if (state.kind !== 'SERVICE') return ofUser('NOT_A_SERVICE_USER', user);
  if (!state.active) return ofUser('USER_INACTIVE', user);
  const message = keyNameFault(name);
  if (message !== null) return refuse(refusal('INVALID_INPUT', { message, subject: ['name'] }));
  const inUse = state.apiKeys.count((key) => !key.revoked && Date.parse(key.expiresAt) > now.getTime());
  if (inUse >= MAX_API_KEYS) return ofUser('TOO_MANY_API_KEYS', user);
  const expiresAt = new Date(now.getTime() + expiresInDays * DAY_MS).toISOString();
  // In the order of canonical JSON.
  const data = { apiKey, expiresAt, hash, name: tidyName(name), prefix, user };
  return accept([{ type: 'ApiKeyCreated', data }]);
}

/** Revokes a key, an expired one too; one that is revoked already stays so. */
export function decideRevokeApiKey(
  { user, apiKey }: OfUser & { readonly apiKey: string },
  state: UserState,
): Decision<UserEvent> {
  if (!state.registered) return unknown(user);
  if (state.erased) return erased(user);
  const key = state.apiKeys.get(apiKey);
  if (!key) {
    const message = 'The user has no such API key.';
    return refuse(refusal('NOT_FOUND', { message, subject: ['apiKey'] }));
  }
  return accept(key.revoked ? [] : [{ type: 'ApiKeyRevoked', data: { apiKey, user } }]);
}

const ofUser = (code: 'NOT_A_SERVICE_USER' | 'USER_INACTIVE' | 'TOO_MANY_API_KEYS', user: string) =>
  refuse(refusal(code, { subject: ['user'], idsOf: 'user', ids: [user] }));

function keyNameFault(name: string): string | null {
  const fits = !isLonger(name.trim(), LONGEST_API_KEY_NAME) && isVisible(name);
  return fits ? nameFault(name) : `A name is one line of 1 to ${LONGEST_API_KEY_NAME} characters.`;
}
