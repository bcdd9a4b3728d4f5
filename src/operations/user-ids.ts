import { nameBasedId } from '../domain/name-based-id';
import { nameKey } from '../domain/names';

/**
 * Id of a user whom an operator registers without giving one: the same username gives the same user, so that asking
 * again, or sending a file again, finds who is there. `namespace`: a UUID that tells one job's users from another's.
 */
export const userIdFor = (namespace: string, account: string, username: string): string =>
  `u_${nameBasedId(`${account}\n${nameKey(username)}`, namespace)
    .replaceAll('-', '')
    .slice(0, 20)}`;
