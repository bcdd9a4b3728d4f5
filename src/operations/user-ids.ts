import { nameBasedId } from '../domain/name-based-id';
import { nameKey } from '../domain/text';

const NAMESPACE = '5a0a4d9e-3f65-4f0b-8a53-0d7b0c1a7b11';

/**
 * Id of a user whom an operator registers without giving one, whether alone, as the first admin, or from a file: the
 * same username gives the same user, so that a repeated command or file finds the existing user. Users who were renamed
 * keep their ids; a user registered under their former username has the id of a further generation.
 */
export function userIdFor(username: string, generation = 1): string {
  // A key has no line break, so no username equals that of another generation.
  const name = generation === 1 ? nameKey(username) : `${nameKey(username)}\n${generation}`;
  return `u_${nameBasedId(name, NAMESPACE).replaceAll('-', '').slice(0, 20)}`;
}
