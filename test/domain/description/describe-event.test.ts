import { describeEvent } from '../../../src/domain/description/describe-event';
import { describeStaged } from '../../../src/domain/description/describe-staged';
import type { StagedCatalogueEvent } from '../../../src/domain/catalogue/events';
import { roleEvents, type RoleEvent } from '../../../src/domain/role/events';

const role = 'r_1';
const permission = 'campaigns/launch';

/** Notes that a replay of a role tells its events by. */
const NOTES: readonly (readonly [event: RoleEvent, note: string])[] = [
  [{ type: 'RoleCreated', data: { role, name: 'L', description: null, copiedFrom: null } }, 'created as “L”'],
  [
    { type: 'RoleCreated', data: { role, name: 'L', description: 'd', copiedFrom: 'r_0' } },
    'created as “L”, a copy of r_0',
  ],
  [{ type: 'RoleRenamed', data: { role, from: 'A', to: 'B' } }, 'renamed from “A” to “B”'],
  [
    { type: 'RoleDescriptionChanged', data: { role, from: null, to: 'd' } },
    'description changed from “” to “d”',
  ],
  [{ type: 'PermissionGranted', data: { role, permission, scopes: [] } }, 'granted campaigns/launch []'],
  [
    { type: 'PermissionScopesChanged', data: { role, permission, from: ['a:b'], to: ['a:b', 'c:d'] } },
    'scopes of campaigns/launch changed from [a:b] to [a:b c:d]',
  ],
  [
    { type: 'PermissionRevoked', data: { role, permission, scopes: ['a:b'] } },
    'revoked campaigns/launch [a:b]',
  ],
  [{ type: 'UserAssigned', data: { role, user: 'ben' } }, 'assigned ben'],
  [{ type: 'UserUnassigned', data: { role, user: 'ben' } }, 'unassigned ben'],
  [
    { type: 'UserBarred', data: { role, user: 'ben', member: true } },
    'ended the membership of ben, who is being deactivated',
  ],
  [{ type: 'UserBarred', data: { role, user: 'ben', member: false } }, 'barred ben'],
  [{ type: 'UserUnbarred', data: { role, user: 'ben' } }, 'unbarred ben'],
  [{ type: 'RoleDeleted', data: { role, name: 'L' } }, 'deleted, named “L”'],
  [{ type: 'ClaimAbandoned', data: { claim: 'c' } }, 'fenced: a pending attempt at a claim was voided'],
];

describe('The note on an event of a role', () => {
  test.each(NOTES)('%j', (event, note) => {
    expect(describeEvent(event).note).toBe(note);
  });

  test('is tested for every type of event', () => {
    expect(new Set(NOTES.map(([{ type }]) => type))).toEqual(
      new Set([...Object.keys(roleEvents), 'ClaimAbandoned']),
    );
  });
});

describe('The notes on what a publication makes of a default role', () => {
  const publication = '00000000-0000-4000-8000-000000000000';
  const defined = { publication, order: 0, key: 'editor', name: 'Editor', group: 'g', description: '' };
  const held = { ...defined, permissions: [permission], retired: false };
  const given = { publication, order: 0, role: 'editor', permission };

  const CASES: readonly (readonly [
    event: StagedCatalogueEvent,
    before: typeof held | undefined,
    notes: string[],
  ])[] = [
    [{ type: 'DefaultRoleDefined', data: defined }, undefined, ['defined as “Editor”']],
    [{ type: 'DefaultRoleDefined', data: defined }, held, ['now “Editor”']],
    [{ type: 'DefaultRoleRetired', data: { publication, key: 'editor' } }, held, ['retired']],
    [{ type: 'DefaultRoleGrantAdded', data: given }, undefined, ['+campaigns/launch']],
    [{ type: 'DefaultRoleGrantAdded', data: given }, held, []],
    [{ type: 'DefaultRoleGrantRemoved', data: given }, held, ['-campaigns/launch']],
    [{ type: 'DefaultRoleGrantRemoved', data: { ...given, role: 'other' } }, held, []],
    [{ type: 'ScopeRetired', data: { publication, name: 'a:b' } }, held, []],
  ];
  test.each(CASES)('%j', (event, before, notes) => {
    expect(describeStaged(event, 'editor', before)).toEqual(notes);
  });
});
