import type { Book } from '../book';
import type { Scenario } from '../exploration';
import {
  assign,
  call,
  deactivate,
  erase,
  keyed,
  reactivate,
  register,
  releaseName,
  unassign,
} from './wishes';

/** Races between an erasure, which has the order of a deactivation, and what it ends or hinders; and for the username. */

/** Finality: every change of an erased user is refused. An erasure may have been refused, as that of the last admin is. */
const erasedOrNot = (id: string) => (book: Book) => {
  if (!book.users.get(id)?.erased) return [];
  return [
    { ask: erase(id), expect: 'ok' },
    { ask: reactivate(id), expect: 'USER_ERASED' },
    { ask: deactivate(id), expect: 'USER_ERASED' },
    { ask: assign('account-admin', id), expect: 'USER_ERASED' },
    { ask: call(id, 'zoe'), expect: 'USER_ERASED' },
  ];
};

/** The username of an erased user is nobody's until it is released, and then the first one's who wants it. */
const suppressed = (name: string) => (book: Book) => {
  const bearers = [...book.users.values()].filter(({ username, released }) => username === name && !released);
  const taken = bearers.some(({ erased }) => !erased);
  if (taken) return [{ ask: releaseName(name), expect: 'USERNAME_TAKEN' }];
  return [
    ...(bearers.length > 0
      ? [
          { ask: register(name), expect: 'USERNAME_SUPPRESSED' },
          { ask: releaseName(name), expect: 'ok' },
          { ask: releaseName(name), expect: 'ok' },
        ]
      : []),
    { ask: register(name), expect: 'ok' },
    { ask: register(name), expect: 'USERNAME_TAKEN' },
  ];
};

export const ERASURE: readonly Scenario[] = [
  {
    name: 'of the last two admins one is erased, the other deactivated',
    replicas: [[erase('ann')], [deactivate('bob')]],
    then: erasedOrNot('ann'),
    seen: ['LAST_ADMIN | ok', 'ok | LAST_ADMIN'],
    least: 32,
  },
  {
    name: 'of the last two admins one is erased, the other unassigned',
    replicas: [[erase('ann')], [unassign('account-admin', 'bob')]],
    then: erasedOrNot('ann'),
    seen: ['LAST_ADMIN | ok', 'ok | LAST_ADMIN'],
    least: 19,
  },
  {
    name: 'an inactive admin is erased and reactivated',
    given: [deactivate('ann')],
    replicas: [[erase('ann')], [reactivate('ann')]],
    then: erasedOrNot('ann'),
    seen: ['ok | USER_ERASED', 'ok | ok'],
    least: 87,
  },
  {
    name: 'an inactive admin is erased while being reactivated under a key, again after',
    given: [deactivate('ann')],
    replicas: [[keyed(reactivate('ann'), 'k'), keyed(reactivate('ann'), 'k')], [erase('ann')]],
    then: erasedOrNot('ann'),
    seen: ['USER_ERASED, USER_ERASED | ok', 'ok, ok | ok'],
    least: 379,
  },
  {
    name: 'an admin is erased twice at once under one key',
    replicas: [[keyed(erase('ann'), 'k')], [keyed(erase('ann'), 'k')]],
    then: erasedOrNot('ann'),
    seen: ['ok | ok'],
    least: 39,
  },
  {
    name: 'a user becomes an admin while being erased',
    replicas: [[erase('cat')], [assign('account-admin', 'cat')]],
    then: erasedOrNot('cat'),
    seen: ['ok | USER_INACTIVE', 'ok | ok'],
    least: 20,
  },
  {
    name: 'a user is renamed while being erased, and another wants the former username',
    replicas: [[erase('cat')], [call('cat', 'kat'), register('cat')]],
    then: erasedOrNot('cat'),
    seen: ['ok | USER_ERASED, USERNAME_SUPPRESSED', 'ok | ok, ok'],
    least: 106,
  },
  {
    name: 'a user is registered under the username of one who is being erased',
    replicas: [[erase('cat')], [register('cat')]],
    then: suppressed('cat'),
    seen: ['ok | USERNAME_SUPPRESSED', 'ok | USERNAME_TAKEN'],
    least: 21,
  },
  {
    name: 'two users want a username that is being released',
    given: [erase('cat')],
    replicas: [[releaseName('cat'), register('cat')], [register('cat')]],
    then: suppressed('cat'),
    seen: ['ok, USERNAME_TAKEN | ok', 'ok, ok | USERNAME_SUPPRESSED', 'ok, ok | USERNAME_TAKEN'],
    least: 150,
  },
];
