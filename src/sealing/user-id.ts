import { nameBasedId } from '../domain/name-based-id';
import { nameKey } from '../domain/text';
import type { AccountSealing } from './sealing';

/** Namespace of the ids of users that are made from usernames (a random UUID, fixed for ever). */
const USERNAMES = '5a0a4d9e-3f65-4f0b-8a53-0d7b0c1a7b11';

/** Hashes with the secret of an account; in a log in clear, nothing. */
export type UserIds = Pick<AccountSealing, 'uuid'>;

/**
 * Id of a user that is made from the username: the same username gives the same user, so that a repeated command or file
 * finds the existing one. Users who were renamed keep their ids; a user registered under their former username has the id
 * of a further generation. Where the log encrypts names, the secret of the account is in the id: otherwise anyone could
 * test a guessed username against the ids in the log.
 */
export function userIdFor(ids: UserIds, username: string, generation: number): string {
  // A key has no line break, so no username equals that of another generation.
  const name = generation === 1 ? nameKey(username) : `${nameKey(username)}\n${generation}`;
  return `u_${ids.uuid(nameBasedId(name, USERNAMES)).replaceAll('-', '').slice(0, 20)}`;
}
