import type { Scenario } from '../exploration';
import { ask, roleIdOf } from '../../commands/harness';
import {
  A,
  create,
  rename,
  remove,
  register,
  deactivate,
  reactivate,
  assign,
  unassign,
  keyed,
  wantsName,
  wantsUsername,
  repeats,
  joins,
} from './wishes';

/** One idempotency key on two replicas, and what may happen to the outcome before the second hears of it. */

export const KEYS: readonly Scenario[] = [
  {
    name: 'one key, createRole on two replicas',
    replicas: [[create('Agents', 'k')], [create('Agents', 'k')]],
    then: wantsName('Agents'),
    seen: ['ok | ok'],
    least: 36,
  },
  {
    name: 'one key with two inputs, createRole on two replicas',
    replicas: [[create('Agents', 'k')], [create('Sales', 'k')]],
    then: wantsName('Agents', 'Sales'),
    seen: ['ok | IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_KEY_REUSED | ok'],
    least: 35,
  },
  {
    name: 'one key, duplicateRole on two replicas',
    given: [create('Sales', 'a')],
    replicas: [
      [keyed(ask({ type: 'duplicateRole', role: A }), 'k')],
      [keyed(ask({ type: 'duplicateRole', role: A }), 'k')],
    ],
    then: wantsName('Copy of Sales', 'Copy of Sales (2)'),
    seen: ['ok | ok'],
    least: 60,
  },
  {
    name: 'one key, a role is copied on two replicas, and deleted between',
    given: [create('Sales', 'a')],
    replicas: [
      [keyed(ask({ type: 'duplicateRole', role: A }), 'k'), remove(A)],
      [keyed(ask({ type: 'duplicateRole', role: A }), 'k')],
    ],
    then: wantsName('Copy of Sales', 'Sales'),
    seen: ['ok, ok | ok'],
    least: 134,
  },
  {
    name: 'one key, assignUsers on two replicas, unassigned between',
    replicas: [
      [keyed(assign('maker', 'cat'), 'k'), unassign('maker', 'cat'), assign('checker', 'cat')],
      [keyed(assign('maker', 'cat'), 'k')],
    ],
    then: joins('cat'),
    seen: ['ok, ok, ok | ok'],
    least: 351,
  },
  {
    name: 'one key, registerUser on two replicas',
    replicas: [[register('eve', 'k')], [register('eve', 'k')]],
    then: wantsUsername('eve'),
    seen: ['ok | ok'],
    least: 36,
  },
  {
    name: 'one key, a role is created, renamed away, and its name given to another',
    replicas: [
      [create('Agents', 'k'), rename(roleIdOf('k'), 'Sales'), create('Agents')],
      [create('Agents', 'k')],
    ],
    then: wantsName('Agents', 'Sales'),
    seen: ['ok, ok, ok | ok'],
    least: 348,
  },
  {
    name: 'one key, a role is renamed on two replicas, and back between',
    given: [create('Sales', 'a')],
    replicas: [[rename(A, 'Agents', 'k'), rename(A, 'Sales')], [rename(A, 'Agents', 'k')]],
    then: wantsName('Sales', 'Agents'),
    seen: ['ok, ok | ok'],
    least: 248,
  },
  {
    name: 'one key, a user is deactivated on two replicas, and reactivated between',
    replicas: [[deactivate('ann', 'k'), reactivate('ann')], [deactivate('ann', 'k')]],
    then: repeats('ann'),
    seen: ['ok, ok | ok'],
    least: 125,
  },
  {
    name: 'one key, a user is reactivated on two replicas, and deactivated between',
    given: [deactivate('ann')],
    replicas: [[reactivate('ann', 'k'), deactivate('ann')], [reactivate('ann', 'k')]],
    then: repeats('ann'),
    seen: ['ok, ok | ok'],
    least: 210,
  },
];
