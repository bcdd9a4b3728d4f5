import { nameBasedId } from '../domain/name-based-id';
import { nameKey } from '../domain/text';

const NAMESPACE = '5a0a4d9e-3f65-4f0b-8a53-0d7b0c1a7b11';

/**
 * Id of a user whom an operator registers without giving one, whether alone, as the first admin, or from a file: the
 * same username gives the same user, so that asking again, or sending a file again, finds who is there.
 */
export const userIdFor = (username: string): string =>
  `u_${nameBasedId(nameKey(username), NAMESPACE).replaceAll('-', '').slice(0, 20)}`;
