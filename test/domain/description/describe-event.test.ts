import { describeEvent } from '../../../src/domain/description/describe-event';
import { defaultRoleNote } from '../../../src/domain/description/describe-catalogue';
import type { DefaultRoleChange } from '../../../src/domain/catalogue/changes';
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

describe('The note on what a publication makes of a default role', () => {
  const details = { name: 'Editor', description: '', group: 'g' };
  const unchanged = { version: 2, role: 'editor', from: details, to: details };
  const none = { granted: [], revoked: [], rescoped: [] };

  const CASES: readonly (readonly [data: DefaultRoleChange['data'], note: string])[] = [
    [{ ...unchanged, ...none, from: null, granted: [permission] }, 'defined as “Editor”, +campaigns/launch'],
    [{ ...unchanged, ...none, from: { ...details, name: 'Old' } }, 'now “Editor”'],
    [
      { ...unchanged, ...none, to: { ...details, description: 'd', group: 'h' } },
      'other description, other group',
    ],
    [{ ...unchanged, ...none, granted: ['a/b'], revoked: [permission] }, '+a/b, -campaigns/launch'],
    [
      { ...unchanged, ...none, rescoped: [{ permission, from: [], to: ['a:b'] }] },
      'scopes of campaigns/launch changed',
    ],
    [{ ...unchanged, ...none, to: null, revoked: [permission] }, 'retired, -campaigns/launch'],
  ];
  test.each(CASES)('%j', (data, note) => {
    expect(defaultRoleNote(data)).toBe(note);
  });
});
