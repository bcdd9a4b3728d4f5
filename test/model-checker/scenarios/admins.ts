import type { Scenario } from '../exploration';
import { ask, user, type Ask } from '../../commands/harness';
import { deactivate, reactivate, assign, unassign, repeats } from './wishes';

const by = (id: string, { command }: Ask): Ask => ask(command, { actor: user(id) });
/** Dan may deactivate and reactivate, and is granted nothing else. */
const DESK = ask({
  type: 'createRole',
  name: 'Desk',
  grants: [{ permission: 'users/manage' }],
  userIds: ['dan'],
});

/** Races for the last admin, and between a deactivation and what undoes or hinders it. */

export const ADMINS: readonly Scenario[] = [
  {
    name: 'the last two admins are deactivated',
    replicas: [[deactivate('ann')], [deactivate('bob')]],
    then: repeats('ann'),
    seen: ['ok | LAST_ADMIN', 'LAST_ADMIN | ok'],
    least: 32,
  },
  {
    name: 'the last two admins deactivate each other',
    replicas: [
      [ask({ type: 'deactivateUser', user: 'ann' }, { actor: user('bob') })],
      [ask({ type: 'deactivateUser', user: 'bob' }, { actor: user('ann') })],
    ],
    then: repeats('bob'),
    seen: ['ok | LAST_ADMIN', 'LAST_ADMIN | ok'],
    least: 32,
  },
  {
    name: 'of the last two admins one is deactivated, the other unassigned',
    replicas: [[deactivate('ann')], [unassign('account-admin', 'bob')]],
    then: repeats('ann'),
    seen: ['LAST_ADMIN | ok', 'ok | LAST_ADMIN'],
    least: 19,
  },
  {
    name: 'the last two admins are unassigned',
    replicas: [[unassign('account-admin', 'ann')], [unassign('account-admin', 'bob')]],
    then: repeats('ann'),
    seen: ['ok | LAST_ADMIN', 'LAST_ADMIN | ok'],
    least: 10,
  },
  {
    name: 'the last admin is replaced by a user who is being deactivated',
    given: [unassign('account-admin', 'bob')],
    replicas: [
      [
        ask({
          type: 'updateRole',
          role: 'account-admin',
          assignUserIds: ['cat'],
          unassignUserIds: ['ann'],
        }),
      ],
      [deactivate('cat')],
    ],
    then: repeats('cat'),
    seen: ['ok | LAST_ADMIN', 'USER_INACTIVE | ok'],
    least: 19,
  },
  {
    name: 'one user is deactivated and reactivated',
    replicas: [[deactivate('ann')], [reactivate('ann')]],
    then: repeats('ann'),
    seen: ['ok | ok'],
    least: 44,
  },
  {
    name: 'one inactive user is deactivated and reactivated',
    given: [deactivate('ann')],
    replicas: [[deactivate('ann')], [reactivate('ann')]],
    then: repeats('ann'),
    seen: ['ok | ok'],
    least: 38,
  },
  {
    name: 'one user is deactivated and reactivated while being deactivated',
    replicas: [[deactivate('ann'), reactivate('ann')], [deactivate('ann')]],
    then: repeats('ann'),
    seen: ['ok, ok | ok'],
    least: 168,
  },
  {
    name: 'one inactive user is reactivated twice at once',
    given: [deactivate('ann')],
    replicas: [[reactivate('ann')], [reactivate('ann')]],
    then: repeats('ann'),
    seen: ['ok | ok'],
    least: 41,
  },
  {
    name: 'a user becomes an admin while being deactivated',
    replicas: [[deactivate('cat')], [assign('account-admin', 'cat')]],
    then: repeats('cat'),
    seen: ['ok | USER_INACTIVE', 'ok | ok'],
    least: 20,
  },
  {
    name: 'a user becomes an admin while being reactivated',
    given: [deactivate('cat')],
    replicas: [[reactivate('cat')], [assign('account-admin', 'cat')]],
    then: repeats('cat'),
    seen: ['ok | USER_INACTIVE'],
    least: 10,
  },
  {
    name: 'a user becomes an admin while being reactivated, and the guards have not heard of the deactivation',
    given: [deactivate('cat')],
    guardsLag: true,
    replicas: [[reactivate('cat')], [assign('account-admin', 'cat')]],
    then: repeats('cat'),
    seen: ['ok | USER_INACTIVE', 'ok | ok'],
    least: 11,
  },
  {
    name: 'an admin is unassigned for another of whose deactivation the guards have not heard',
    given: [deactivate('bob')],
    guardsLag: true,
    replicas: [[unassign('account-admin', 'ann')], [reactivate('bob')]],
    then: repeats('bob'),
    seen: ['LAST_ADMIN | ok', 'ok | ok'],
    least: 10,
  },
  {
    name: 'an admin is reactivated while the other is deactivated',
    given: [deactivate('bob')],
    replicas: [[reactivate('bob')], [deactivate('ann')]],
    then: repeats('bob'),
    seen: ['ok | LAST_ADMIN', 'ok | ok'],
    least: 10,
  },
  {
    name: 'an inactive admin is unassigned while being reactivated',
    given: [deactivate('bob')],
    replicas: [[reactivate('bob')], [unassign('account-admin', 'bob')]],
    then: repeats('bob'),
    seen: ['ok | ok'],
    least: 10,
  },
  {
    name: 'a user becomes an admin while being deactivated by one who may not take that away',
    given: [DESK],
    replicas: [[by('dan', deactivate('cat'))], [assign('account-admin', 'cat')]],
    then: repeats('cat'),
    seen: ['ESCALATION | ok', 'ok | USER_INACTIVE'],
    least: 10,
  },
  {
    name: 'an admin is reactivated by one who may not give that back, and unassigned',
    given: [DESK, deactivate('bob')],
    replicas: [[by('dan', reactivate('bob'))], [unassign('account-admin', 'bob')]],
    then: repeats('bob'),
    seen: ['ESCALATION | ok'],
    least: 5,
  },
  {
    name: 'a user becomes an admin, the only one, while another is deactivated',
    replicas: [
      [assign('account-admin', 'cat'), unassign('account-admin', 'ann', 'bob')],
      [deactivate('cat')],
    ],
    then: repeats('cat'),
    seen: ['ok, ok | LAST_ADMIN', 'USER_INACTIVE, LAST_ADMIN | ok', 'ok, LAST_ADMIN | ok'],
    least: 47,
  },
];
