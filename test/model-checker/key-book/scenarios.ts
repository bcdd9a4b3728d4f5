import { ask } from '../../commands/harness';
import { call, erase, register, releaseName } from '../scenarios/wishes';
import type { Task } from '../process';
import type { KeyScenario } from './exploration';
import type { KeyRace } from './start';
import { copyAway, copyBack, newKey, open, rotate } from './tasks';

/** Races over key books: cat's key is in the first segment of the account, beside its secret, dan's in the second one. */

const openAccount = ask({ type: 'openAccount', name: 'Acme', features: ['EXTRA'] });

export const KEY_SCENARIOS: readonly KeyScenario[] = [
  {
    name: 'two replicas erase one user',
    processes: [[erase('cat')], [erase('cat')]],
    seen: ['ok | ok'],
    least: 307,
  },
  {
    name: 'two users of one segment are erased',
    processes: [[erase('ann')], [erase('cat')]],
    seen: ['ok | ok'],
    least: 188,
  },
  {
    name: 'a user is erased while being renamed',
    processes: [[erase('cat')], [call('cat', 'kat')]],
    seen: ['ok | USER_ERASED', 'ok | ok'],
    least: 94,
  },
  {
    name: 'a user is erased and released, and two want the username',
    processes: [[erase('cat'), releaseName('cat'), register('cat')], [register('cat')]],
    seen: ['ok, ok, USERNAME_TAKEN | ok', 'ok, ok, ok | USERNAME_SUPPRESSED', 'ok, ok, ok | USERNAME_TAKEN'],
    least: 650,
  },
  {
    name: 'a user is erased during a rotation',
    processes: [[erase('cat')], [rotate]],
    seen: ['ok | rotated'],
    least: 99,
  },
  {
    name: 'a user is erased during a rotation, by a replica that has the old master key alone',
    processes: [[erase('cat')], [rotate]],
    files: [['m1'], ['m2', 'm1']],
    seen: ['KEY_BOOK_UNUSABLE | rotated', 'ok | rotated'],
    least: 82,
  },
  { name: 'two rotations', processes: [[rotate], [rotate]], seen: ['rotated | rotated'], least: 70 },
  {
    name: 'a user is registered during a rotation',
    processes: [[register('eve')], [rotate]],
    seen: ['ok | rotated'],
    least: 45,
  },
  {
    name: 'keys are given out during a rotation, by a replica that seals by the old master key',
    processes: [[newKey('acme'), newKey('acme')], [rotate]],
    files: [
      ['m1', 'm2'],
      ['m2', 'm1'],
    ],
    seen: ['given, given | rotated'],
    least: 19,
  },
  {
    name: 'a user is erased during a copy',
    processes: [[erase('cat')], [copyAway]],
    seen: ['ok | copied'],
    least: 56,
  },
  {
    name: 'a user is erased while a copy from before is brought back',
    processes: [[erase('cat')], [copyBack]],
    seen: ['ok | copied'],
    least: 51,
  },
  {
    name: 'a copy is brought back after an erasure, during a rotation',
    given: [erase('cat')],
    processes: [[copyBack], [rotate]],
    seen: ['copied | rotated'],
    least: 52,
  },
  {
    name: 'two replicas register users',
    processes: [[register('eve')], [register('fay')]],
    seen: ['ok | ok'],
    least: 36,
  },
  {
    name: 'two processes take keys',
    processes: [
      [newKey('acme'), newKey('acme')],
      [newKey('acme'), newKey('acme')],
    ],
    seen: ['given, given | given, given'],
    least: 5,
  },
  {
    name: 'two processes open an account',
    processes: [[open('beta')], [open('beta')]],
    seen: ['given | given'],
    least: 12,
  },
  {
    name: 'two replicas open the first account',
    given: null,
    processes: [
      [openAccount, newKey('acme')],
      [openAccount, newKey('acme')],
    ],
    seen: ['ok, given | ok, given'],
    least: 95,
  },
];

/** Tasks of which any two may meet. */
export const KEY_POOL: readonly (readonly [name: string, task: Task])[] = [
  ['erase cat', erase('cat')],
  ['erase dan', erase('dan')],
  ['rename cat', call('cat', 'kat')],
  ['register eve', register('eve')],
  ['register dan', register('dan')],
  ['release dan', releaseName('dan')],
  ['rotate', rotate],
  ['take a key', newKey('acme')],
  ['copy away', copyAway],
  ['copy back', copyBack],
];

export function keyRaceNamed(name: string): KeyRace {
  const found = KEY_SCENARIOS.find((each) => each.name === name);
  if (!found) throw new Error(`no race "${name}"`);
  return found;
}
