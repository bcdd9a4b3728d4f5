import type { Scenario } from '../exploration';
import { ask, user, type Ask } from '../../commands/harness';
import type { Book } from '../book';
import {
  assign,
  createKey,
  deactivate,
  erase,
  keyed,
  registerService,
  repeats,
  revokeKey,
  unassign,
} from './wishes';

/** Races in which service users are admins who do not count as one, and races for their API keys. */

const BOT_IS_ADMIN: readonly Ask[] = [registerService('bot'), assign('account-admin', 'bot')];
/** The key that one command creates under an idempotency key. */
const KEYED = keyed(createKey('bot'), 'k');

/** A key can be created, up to the limit, by whom the user is active for; and what is revoked stays so. */
const keysOf = (id: string) => (book: Book) => {
  const bot = book.users.get(id);
  const refused = bot?.erased ? 'USER_ERASED' : bot?.active ? null : 'USER_INACTIVE';
  const known = [...(bot?.apiKeys.keys() ?? [])];
  return [
    { ask: createKey(id), expect: refused ?? 'ok' },
    ...known.map((key) => ({ ask: revokeKey(id, key), expect: bot?.erased ? 'USER_ERASED' : 'ok' })),
  ];
};

export const SERVICES: readonly Scenario[] = [
  {
    name: 'the last two admins who are persons are deactivated',
    given: BOT_IS_ADMIN,
    replicas: [[deactivate('ann')], [deactivate('bob')]],
    then: repeats('ann'),
    seen: ['ok | LAST_ADMIN', 'LAST_ADMIN | ok'],
    least: 32,
  },
  {
    name: 'a service user becomes an admin while the last one who is a person goes',
    given: [registerService('bot'), unassign('account-admin', 'bob')],
    replicas: [[assign('account-admin', 'bot')], [unassign('account-admin', 'ann')]],
    then: repeats('bot'),
    seen: ['ok | LAST_ADMIN'],
    least: 6,
  },
  {
    name: 'the last admin is replaced by a service user, and by a person',
    given: [registerService('bot'), unassign('account-admin', 'bob')],
    replicas: [
      [ask({ type: 'updateRole', role: 'account-admin', assignUserIds: ['bot'], unassignUserIds: ['ann'] })],
      [assign('account-admin', 'cat')],
    ],
    then: repeats('cat'),
    seen: ['LAST_ADMIN | ok', 'ok | ok'],
    least: 7,
  },
  {
    name: 'a service user who is an admin is deactivated, and the last person too',
    given: [...BOT_IS_ADMIN, unassign('account-admin', 'bob')],
    replicas: [[deactivate('bot')], [deactivate('ann')]],
    then: repeats('ann'),
    seen: ['ok | LAST_ADMIN'],
    least: 15,
  },
  {
    name: 'one key, an API key is created on two replicas',
    given: [registerService('bot')],
    replicas: [[KEYED], [KEYED]],
    then: keysOf('bot'),
    seen: ['ok | ok'],
    least: 12,
  },
  {
    name: 'an API key is created while its user is deactivated',
    given: [registerService('bot')],
    replicas: [[createKey('bot')], [deactivate('bot')]],
    then: keysOf('bot'),
    seen: ['ok | ok', 'USER_INACTIVE | ok'],
    least: 24,
  },
  {
    name: 'an API key is created while its user is erased',
    given: [registerService('bot')],
    replicas: [[createKey('bot')], [erase('bot')]],
    then: keysOf('bot'),
    seen: ['ok | ok', 'USER_ERASED | ok'],
    least: 24,
  },
  {
    name: 'an API key is created for a user who becomes an admin, by one who may not give that',
    given: [
      registerService('bot'),
      ask({ type: 'createRole', name: 'Desk', grants: [{ permission: 'users/manage' }], userIds: ['dan'] }),
    ],
    replicas: [[ask(createKey('bot').command, { actor: user('dan') })], [assign('account-admin', 'bot')]],
    then: keysOf('bot'),
    seen: ['ok | ok', 'ESCALATION | ok'],
    least: 10,
  },
];
