import { changesOf, summaryOf } from '../../src/graphql/history/history-event.type';
import { HistoryEventType } from '../../src/graphql/history/history-event.type';

const NAMES = { actor: 'Ada', role: 'Launchers', user: 'Ben' };
const PERMISSION = 'campaigns/launch';
const profile = (username: string, name: string) => ({ username, name });

const DETAILS = { name: 'Editor', description: 'd', group: 'g' };
const EDITOR = { version: 3, role: 'editor', from: DETAILS, to: DETAILS };
const NO_GRANTS = { granted: [], revoked: [], rescoped: [] };
const DEFINITION = { section: 's', description: 'd', feature: 'F', privileged: false, scopes: ['a:b'] };
const LAUNCH = { version: 3, permission: PERMISSION, from: DEFINITION, to: DEFINITION };

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
    'UserRegistered',
    { ...profile('ben', 'Ben'), externalId: 'E1' },
    'Ada registered the user Ben.',
    ['username: null -> ben', 'name: null -> Ben', 'externalId: null -> E1'],
  ],
  [
    'UserProfileChanged',
    { from: { ...profile('ben', 'Ben'), externalId: 'E1' }, to: profile('ben', 'Ben') },
    'Ada changed the profile of the user Ben.',
    ['externalId: E1 -> null'],
  ],
  [
    'UserProfileChanged',
    { from: profile('ben', 'Ben'), to: profile('ben', 'Benjamin') },
    'Ada changed the profile of the user Ben.',
    ['name: Ben -> Benjamin'],
  ],
  [
    'UserIdentityLinked',
    { issuer: 'https://login.example', identityClaim: 'c' },
    'Ada linked an identity of https://login.example to the user Ben.',
    ['identity: null -> https://login.example'],
  ],
  [
    'UserIdentityUnlinked',
    { issuer: 'https://login.example', identityClaim: 'c' },
    'Ada unlinked an identity of https://login.example from the user Ben.',
    ['identity: https://login.example -> null'],
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
  ['UserErased', {}, 'Ada erased a user.', ['status: null -> ERASED']],
  ['UsernameReleased', {}, 'Ada let others have the username of an erased user.', []],
  [
    'UserRegistered',
    { ...profile('bot', 'Bot'), kind: 'SERVICE' },
    'Ada registered the service user Ben.',
    ['username: null -> bot', 'name: null -> Bot', 'kind: null -> SERVICE'],
  ],
  [
    'ApiKeyCreated',
    { apiKey: 'k_1', name: 'CI', prefix: 'rbk_0aB9', hash: '0', expiresAt: '2026-04-01T00:00:00.000Z' },
    'Ada created the API key rbk_0aB9… of the service user Ben.',
    [
      'apiKeyName: null -> CI',
      'apiKeyPrefix: null -> rbk_0aB9',
      'apiKeyExpiresAt: null -> 2026-04-01T00:00:00.000Z',
    ],
  ],
  [
    'ApiKeyRevoked',
    { apiKey: 'k_1' },
    'Ada revoked an API key of the service user Ben.',
    ['apiKey: k_1 -> null'],
  ],
  ['AccountOpened', { name: 'Acme' }, 'Ada opened the account “Acme”.', ['name: null -> Acme']],
  ['FeatureEnabled', { feature: 'FLOW' }, 'Ada enabled the feature FLOW.', ['feature: null -> FLOW']],
  ['FeatureDisabled', { feature: 'FLOW' }, 'Ada disabled the feature FLOW.', ['feature: FLOW -> null']],
  [
    'CataloguePublished',
    { version: 1, before: null },
    'Ada published version 1 of the catalogue.',
    ['version: null -> 1'],
  ],
  [
    'CataloguePublished',
    { version: 3, before: 2 },
    'Ada published version 3 of the catalogue, after version 2.',
    ['version: 2 -> 3'],
  ],
  [
    'DefaultRoleChanged',
    { ...EDITOR, ...NO_GRANTS, from: null, granted: ['a/a', 'b/b', 'c/c', 'd/d'] },
    'Ada published version 3 of the catalogue, which defined the default role “Editor”: granted a/a, b/b and 2 more.',
    [
      'name: null -> Editor',
      'description: null -> d',
      'group: null -> g',
      'permission: null -> a/a',
      'permission: null -> b/b',
      'permission: null -> c/c',
      'permission: null -> d/d',
    ],
  ],
  [
    'DefaultRoleChanged',
    {
      ...EDITOR,
      from: { ...EDITOR.from, name: 'Writer', description: 'old' },
      granted: ['a/a'],
      revoked: ['b/b'],
      rescoped: [{ permission: 'c/c', from: ['x:r'], to: ['x:r', 'y:r'] }],
    },
    'Ada published version 3 of the catalogue, which changed the default role “Editor”: renamed it from “Writer”; changed its description; granted a/a; revoked b/b; changed the scopes of c/c.',
    [
      'name: Writer -> Editor',
      'description: old -> d',
      'permission: null -> a/a',
      'permission: b/b -> null',
      'scopes of c/c: x:r -> x:r, y:r',
    ],
  ],
  [
    'DefaultRoleRetired',
    { ...EDITOR, ...NO_GRANTS, to: null, revoked: ['a/a'] },
    'Ada published version 3 of the catalogue, which retired the default role “Editor”.',
    ['name: Editor -> null', 'description: d -> null', 'group: g -> null', 'permission: a/a -> null'],
  ],
  [
    'PermissionChanged',
    { ...LAUNCH, to: { ...LAUNCH.to, privileged: true, scopes: ['b:c'] } },
    'Ada published version 3 of the catalogue, which changed the permission campaigns/launch: privileged, scopes.',
    ['privileged: false -> true', 'scopes: a:b -> b:c'],
  ],
  [
    'PermissionChanged',
    { ...LAUNCH, from: null },
    'Ada published version 3 of the catalogue, which brought back the permission campaigns/launch.',
    [
      'permission: null -> campaigns/launch',
      'section: null -> s',
      'description: null -> d',
      'feature: null -> F',
      'privileged: null -> false',
      'scopes: null -> a:b',
    ],
  ],
  [
    'PermissionRetired',
    { ...LAUNCH, to: null },
    'Ada published version 3 of the catalogue, which retired the permission campaigns/launch.',
    [
      'permission: campaigns/launch -> null',
      'section: s -> null',
      'description: d -> null',
      'feature: F -> null',
      'privileged: false -> null',
      'scopes: a:b -> null',
    ],
  ],
];

describe('An entry of the history', () => {
  test.each(CASES)('%s %j', (type, data, sentence, changes) => {
    const row = { type, data, voided: null };
    expect(summaryOf(row, NAMES)).toBe(sentence);
    const told = changesOf(row).map(
      ({ field, before, after, permission }) =>
        `${field}${permission === null ? '' : ` of ${permission}`}: ${before} -> ${after}`,
    );
    expect(told).toEqual(changes);
  });

  test('has a sentence for every type of event that history shows', () => {
    expect(new Set([...CASES.map(([type]) => type), 'Other'])).toEqual(
      new Set(Object.values(HistoryEventType)),
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
