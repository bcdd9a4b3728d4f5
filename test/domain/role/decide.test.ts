import { decideChange, decideCreate, decideDelete, type RoleChange } from '../../../src/domain/role/decide';
import type { RoleEvent } from '../../../src/domain/role/events';
import type { Grant, GrantsChange } from '../../../src/domain/role/grants';
import { conflictRefusal, decideBar } from '../../../src/domain/role/membership';
import type { RoleContext } from '../../../src/domain/role/context';
import { Catalogue } from '../../../src/domain/catalogue/catalogue';
import { CATALOGUE } from '../../commands/catalogue';
import { assigned, barred, contextOf, created, granted, ROLE, stateOf } from './arbitraries';

/** Given these events, when this is wished, then those follow, or a refusal does. No clock, no log, no bus. */

function decide(
  given: readonly RoleEvent[],
  wish: RoleChange,
  rest: Partial<RoleContext> = {},
): readonly unknown[] {
  const decision = decideChange(wish, stateOf(...given), contextOf(rest));
  return decision.accepted
    ? decision.events.map(({ type, data }) => [type, data])
    : decision.refusals.map(({ code }) => code);
}
const grants = (wish: GrantsChange): Pick<RoleChange, 'grants'> => ({ grants: wish });
const grant = (...wishes: Grant[]): Pick<RoleChange, 'grants'> =>
  grants({ kind: 'grant', grants: wishes, whole: false });
const members = (assign: string[], unassign: string[] = []): Pick<RoleChange, 'membership'> => ({
  membership: { assign, unassign },
});
const role = ROLE;

describe('granting', () => {
  test('without naming scopes keeps all; naming some narrows; none is no API access', () => {
    expect(decide([created()], grant({ permission: 'campaigns/view' }))).toEqual([
      [
        'PermissionGranted',
        { role, permission: 'campaigns/view', scopes: ['campaigns:read', 'people:read'] },
      ],
    ]);
    expect(decide([created()], grant({ permission: 'campaigns/view', scopes: ['people:read'] }))).toEqual([
      ['PermissionGranted', { role, permission: 'campaigns/view', scopes: ['people:read'] }],
    ]);
    for (const scopes of [[], null]) {
      expect(decide([created()], grant({ permission: 'campaigns/view', scopes }))).toEqual([
        ['PermissionGranted', { role, permission: 'campaigns/view', scopes: [] }],
      ]);
    }
  });

  test('what is granted keeps its scopes, unless others are named; they are kept in the order of the catalogue', () => {
    const given = [created(), granted('campaigns/view', 'people:read')];
    expect(decide(given, grant({ permission: 'campaigns/view' }))).toEqual([]);
    expect(
      decide(given, grant({ permission: 'campaigns/view', scopes: ['people:read', 'campaigns:read'] })),
    ).toEqual([
      [
        'PermissionScopesChanged',
        { role, permission: 'campaigns/view', from: ['people:read'], to: ['campaigns:read', 'people:read'] },
      ],
    ]);
    const select = grants({ kind: 'section', section: 'campaigns', selected: true });
    expect(decide(given, select)).not.toContainEqual(['PermissionScopesChanged', expect.anything()]);
  });

  test('names a permission once', () => {
    expect(
      decide([created()], grant({ permission: 'campaigns/view' }, { permission: 'campaigns/view' })),
    ).toEqual(['INVALID_INPUT']);
  });

  test('a retired grant goes only when revoked by name; naming it in the whole set asks for nothing', () => {
    const given = [created(), granted('campaigns/fax', 'fax:send'), granted('campaigns/view')];
    const whole = (...wishes: Grant[]): RoleChange => grants({ kind: 'grant', grants: wishes, whole: true });
    const viewRevoked = ['PermissionRevoked', { role, permission: 'campaigns/view', scopes: [] }];
    expect(decide(given, whole())).toEqual([viewRevoked]);
    expect(decide(given, whole({ permission: 'campaigns/fax' }))).toEqual([viewRevoked]);
    expect(decide(given, whole({ permission: 'campaigns/fax', scopes: [] }))).toEqual(['UNKNOWN_PERMISSION']);
    expect(decide(given, grants({ kind: 'revoke', permissions: ['campaigns/fax'] }))).toEqual([
      ['PermissionRevoked', { role, permission: 'campaigns/fax', scopes: ['fax:send'] }],
    ]);
  });

  test('scopes are set only of what is granted', () => {
    const scopes = (permission: string, ...kept: string[]) =>
      grants({ kind: 'scopes', permission, scopes: kept });
    expect(decide([created()], scopes('campaigns/view'))).toEqual(['NOT_FOUND']);
    expect(decide([created()], scopes('no/such'))).toEqual(['UNKNOWN_PERMISSION']);
    expect(decide([created(), granted('campaigns/fax')], scopes('campaigns/fax'))).toEqual([
      'UNKNOWN_PERMISSION',
    ]);
    expect(decide([created(), granted('campaigns/view')], scopes('campaigns/view', 'x'))).toEqual([
      'UNKNOWN_SCOPE',
    ]);
  });

  test('select all takes what is enabled alone', () => {
    const select = grants({ kind: 'section', section: 'campaigns', selected: true });
    const keys = decide([created()], select, { enabledFeatures: new Set(['CORE']) }).map(
      (event) => (event as [string, { permission: string }])[1].permission,
    );
    expect(keys).toEqual(['campaigns/view', 'campaigns/launch']);
  });
});

describe('what is privileged', () => {
  const no = { mayGive: () => false };

  test('is not granted, widened or given to users by who has it not', () => {
    expect(decide([created()], grant({ permission: 'billing/pay' }), no)).toEqual(['ESCALATION']);
    const narrow = [created(), granted('billing/pay')];
    expect(decide(narrow, grant({ permission: 'billing/pay', scopes: ['billing:pay'] }), no)).toEqual([
      'ESCALATION',
    ]);
    expect(decide(narrow, members(['ann']), no)).toEqual(['ESCALATION']);
    expect(decide([], members(['ann']), { ...no, role: 'manager' })).toEqual(['ESCALATION']);
  });

  test('nor narrowed, revoked or taken from users', () => {
    const wide = [created(), granted('billing/pay', 'billing:pay'), assigned('ann')];
    expect(decide(wide, grant({ permission: 'billing/pay', scopes: [] }), no)).toEqual(['ESCALATION']);
    expect(decide(wide, grants({ kind: 'revoke', permissions: ['billing/pay'] }), no)).toEqual([
      'ESCALATION',
    ]);
    expect(decide(wide, members([], ['ann']), no)).toEqual(['ESCALATION']);
    expect(decide([assigned('ann', 'manager')], members([], ['ann']), { ...no, role: 'manager' })).toEqual([
      'ESCALATION',
    ]);
    expect(decideDelete({}, stateOf(...wide), contextOf(no))).toMatchObject({
      refusals: [{ code: 'ESCALATION', subject: ['role'], permissions: ['billing/pay'] }],
    });
  });

  test('stands where it is while others change; what is not privileged is given and taken freely', () => {
    const wide = [created(), granted('billing/pay', 'billing:pay'), granted('campaigns/view')];
    expect(decide(wide, grants({ kind: 'revoke', permissions: ['campaigns/view'] }), no)).toHaveLength(1);
    expect(decide(wide, { name: 'Payers', ...members([], ['ann']) }, no)).toHaveLength(1);
    expect(decide([created()], grant({ permission: 'campaigns/view' }), no)).toHaveLength(1);
    expect(decide([created(), assigned('ann')], members([], ['ann']), no)).toHaveLength(1);
  });

  test('is nothing once it is retired: anyone may clear it away', () => {
    const retired = [created(), granted('billing/fax', 'fax:send'), assigned('ann')];
    const content = CATALOGUE.content;
    const permissions = [
      ...content.permissions,
      { ...content.permissions[4]!, key: 'billing/fax', retired: true },
    ];
    const catalogue = new Catalogue({ ...content, permissions });
    expect(catalogue.permission.get('billing/fax')).toMatchObject({ privileged: true, retired: true });
    const context = { ...no, catalogue };
    expect(decide(retired, grants({ kind: 'revoke', permissions: ['billing/fax'] }), context)).toHaveLength(
      1,
    );
    expect(decide(retired, members([], ['ann']), context)).toHaveLength(1);
    expect(decide(retired, members(['bob']), context)).toEqual(['ESCALATION']);
  });

  test('granting it and assigning in one wish is told once', () => {
    const both: RoleChange = { ...grant({ permission: 'billing/pay' }), ...members(['ann']) };
    expect(decide([created()], both, no)).toEqual(['ESCALATION']);
  });

  test('taking it from the role while users join and leave is told once', () => {
    const both: RoleChange = {
      ...grants({ kind: 'revoke', permissions: ['billing/pay'] }),
      ...members(['ann'], ['bob']),
    };
    expect(decide([created(), granted('billing/pay'), assigned('bob')], both, no)).toEqual(['ESCALATION']);
  });
});

describe('a default role', () => {
  const maker = { role: 'maker' };

  test('takes only users; sent what it has, it changes nothing', () => {
    const all: RoleChange = {
      name: ' Maker ',
      description: 'The Maker',
      ...grants({ kind: 'grant', grants: [{ permission: 'campaigns/launch' }], whole: true }),
      ...members(['ann']),
    };
    expect(decide([], all, maker)).toEqual([['UserAssigned', { role: 'maker', user: 'ann' }]]);
  });

  test.each<[string, RoleChange]>([
    ['another name', { name: 'Creator' }],
    ['no name', { name: null }],
    ['no description', { description: null }],
    ['a further grant', grant({ permission: 'campaigns/view' })],
    ['fewer grants', grants({ kind: 'grant', grants: [], whole: true })],
    ['narrower scopes', grants({ kind: 'scopes', permission: 'campaigns/launch', scopes: [] })],
    ['a revoked grant', grants({ kind: 'revoke', permissions: ['campaigns/launch'] })],
    ['a deselected section', grants({ kind: 'section', section: 'campaigns', selected: false })],
  ])('refuses %s', (_what, wish) => {
    expect(decide([], wish, maker)).toEqual(['DEFAULT_ROLE_IMMUTABLE']);
  });

  test('cannot be deleted, until it is retired: then there is nothing', () => {
    expect(decideDelete({}, stateOf(), contextOf(maker))).toMatchObject({
      refusals: [{ code: 'DEFAULT_ROLE_IMMUTABLE' }],
    });
    expect(decideDelete({}, stateOf(), contextOf({ role: 'typist' }))).toMatchObject({
      refusals: [{ code: 'NOT_FOUND' }],
    });
  });
});

describe('the account admins', () => {
  const admin = { role: 'account-admin' };
  const two = [assigned('ann', 'account-admin'), assigned('bob', 'account-admin')];

  test('are never none', () => {
    expect(decide(two, members([], ['ann']), admin)).toHaveLength(1);
    expect(decide(two, members([], ['ann', 'bob']), admin)).toEqual(['LAST_ADMIN']);
    expect(decide(two, members(['cat'], ['ann', 'bob']), admin)).toHaveLength(3);
  });

  test('who is barred is not one and cannot become one, whatever the tables say', () => {
    const given = [...two, barred('ann', true)];
    expect(decide(given, members(['ann']), admin)).toEqual(['USER_INACTIVE']);
    expect(decide(given, members([], ['bob']), admin)).toEqual(['LAST_ADMIN']);
    expect(decide(given, members(['ann'], ['bob']), admin)).toEqual(['USER_INACTIVE']);
    expect(stateOf(...given).version).toBe(3);
    expect(stateOf(...given, barred('ann', false)).version).toBe(3);
  });

  test('who is barred without losing the membership stays one, and does not count until the bar is lifted', () => {
    const given = [...two, barred('ann', false)];
    expect([...stateOf(...given).members]).toEqual(['ann', 'bob']);
    expect(stateOf(...given).version).toBe(2);
    expect(decide(given, members([], ['bob']), admin)).toEqual(['LAST_ADMIN']);
    expect(decide(given, members([], ['ann', 'bob']), admin)).toEqual(['LAST_ADMIN']);
    expect(decide(given, members([], ['ann']), admin)).toHaveLength(1);
    expect(decide(given, members(['ann']), admin)).toEqual([]);
    expect(decide(given, members(['cat'], ['bob']), admin)).toHaveLength(2);
    const lifted: RoleEvent = { type: 'UserUnbarred', data: { role: 'account-admin', user: 'ann' } };
    expect(decide([...given, lifted], members([], ['bob']), admin)).toHaveLength(1);
  });

  test('are barred anew each time, but not the last', () => {
    expect(decideBar({ user: 'ann' }, stateOf(...two)).events).toMatchObject([
      { type: 'UserBarred', data: { member: false } },
    ]);
    expect(decideBar({ user: 'ann' }, stateOf(...two, barred('ann', true))).events).toMatchObject([
      { data: { member: false } },
    ]);
    for (const member of [true, false]) {
      expect(decideBar({ user: 'bob' }, stateOf(...two, barred('ann', member))).refusals).toMatchObject([
        { code: 'LAST_ADMIN' },
      ]);
    }
    expect(decideBar({ user: 'ann' }, stateOf(...two, barred('ann', false))).events).toHaveLength(1);
    expect(decideBar({ user: 'cat' }, stateOf()).events).toHaveLength(1);
  });
});

describe('users', () => {
  test('join and leave once, however often they are named', () => {
    expect(decide([created()], members(['ann', 'ann']))).toEqual([['UserAssigned', { role, user: 'ann' }]]);
    expect(decide([created(), assigned('ann')], members(['ann'], []))).toEqual([]);
    expect(decide([created(), assigned('ann')], members(['ann'], ['ann']))).toEqual(['INVALID_INPUT']);
  });

  test('who is inactive or gone can still leave, and stays if not named', () => {
    const gone = { userStatus: () => undefined };
    expect(decide([created(), assigned('ann')], members([], ['ann']), gone)).toHaveLength(1);
    expect(decide([created(), assigned('ann')], members(['ann']), gone)).toEqual([]);
    expect(decide([created()], members([], ['eve']))).toEqual(['UNKNOWN_USER']);
  });

  test('conflicts name who is in the other role', () => {
    const other = { role: 'maker', members: new Set(['ann']), reason: 'No.' };
    expect(conflictRefusal(['ann', 'bob'], other)).toMatchObject([{ code: 'ROLE_CONFLICT', ids: ['ann'] }]);
    expect(conflictRefusal(['bob'], other)).toEqual([]);
  });
});

describe('creation', () => {
  test('of a role that is there already is the lost answer of its own append: nothing is left to do', () => {
    const copiedFrom = { role: 'maker', grants: [] };
    for (const creation of [{ name: 'Sales' }, { name: 'Copy of Sales', copiedFrom }]) {
      expect(decideCreate(creation, stateOf(created()), contextOf())).toEqual({ accepted: true, events: [] });
    }
  });

  test('is one decision: the role, its grants, its users', () => {
    const decision = decideCreate(
      {
        name: ' Sales ',
        description: '  ',
        ...grant({ permission: 'campaigns/launch' }),
        ...members(['ann']),
      },
      stateOf(),
      contextOf(),
    );
    expect(decision).toEqual({
      accepted: true,
      events: [created('Sales'), granted('campaigns/launch', 'campaigns:send'), assigned('ann')],
    });
  });

  test('counts grants and users together, 1,000 at most; names do not count', () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `u${index}`);
    const all = { userStatus: () => 'ACTIVE' as const };
    const wish = (count: number): RoleChange & { name: string } => ({
      name: 'Sales',
      ...members(ids.slice(0, count)),
      ...grant({ permission: 'campaigns/view' }),
    });
    expect(decideCreate(wish(999), stateOf(), contextOf(all))).toMatchObject({ accepted: true });
    expect(decideCreate(wish(1_000), stateOf(), contextOf(all))).toMatchObject({
      refusals: [{ code: 'TOO_MANY' }],
    });
  });
});
