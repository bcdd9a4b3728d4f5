import { bearerOfName, bearerOfUsername, membersOf, type Book } from './book';
import { ask, roleIdOf, user, type Ask } from './harness';
import type { Scenario } from './exploration';

/** The races that the protocols were made for. */

const create = (name: string, key?: string): Ask =>
  ask({ type: 'createRole', name }, key ? { idempotencyKey: key } : {});
const rename = (role: string, name: string, key?: string): Ask =>
  ask({ type: 'updateRole', role, name }, key ? { idempotencyKey: key } : {});
const remove = (role: string): Ask => ask({ type: 'deleteRole', role });
const register = (username: string, key?: string): Ask =>
  ask({ type: 'registerUser', username }, key ? { idempotencyKey: key } : {});
const call = (id: string, username: string): Ask => ask({ type: 'updateUser', user: id, username });
const deactivate = (id: string, key?: string): Ask =>
  ask({ type: 'deactivateUser', user: id }, key ? { idempotencyKey: key } : {});
const reactivate = (id: string, key?: string): Ask =>
  ask({ type: 'reactivateUser', user: id }, key ? { idempotencyKey: key } : {});
const assign = (role: string, ...userIds: string[]): Ask => ask({ type: 'assignUsers', role, userIds });
const unassign = (role: string, ...userIds: string[]): Ask => ask({ type: 'unassignUsers', role, userIds });
const keyed = ({ command }: Ask, key: string): Ask => ask(command, { idempotencyKey: key });

const A = roleIdOf('a');
const B = roleIdOf('b');

/** A further command that wants one of the names ends: refused where it is borne, else it bears it. */
const wantsName =
  (...names: string[]) =>
  (book: Book) =>
    names.flatMap((name) => [
      { ask: create(name), expect: bearerOfName(book, name) ? 'NAME_TAKEN' : 'ok' },
      { ask: create(name.toUpperCase()), expect: 'NAME_TAKEN' },
    ]);

const wantsUsername =
  (...names: string[]) =>
  (book: Book) =>
    names.flatMap((name) => [
      { ask: register(name), expect: bearerOfUsername(book, name) ? 'USERNAME_TAKEN' : 'ok' },
      { ask: register(name), expect: 'USERNAME_TAKEN' },
    ]);

/** Deactivating someone, again or at last, ends; so does reactivating, and then they can be an admin. */
const repeats = (id: string) => (book: Book) => {
  const last = membersOf(book, 'account-admin').has(id) && membersOf(book, 'account-admin').size === 1;
  if (last) return [{ ask: deactivate(id), expect: 'LAST_ADMIN' }];
  return [
    { ask: deactivate(id), expect: 'ok' },
    { ask: assign('account-admin', id), expect: 'USER_INACTIVE' },
    { ask: reactivate(id), expect: 'ok' },
    { ask: assign('account-admin', id), expect: 'ok' },
  ];
};

/** Whoever is in neither role can join one, and then not the other. */
const joins = (id: string) => (book: Book) => {
  if (membersOf(book, 'maker').has(id)) return [{ ask: assign('checker', id), expect: 'ROLE_CONFLICT' }];
  return [
    { ask: assign('checker', id), expect: 'ok' },
    { ask: assign('maker', id), expect: 'ROLE_CONFLICT' },
    { ask: unassign('checker', id), expect: 'ok' },
    { ask: assign('maker', id), expect: 'ok' },
  ];
};

export const NAMES: readonly Scenario[] = [
  {
    name: 'two roles are created under one name',
    replicas: [[create('Agents')], [create('agents ')]],
    then: wantsName('Agents'),
    seen: ['ok | NAME_TAKEN', 'NAME_TAKEN | ok'],
    least: 1,
  },
  {
    name: 'a role is created under the name that another is renamed to',
    given: [create('Sales', 'a')],
    replicas: [[create('Agents')], [rename(A, 'Agents')]],
    then: wantsName('Agents', 'Sales'),
    seen: ['ok | NAME_TAKEN', 'NAME_TAKEN | ok'],
    least: 1,
  },
  {
    name: 'a role is renamed away while another is created under its old name',
    given: [create('Sales', 'a')],
    replicas: [[rename(A, 'Agents')], [create('Sales')]],
    then: wantsName('Agents', 'Sales'),
    seen: ['ok | ok', 'ok | NAME_TAKEN'],
    least: 1,
  },
  {
    name: 'a role is renamed away and back while another is created under the name',
    given: [create('Sales', 'a')],
    replicas: [[rename(A, 'Agents'), rename(A, 'Sales')], [create('Sales')]],
    then: wantsName('Agents', 'Sales'),
    seen: ['ok, ok | NAME_TAKEN', 'ok, NAME_TAKEN | ok'],
    least: 1,
  },
  {
    name: 'two roles are renamed to one name',
    given: [create('Sales', 'a'), create('Support', 'b')],
    replicas: [[rename(A, 'Agents')], [rename(B, 'Agents')]],
    then: wantsName('Agents', 'Sales', 'Support'),
    seen: ['ok | NAME_TAKEN', 'NAME_TAKEN | ok'],
    least: 1,
  },
  {
    name: 'two roles swap their names',
    given: [create('Sales', 'a'), create('Support', 'b')],
    replicas: [[rename(A, 'Support')], [rename(B, 'Sales')]],
    then: wantsName('Sales', 'Support'),
    least: 1,
  },
  {
    name: 'one role is renamed twice at once',
    given: [create('Sales', 'a')],
    replicas: [[rename(A, 'Agents')], [rename(A, 'Support')]],
    then: wantsName('Agents', 'Sales', 'Support'),
    seen: ['ok | ok'],
    least: 1,
  },
  {
    name: 'a role is deleted while another is created under its name',
    given: [create('Sales', 'a')],
    replicas: [[remove(A)], [create('Sales')]],
    then: wantsName('Sales'),
    seen: ['ok | ok', 'ok | NAME_TAKEN'],
    least: 1,
  },
  {
    name: 'a role is deleted while it is renamed',
    given: [create('Sales', 'a')],
    replicas: [[remove(A)], [rename(A, 'Agents')]],
    then: wantsName('Agents', 'Sales'),
    seen: ['ok | ok', 'ok | NOT_FOUND'],
    least: 1,
  },
  {
    name: 'two copies of a role are made at once',
    given: [create('Sales', 'a')],
    replicas: [[ask({ type: 'duplicateRole', role: A })], [ask({ type: 'duplicateRole', role: A })]],
    then: wantsName('Copy of Sales', 'Copy of Sales (2)', 'Copy of Sales (3)'),
    seen: ['ok | ok'],
    least: 1,
  },
];

export const USERNAMES: readonly Scenario[] = [
  {
    name: 'two users register under one username',
    replicas: [[register('eve')], [register('EVE')]],
    then: wantsUsername('eve'),
    seen: ['ok | USERNAME_TAKEN', 'USERNAME_TAKEN | ok'],
    least: 1,
  },
  {
    name: 'a user registers under the username that another takes',
    replicas: [[register('eve')], [call('cat', 'eve')]],
    then: wantsUsername('eve', 'cat'),
    seen: ['ok | USERNAME_TAKEN', 'USERNAME_TAKEN | ok'],
    least: 1,
  },
  {
    name: 'a user gives up a username while another registers under it',
    replicas: [[call('cat', 'eve'), call('cat', 'cat')], [register('cat')]],
    then: wantsUsername('eve', 'cat'),
    seen: ['ok, ok | USERNAME_TAKEN', 'ok, USERNAME_TAKEN | ok'],
    least: 1,
  },
  {
    name: 'two users take one username',
    replicas: [[call('cat', 'eve')], [call('dan', 'eve')]],
    then: wantsUsername('eve', 'cat', 'dan'),
    seen: ['ok | USERNAME_TAKEN', 'USERNAME_TAKEN | ok'],
    least: 1,
  },
];

export const ADMINS: readonly Scenario[] = [
  {
    name: 'the last two admins are deactivated',
    replicas: [[deactivate('ann')], [deactivate('bob')]],
    then: repeats('ann'),
    seen: ['ok | LAST_ADMIN', 'LAST_ADMIN | ok'],
    least: 1,
  },
  {
    name: 'the last two admins deactivate each other',
    replicas: [
      [ask({ type: 'deactivateUser', user: 'ann' }, { actor: user('bob') })],
      [ask({ type: 'deactivateUser', user: 'bob' }, { actor: user('ann') })],
    ],
    then: repeats('bob'),
    seen: ['ok | LAST_ADMIN', 'LAST_ADMIN | ok'],
    least: 1,
  },
  {
    name: 'of the last two admins one is deactivated, the other unassigned',
    replicas: [[deactivate('ann')], [unassign('account-admin', 'bob')]],
    then: repeats('ann'),
    seen: ['ok | LAST_ADMIN', 'LAST_ADMIN | ok'],
    least: 1,
  },
  {
    name: 'the last two admins are unassigned',
    replicas: [[unassign('account-admin', 'ann')], [unassign('account-admin', 'bob')]],
    then: repeats('ann'),
    seen: ['ok | LAST_ADMIN', 'LAST_ADMIN | ok'],
    least: 1,
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
    least: 1,
  },
  {
    name: 'one user is deactivated and reactivated',
    replicas: [[deactivate('ann')], [reactivate('ann')]],
    then: repeats('ann'),
    seen: ['ok | ok'],
    least: 1,
  },
  {
    name: 'one inactive user is deactivated and reactivated',
    given: [deactivate('ann')],
    replicas: [[deactivate('ann')], [reactivate('ann')]],
    then: repeats('ann'),
    seen: ['ok | ok'],
    least: 1,
  },
  {
    name: 'one user is deactivated and reactivated while being deactivated',
    replicas: [[deactivate('ann'), reactivate('ann')], [deactivate('ann')]],
    then: repeats('ann'),
    seen: ['ok, ok | ok'],
    least: 1,
  },
  {
    name: 'one inactive user is reactivated twice at once',
    given: [deactivate('ann')],
    replicas: [[reactivate('ann')], [reactivate('ann')]],
    then: repeats('ann'),
    seen: ['ok | ok'],
    least: 1,
  },
  {
    name: 'a user becomes an admin while being deactivated',
    replicas: [[deactivate('cat')], [assign('account-admin', 'cat')]],
    then: repeats('cat'),
    seen: ['ok | ok', 'ok | USER_INACTIVE'],
    least: 1,
  },
  {
    name: 'a user becomes an admin while being reactivated',
    given: [deactivate('cat')],
    replicas: [[reactivate('cat')], [assign('account-admin', 'cat')]],
    then: repeats('cat'),
    seen: ['ok | USER_INACTIVE'],
    least: 1,
  },
  {
    name: 'a user becomes an admin, the only one, while another is deactivated',
    replicas: [
      [assign('account-admin', 'cat'), unassign('account-admin', 'ann', 'bob')],
      [deactivate('cat')],
    ],
    then: repeats('cat'),
    seen: ['ok, ok | LAST_ADMIN', 'ok, LAST_ADMIN | ok', 'USER_INACTIVE, LAST_ADMIN | ok'],
    least: 1,
  },
];

export const CONFLICTS: readonly Scenario[] = [
  {
    name: 'one user is assigned to two conflicting roles',
    replicas: [[assign('maker', 'cat')], [assign('checker', 'cat')]],
    then: joins('cat'),
    seen: ['ok | ROLE_CONFLICT', 'ROLE_CONFLICT | ok'],
    least: 1,
  },
  {
    name: 'two users are assigned to two conflicting roles',
    replicas: [[assign('maker', 'cat', 'dan')], [assign('checker', 'dan', 'ann')]],
    then: joins('dan'),
    seen: ['ok | ROLE_CONFLICT', 'ROLE_CONFLICT | ok'],
    least: 1,
  },
  {
    name: 'users apart are assigned to two conflicting roles',
    replicas: [[assign('maker', 'cat')], [assign('checker', 'dan')]],
    then: joins('cat'),
    seen: ['ok | ok'],
    least: 1,
  },
  {
    name: 'a user leaves one of two conflicting roles while joining the other',
    given: [assign('maker', 'cat')],
    replicas: [[unassign('maker', 'cat')], [assign('checker', 'cat')]],
    then: joins('cat'),
    seen: ['ok | ok', 'ok | ROLE_CONFLICT'],
    least: 1,
  },
  {
    name: 'a user leaves and joins again while joining the other',
    given: [assign('maker', 'cat')],
    replicas: [[unassign('maker', 'cat'), assign('maker', 'cat')], [assign('checker', 'cat')]],
    then: joins('cat'),
    seen: ['ok, ok | ROLE_CONFLICT', 'ok, ROLE_CONFLICT | ok'],
    least: 1,
  },
  {
    name: 'a user joins and leaves while joining the other',
    replicas: [[assign('maker', 'cat'), unassign('maker', 'cat')], [assign('checker', 'cat')]],
    then: joins('cat'),
    seen: ['ok, ok | ROLE_CONFLICT', 'ROLE_CONFLICT, ok | ok', 'ok, ok | ok'],
    least: 1,
  },
];

export const KEYS: readonly Scenario[] = [
  {
    name: 'one key, createRole on two replicas',
    replicas: [[create('Agents', 'k')], [create('Agents', 'k')]],
    then: wantsName('Agents'),
    seen: ['ok | ok'],
    least: 1,
  },
  {
    name: 'one key with two inputs, createRole on two replicas',
    replicas: [[create('Agents', 'k')], [create('Sales', 'k')]],
    then: wantsName('Agents', 'Sales'),
    seen: ['ok | IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_KEY_REUSED | ok'],
    least: 1,
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
    least: 1,
  },
  {
    name: 'one key, assignUsers on two replicas, unassigned between',
    replicas: [
      [keyed(assign('maker', 'cat'), 'k'), unassign('maker', 'cat'), assign('checker', 'cat')],
      [keyed(assign('maker', 'cat'), 'k')],
    ],
    then: joins('cat'),
    seen: ['ok, ok, ok | ok'],
    least: 1,
  },
  {
    name: 'one key, registerUser on two replicas',
    replicas: [[register('eve', 'k')], [register('eve', 'k')]],
    then: wantsUsername('eve'),
    seen: ['ok | ok'],
    least: 1,
  },
  {
    name: 'one key, a role is created, renamed away, and its name given to another',
    replicas: [
      [create('Agents', 'k'), rename(roleIdOf('k'), 'Sales'), create('Agents')],
      [create('Agents', 'k')],
    ],
    then: wantsName('Agents', 'Sales'),
    seen: ['ok, ok, ok | ok'],
    least: 1,
  },
  {
    name: 'one key, a role is renamed on two replicas, and back between',
    given: [create('Sales', 'a')],
    replicas: [[rename(A, 'Agents', 'k'), rename(A, 'Sales')], [rename(A, 'Agents', 'k')]],
    then: wantsName('Sales', 'Agents'),
    seen: ['ok, ok | ok'],
    least: 1,
  },
  {
    name: 'one key, a user is deactivated on two replicas, and reactivated between',
    replicas: [[deactivate('ann', 'k'), reactivate('ann')], [deactivate('ann', 'k')]],
    then: repeats('ann'),
    seen: ['ok, ok | ok'],
    least: 1,
  },
  {
    name: 'one key, a user is reactivated on two replicas, and deactivated between',
    given: [deactivate('ann')],
    replicas: [[reactivate('ann', 'k'), deactivate('ann')], [reactivate('ann', 'k')]],
    then: repeats('ann'),
    seen: ['ok, ok | ok'],
    least: 1,
  },
];
