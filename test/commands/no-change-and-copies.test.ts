import { ask, execute, given, replica, roleIdOf, user, verdict, type Ask } from './harness';
import { A, assign, B, create, deactivate, keyed, rename, unassign } from '../model-checker/scenarios/wishes';

/** Wishes for what holds already, and for copies of what is there. */

const sales = keyed(create('Sales'), 'a');
const support = keyed(create('Support'), 'b');
const grant = (permission: string, scopes?: string[]): Ask =>
  ask({ type: 'grantPermissions', role: A, grants: [{ permission, scopes }] });

describe('what holds already', () => {
  test.each([
    ['a role has the name', rename(A, 'Sales')],
    ['a grant is granted', grant('campaigns/view')],
    ['with other scopes kept, and none named', grant('campaigns/launch')],
    [
      'a permission is not granted',
      ask({ type: 'revokePermissions', role: A, permissions: ['billing/pay'] }),
    ],
    ['a user is in the role', assign(A, 'cat')],
    ['a user is not in the role', unassign(A, 'dan')],
    [
      'a default role is as it is sent',
      ask({ type: 'updateRole', role: 'maker', name: 'Maker', description: 'The Maker' }),
    ],
    ['a role is deleted', ask({ type: 'deleteRole', role: B })],
    ['a user is active', ask({ type: 'reactivateUser', user: 'cat' })],
    ['a user is inactive', deactivate('dan')],
    [
      'a user is registered so',
      ask({ type: 'registerUser', user: 'cat', username: 'cat', name: 'Name of cat' }),
    ],
    ['a feature is enabled', ask({ type: 'enableFeature', feature: 'EXTRA' })],
    ['an account is open', ask({ type: 'openAccount', name: 'Acme', features: [] })],
  ])('is no change: %s', async (_what, wish) => {
    const log = await given(
      assign('maker', 'ann'),
      sales,
      support,
      grant('campaigns/view'),
      grant('campaigns/launch', []),
      assign(A, 'cat'),
      ask({ type: 'deleteRole', role: B }),
      deactivate('dan'),
    );
    const written = log.events.length;
    const done = await execute(replica(log), wish);
    expect(done.outcome).toMatchObject({ accepted: true, written: 0, position: expect.any(BigInt) });
    expect(log.events).toHaveLength(written);
  });
});

describe('copies', () => {
  test('of roles in conflict may be held together, and with the original of the other', async () => {
    const copy = (role: string, key: string): Ask =>
      ask({ type: 'duplicateRole', role }, { idempotencyKey: key });
    const log = await given(copy('maker', 'm'), copy('checker', 'c'), assign('maker', 'cat'));
    const bus = replica(log);
    expect(verdict(await execute(bus, assign('checker', 'cat')))).toBe('ROLE_CONFLICT');
    for (const key of ['m', 'c'])
      expect(verdict(await execute(bus, assign(roleIdOf(key, 'duplicateRole'), 'cat')))).toBe('ok');
  });

  test('take a free name, the description, the grants with their scopes, and active users when asked', async () => {
    const log = await given(
      ask({ type: 'createRole', name: 'Sales', description: 'Sells' }, { idempotencyKey: 'a' }),
      grant('campaigns/view', ['campaigns:read']),
      assign(A, 'cat', 'dan'),
      deactivate('dan'),
    );
    const bus = replica(log);
    const copy = (withUsers: boolean, key: string) =>
      execute(bus, ask({ type: 'duplicateRole', role: A, withUsers }, { idempotencyKey: key }));
    await copy(false, 'first');
    await copy(true, 'second');
    const { roles } = log.book();
    const first = roles.get(roleIdOf('first', 'duplicateRole'));
    const second = roles.get(roleIdOf('second', 'duplicateRole'));
    expect([first?.name, second?.name]).toEqual(['Copy of Sales', 'Copy of Sales (2)']);
    expect([...(second?.grants ?? [])]).toEqual([['campaigns/view', ['campaigns:read']]]);
    expect([...(first?.members ?? [])]).toEqual([]);
    expect([...(second?.members ?? [])]).toEqual(['cat']);
  });

  test('of a default role grant what it grants, with all scopes, and may not be given by who has it not', async () => {
    const log = await given();
    const of = (role: string): Ask => ask({ type: 'duplicateRole', role }, { idempotencyKey: role });
    const bus = replica(log);
    await execute(bus, of('maker'));
    expect([...(log.book().roles.get(roleIdOf('maker', 'duplicateRole'))?.grants ?? [])]).toEqual([
      ['campaigns/launch', ['campaigns:send']],
    ]);
    const limited = [
      ask(
        { type: 'createRole', name: 'Makers', grants: [{ permission: 'roles/manage' }] },
        { idempotencyKey: 'm' },
      ),
      assign(roleIdOf('m'), 'dan'),
    ];
    const other = await given(...limited);
    const done = await execute(replica(other), ask(of('manager').command, { actor: user('dan') }));
    expect(verdict(done)).toBe('ESCALATION');
  });
});
