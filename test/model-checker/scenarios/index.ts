import type { Scenario } from '../exploration';
import { ADMINS } from './admins';
import { CONFLICTS } from './conflicts';
import { ERASURE } from './erasure';
import { EXTERNAL_IDS } from './external-ids';
import { IDENTITIES } from './identities';
import { KEYS } from './keys';
import { NAMES, USERNAMES } from './names';

/** The races that the protocols were made for. */
export const SCENARIOS: readonly (readonly [string, readonly Scenario[]])[] = [
  ['names', NAMES],
  ['usernames', USERNAMES],
  ['external ids', EXTERNAL_IDS],
  ['identities', IDENTITIES],
  ['admins', ADMINS],
  ['conflicts', CONFLICTS],
  ['erasure', ERASURE],
  ['keys', KEYS],
];

export function named(name: string): Scenario {
  const found = SCENARIOS.flatMap(([, group]) => group).find((each) => each.name === name);
  if (!found) throw new Error(`no scenario "${name}"`);
  return found;
}
