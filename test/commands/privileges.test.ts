import type { Command } from '../../src/commands/command';
import { guardsOf } from './decision-reads';
import { ask, execute, given, replica, roleIdOf, user, verdict, type Ask, type Log } from './harness';
import { deactivate, link, unlink } from '../model-checker/scenarios/wishes';

/**
 * Giving what is privileged, and taking it away, needs it. Every command, asked of a role or a user with a privileged
 * permission: by dan, who has every right that commands need but not that permission, and by ann, an account admin.
 */
const PAYERS = roleIdOf('payers');
const BILLING = [{ permission: 'billing/pay' }];

const GIVEN: readonly Ask[] = [
  ask(
    { type: 'createRole', name: 'Payers', grants: [...BILLING, { permission: 'campaigns/view' }] },
    { idempotencyKey: 'payers' },
  ),
  ask({
    type: 'createRole',
    name: 'Clerks',
    grants: ['roles/manage', 'roles/assign', 'users/manage', 'users/erase', 'accounts/manage'].map(
      (permission) => ({
        permission,
      }),
    ),
    userIds: ['dan'],
  }),
  ask({ type: 'registerUser', user: 'eve', username: 'eve' }),
  ask({ type: 'assignUsers', role: PAYERS, userIds: ['cat', 'eve'] }),
  ...['ann', 'cat', 'dan'].map((each) => link(each, each)),
  deactivate('eve'),
  ask({ type: 'registerUser', user: 'fay', username: 'fay' }),
  ask({ type: 'eraseUser', user: 'fay' }),
];

type Verdict = 'ESCALATION' | 'ok' | 'FORBIDDEN';
type Row = readonly [what: string, command: Command, byDan: Verdict, field?: string];

/** Rows for each command there is: one that is added without any does not compile. */
const ROWS: { readonly [Type in Command['type']]: readonly Row[] } = {
  createRole: [
    ['with it', { type: 'createRole', name: 'X', grants: BILLING }, 'ESCALATION', 'grants'],
    ['without', { type: 'createRole', name: 'X' }, 'ok'],
  ],
  duplicateRole: [['copies it', { type: 'duplicateRole', role: PAYERS }, 'ESCALATION', 'role']],
  deleteRole: [['ends it', { type: 'deleteRole', role: PAYERS }, 'ESCALATION', 'role']],
  updateRole: [
    ['revokes it', { type: 'updateRole', role: PAYERS, grants: [] }, 'ESCALATION', 'grants'],
    [
      'narrows it',
      { type: 'updateRole', role: PAYERS, grants: [{ permission: 'billing/pay', scopes: [] }] },
      'ESCALATION',
      'grants',
    ],
    ['leaves it', { type: 'updateRole', role: PAYERS, name: 'Y', grants: BILLING }, 'ok'],
    ['assigns', { type: 'updateRole', role: PAYERS, assignUserIds: ['bob'] }, 'ESCALATION', 'assignUserIds'],
    [
      'unassigns',
      { type: 'updateRole', role: PAYERS, unassignUserIds: ['cat'] },
      'ESCALATION',
      'unassignUserIds',
    ],
    ['unassigns nobody', { type: 'updateRole', role: PAYERS, unassignUserIds: ['bob'] }, 'ok'],
    [
      'unassigns an account admin',
      { type: 'updateRole', role: 'account-admin', unassignUserIds: ['bob'] },
      'ESCALATION',
      'unassignUserIds',
    ],
  ],
  grantPermissions: [
    ['that it has', { type: 'grantPermissions', role: PAYERS, grants: BILLING }, 'ok'],
    [
      'narrower',
      { type: 'grantPermissions', role: PAYERS, grants: [{ permission: 'billing/pay', scopes: [] }] },
      'ESCALATION',
      'grants',
    ],
  ],
  revokePermissions: [
    [
      'it',
      { type: 'revokePermissions', role: PAYERS, permissions: ['billing/pay'] },
      'ESCALATION',
      'permissions',
    ],
    ['another', { type: 'revokePermissions', role: PAYERS, permissions: ['campaigns/view'] }, 'ok'],
  ],
  selectSection: [
    [
      'nothing of',
      { type: 'selectSection', role: PAYERS, section: 'billing', selected: false },
      'ESCALATION',
      'section',
    ],
    [
      'nothing of another',
      { type: 'selectSection', role: PAYERS, section: 'campaigns', selected: false },
      'ok',
    ],
  ],
  setPermissionScopes: [
    [
      'narrows it',
      { type: 'setPermissionScopes', role: PAYERS, permission: 'billing/pay', scopes: [] },
      'ESCALATION',
      'scopes',
    ],
  ],
  assignUsers: [['one', { type: 'assignUsers', role: PAYERS, userIds: ['bob'] }, 'ESCALATION', 'userIds']],
  unassignUsers: [
    ['one', { type: 'unassignUsers', role: PAYERS, userIds: ['cat'] }, 'ESCALATION', 'userIds'],
    [
      'one who is inactive',
      { type: 'unassignUsers', role: PAYERS, userIds: ['eve'] },
      'ESCALATION',
      'userIds',
    ],
    [
      'an account admin',
      { type: 'unassignUsers', role: 'account-admin', userIds: ['bob'] },
      'ESCALATION',
      'userIds',
    ],
    ['nobody', { type: 'unassignUsers', role: PAYERS, userIds: ['bob'] }, 'ok'],
  ],
  registerUser: [['anyone', { type: 'registerUser', username: 'max' }, 'ok']],
  updateUser: [
    ['the name of who has it', { type: 'updateUser', user: 'cat', name: 'Cat' }, 'ok'],
    [
      'the username of who has it',
      { type: 'updateUser', user: 'cat', username: 'kat' },
      'ESCALATION',
      'username',
    ],
    [
      'the username of an account admin',
      { type: 'updateUser', user: 'bob', username: 'rob' },
      'ESCALATION',
      'username',
    ],
    [
      'the external id of an account admin',
      { type: 'updateUser', user: 'bob', externalId: 'E1' },
      'ESCALATION',
      'externalId',
    ],
    ['the external id of oneself', { type: 'updateUser', user: 'dan', externalId: 'E1' }, 'ok'],
    ['the username of oneself', { type: 'updateUser', user: 'dan', username: 'don' }, 'ok'],
  ],
  linkUserIdentity: [
    ['to who has it', link('cat', 's1').command, 'ESCALATION', 'user'],
    ['to who has it and is inactive', link('eve', 's1').command, 'ESCALATION', 'user'],
    ['to an account admin', link('bob', 's1').command, 'ESCALATION', 'user'],
    ['to oneself', link('dan', 's1').command, 'ok'],
    ['that is linked already', link('cat', 'cat').command, 'ok'],
  ],
  unlinkUserIdentity: [
    ['from who has it', unlink('cat', 'cat').command, 'ESCALATION', 'user'],
    ['that is not linked', unlink('cat', 's1').command, 'ok'],
  ],
  deactivateUser: [
    ['who has it', { type: 'deactivateUser', user: 'cat' }, 'ESCALATION', 'user'],
    ['an account admin', { type: 'deactivateUser', user: 'bob' }, 'ESCALATION', 'user'],
    ['who is inactive already', { type: 'deactivateUser', user: 'eve' }, 'ok'],
  ],
  reactivateUser: [
    ['who had it', { type: 'reactivateUser', user: 'eve' }, 'ESCALATION', 'user'],
    ['who is active', { type: 'reactivateUser', user: 'cat' }, 'ok'],
  ],
  eraseUser: [
    ['who has it', { type: 'eraseUser', user: 'cat' }, 'ESCALATION', 'user'],
    ['an account admin', { type: 'eraseUser', user: 'bob' }, 'ESCALATION', 'user'],
    ['who had it', { type: 'eraseUser', user: 'eve' }, 'ESCALATION', 'user'],
    ['who is erased already', { type: 'eraseUser', user: 'fay' }, 'ok'],
  ],
  releaseUsername: [['any', { type: 'releaseUsername', username: 'fay' }, 'ok']],
  recordLogin: [['of who has it', { type: 'recordLogin', user: 'cat' }, 'ok']],
  enableFeature: [['any', { type: 'enableFeature', feature: 'EXTRA' }, 'ok']],
  disableFeature: [['any', { type: 'disableFeature', feature: 'EXTRA' }, 'ok']],
  openAccount: [['any', { type: 'openAccount', name: 'Acme', features: [] }, 'FORBIDDEN']],
};

const all = Object.entries(ROWS).flatMap(([type, rows]) =>
  rows.map((row): [string, ...Row] => [type, ...row]),
);

// Rest parameters: where a row is shorter than the parameters, jest would wait for a callback.
test.each(all)('%s: %s', async (...[, , command, byDan, field]) => {
  const log = await given(...GIVEN);
  const before = log.events.length;
  const done = await execute(replica(log), ask(command, { actor: user('dan') }));
  expect(verdict(done)).toBe(byDan);
  if (byDan === 'ESCALATION') {
    expect(done.outcome).toMatchObject({
      refusals: [
        { code: 'ESCALATION', field: [field], permissions: expect.arrayContaining(['billing/pay']) },
      ],
    });
    expect(eventsSince(log, before)).toEqual([]);
  }
  if (byDan === 'FORBIDDEN') return;
  expect(verdict(await execute(replica(await given(...GIVEN)), ask(command, { actor: user('ann') })))).toBe(
    'ok',
  );
});

/** Without claims, which may be made for what is refused then. */
const eventsSince = (log: Log, count: number) =>
  log.events.slice(count).filter(({ stream }) => !stream.includes('claim'));

test('an account admin who is deactivated and reactivated is one as before, and is told as one all along', async () => {
  const log = await given();
  const bus = replica(log);
  const { version } = log.book().roles.get('account-admin')!;
  expect(verdict(await execute(bus, deactivate('bob')))).toBe('ok');
  expect([...log.book().roles.get('account-admin')!.members]).toEqual(['ann', 'bob']);
  expect(verdict(await execute(bus, ask({ type: 'reactivateUser', user: 'bob' })))).toBe('ok');
  expect([...log.book().roles.get('account-admin')!.members]).toEqual(['ann', 'bob']);
  expect(log.book().roles.get('account-admin')!.version).toBe(version);
  const takeOver = ask(
    { type: 'unassignUsers', role: 'account-admin', userIds: ['ann'] },
    { actor: user('bob') },
  );
  expect(verdict(await execute(bus, takeOver))).toBe('ok');
});

test('whoever leaves a role by themselves needs nothing more than the right to', async () => {
  const log = await given(...GIVEN, ask({ type: 'assignUsers', role: 'manager', userIds: ['cat'] }));
  const leave = ask({ type: 'unassignUsers', role: PAYERS, userIds: ['cat'] }, { actor: user('cat') });
  expect(verdict(await execute(replica(log), leave))).toBe('ok');
});

test('an admin appointed a moment ago is safe though the tables have not heard of it', async () => {
  const log = await given(...GIVEN, ask({ type: 'registerUser', user: 'max', username: 'max' }));
  const frozen = (await log.copy()).book();
  expect(
    verdict(
      await execute(replica(log), ask({ type: 'assignUsers', role: 'account-admin', userIds: ['max'] })),
    ),
  ).toBe('ok');
  const dan = ask({ type: 'deactivateUser', user: 'max' }, { actor: user('dan') });
  expect(
    verdict(
      await execute(
        replica(
          log,
          guardsOf(() => frozen),
        ),
        dan,
      ),
    ),
  ).toBe('ESCALATION');
});
