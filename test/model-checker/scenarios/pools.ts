import type { Ask } from '../../commands/harness';
import {
  A,
  assign,
  B,
  call,
  callAndKnow,
  create,
  deactivate,
  joins,
  keyed,
  know,
  link,
  reactivate,
  register,
  registerKnown,
  registerLinked,
  remove,
  rename,
  repeats,
  unassign,
  unlink,
  wantsExternalId,
  wantsName,
  wantsSubject,
  wantsUsername,
} from './wishes';
import type { Scenario } from '../exploration';

/** Commands that can be in each other's way, for races of any two or three of them. */
export interface Pool {
  readonly name: string;
  readonly given: readonly Ask[];
  readonly asks: readonly Ask[];
  readonly then: Scenario['then'];
}

const NAMES: readonly Ask[] = [
  create('Agents'),
  create('Sales'),
  keyed(create('Agents'), 'k'),
  rename(A, 'Agents'),
  rename(A, 'Support'),
  rename(A, 'Sales'),
  rename(B, 'Agents'),
  rename(B, 'Sales'),
  keyed(rename(A, 'Agents'), 'k'),
  remove(A),
  remove(B),
];
const USERS: readonly Ask[] = [
  register('eve'),
  keyed(register('eve'), 'k'),
  call('cat', 'eve'),
  call('dan', 'cat'),
  call('dan', 'eve'),
];
const KNOWN: readonly Ask[] = [
  know('cat', 'E1'),
  know('dan', 'E1'),
  know('dan', null),
  callAndKnow('cat', 'eve', 'E1'),
  callAndKnow('dan', 'ivy', 'E1'),
  keyed(registerKnown('eve', 'E1'), 'k'),
];
const LINKED: readonly Ask[] = [
  link('cat', 's1'),
  link('dan', 's1'),
  link('dan', 's2'),
  unlink('dan', 's2'),
  registerLinked('eve', 's2'),
  keyed(registerLinked('eve', 's1'), 'k'),
];
const ADMINS: readonly Ask[] = [
  ...['ann', 'bob', 'cat'].map((id) => deactivate(id)),
  ...['ann', 'cat'].map((id) => reactivate(id)),
  keyed(deactivate('ann'), 'k'),
  keyed(reactivate('cat'), 'k'),
  unassign('account-admin', 'ann'),
  unassign('account-admin', 'bob'),
  assign('account-admin', 'cat'),
];
const CONFLICTS: readonly Ask[] = [
  assign('maker', 'cat'),
  assign('checker', 'cat'),
  assign('maker', 'cat', 'dan'),
  assign('checker', 'dan'),
  unassign('maker', 'cat'),
  unassign('checker', 'cat'),
  keyed(assign('maker', 'cat'), 'k'),
];

export const POOLS: readonly Pool[] = [
  {
    name: 'names',
    given: [keyed(create('Sales'), 'a'), keyed(create('Support'), 'b')],
    asks: NAMES,
    then: wantsName('Agents', 'Sales', 'Support'),
  },
  { name: 'usernames', given: [], asks: USERS, then: wantsUsername('eve', 'cat', 'dan') },
  { name: 'external ids', given: [know('dan', 'E2')], asks: KNOWN, then: wantsExternalId('E1', 'E2') },
  { name: 'identities', given: [link('dan', 's2')], asks: LINKED, then: wantsSubject('s1', 's2') },
  { name: 'admins', given: [], asks: ADMINS, then: repeats('ann') },
  { name: 'admins, one user inactive', given: [deactivate('cat')], asks: ADMINS, then: repeats('cat') },
  { name: 'conflicts', given: [], asks: CONFLICTS, then: joins('cat') },
  {
    name: 'conflicts, one user in a role',
    given: [assign('maker', 'cat')],
    asks: CONFLICTS,
    then: joins('cat'),
  },
];
