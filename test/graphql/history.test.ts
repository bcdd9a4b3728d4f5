import { changesOf, summaryOf } from '../../src/graphql/history/history-event.type';
import { HistoryEventType } from '../../src/graphql/history/history-event.type';

const NAMES = { actor: 'Ada', role: 'Launchers', user: 'Ben' };
const PERMISSION = 'campaigns/launch';
const profile = (username: string, name: string) => ({ username, name });

/** Data of an event, its sentence, and what it changed as `field: before -> after`. */
const CASES: readonly (readonly [
  type: string,
  data: Record<string, unknown>,
  sentence: string,
  changes: string[],
])[] = [
  [
    'RoleCreated',
    { name: 'L', description: null, copiedFrom: null },
    'Ada created the role “L”.',
    ['name: null -> L'],
  ],
  [
    'RoleCreated',
    { name: 'L', description: 'd', copiedFrom: 'r_1' },
    'Ada created the role “L” as a copy.',
    ['name: null -> L', 'description: null -> d', 'copiedFrom: null -> Role:r_1'],
  ],
  ['RoleRenamed', { from: 'A', to: 'B' }, 'Ada renamed the role “A” to “B”.', ['name: A -> B']],
  [
    'RoleDescriptionChanged',
    { from: null, to: 'd' },
    'Ada changed the description of the role “Launchers”.',
    ['description: null -> d'],
  ],
  [
    'RoleDescriptionChanged',
    { from: 'd', to: null },
    'Ada removed the description of the role “Launchers”.',
    ['description: d -> null'],
  ],
  ['RoleDeleted', { name: 'A' }, 'Ada deleted the role “A”.', ['name: A -> null']],
  [
    'PermissionGranted',
    { permission: PERMISSION, scopes: ['a:b', 'c:d'] },
    'Ada granted campaigns/launch with a:b, c:d to the role “Launchers”.',
    ['permission: null -> campaigns/launch', 'scopes: null -> a:b, c:d'],
  ],
  [
    'PermissionGranted',
    { permission: PERMISSION, scopes: [] },
    'Ada granted campaigns/launch with no scopes to the role “Launchers”.',
    ['permission: null -> campaigns/launch', 'scopes: null -> '],
  ],
  [
    'PermissionScopesChanged',
    { permission: PERMISSION, from: ['a', 'b', 'c', 'd'], to: [] },
    'Ada changed the scopes of campaigns/launch in the role “Launchers” from a, b and 2 more scopes to no scopes.',
    ['scopes: a, b, c, d -> '],
  ],
  [
    'PermissionRevoked',
    { permission: PERMISSION, scopes: ['a'] },
    'Ada revoked campaigns/launch from the role “Launchers”.',
    ['permission: campaigns/launch -> null', 'scopes: a -> null'],
  ],
  ['UserAssigned', { user: 'ben' }, 'Ada assigned Ben to the role “Launchers”.', ['user: null -> User:ben']],
  [
    'UserUnassigned',
    { user: 'ben' },
    'Ada unassigned Ben from the role “Launchers”.',
    ['user: User:ben -> null'],
  ],
  [
    'UserBarred',
    { user: 'ben', member: true },
    'Ada unassigned Ben from the role “Launchers”, before deactivating the user.',
    ['user: User:ben -> null'],
  ],
  [
    'UserRegistered',
    profile('ben', 'Ben'),
    'Ada registered the user Ben.',
    ['username: null -> ben', 'name: null -> Ben'],
  ],
  [
    'UserProfileChanged',
    { from: profile('ben', 'Ben'), to: profile('ben', 'Benjamin') },
    'Ada changed the profile of the user Ben.',
    ['name: Ben -> Benjamin'],
  ],
  [
    'UserLoggedIn',
    { at: '2026-01-01T00:00:00Z' },
    'Ada recorded a sign-in of the user Ben.',
    ['lastLoginAt: null -> 2026-01-01T00:00:00Z'],
  ],
  [
    'UserLoggedIn',
    { at: '2026-01-02T00:00:00.000Z', before: '2026-01-01T00:00:00.000Z' },
    'Ada recorded a sign-in of the user Ben.',
    ['lastLoginAt: 2026-01-01T00:00:00.000Z -> 2026-01-02T00:00:00.000Z'],
  ],
  [
    'UserLoggedIn',
    { at: '2026-01-01T00:00:00.000Z', before: '2026-01-02T00:00:00.000Z' },
    'Ada recorded a sign-in of the user Ben.',
    [],
  ],
  ['UserDeactivated', {}, 'Ada deactivated the user Ben.', ['status: ACTIVE -> INACTIVE']],
  ['UserReactivated', {}, 'Ada reactivated the user Ben.', ['status: INACTIVE -> ACTIVE']],
  ['AccountOpened', { name: 'Acme' }, 'Ada opened the account “Acme”.', ['name: null -> Acme']],
  ['FeatureEnabled', { feature: 'FLOW' }, 'Ada enabled the feature FLOW.', ['feature: null -> FLOW']],
  ['FeatureDisabled', { feature: 'FLOW' }, 'Ada disabled the feature FLOW.', ['feature: FLOW -> null']],
  ['CataloguePublished', { version: 3 }, 'Ada published version 3 of the catalogue.', ['version: null -> 3']],
];

describe('An entry of the history', () => {
  test.each(CASES)('%s %j', (type, data, sentence, changes) => {
    const row = { type, data, voided: null };
    expect(summaryOf(row, NAMES)).toBe(sentence);
    expect(changesOf(row).map(({ field, before, after }) => `${field}: ${before} -> ${after}`)).toEqual(
      changes,
    );
  });

  test('has a sentence for every type of event that history shows', () => {
    expect(new Set([...CASES.map(([type]) => type), 'Other'])).toEqual(
      new Set(Object.keys(HistoryEventType)),
    );
  });

  test('of a void event says what was recorded, and trusts nothing that it says', () => {
    const voided = {
      at: new Date(0),
      actor: { type: 'operator', id: 'root' } as const,
      reason: 'SUP-1',
      position: 7n,
      type: 'RoleFrozen',
    };
    const row = { type: 'Other', data: { from: 7 }, voided };
    expect(summaryOf(row, { actor: 'Ada', role: null, user: null })).toBe(
      'Ada recorded RoleFrozen, which is void and changed nothing.',
    );
  });

  test('reads also where a name is not known any more', () => {
    const row = { type: 'UserAssigned', data: {}, voided: null };
    expect(summaryOf(row, { actor: 'Ada', role: null, user: null })).toBe(
      'Ada assigned a user to the role that is not known any more.',
    );
  });
});
