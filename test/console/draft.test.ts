import { changesOf, markOf, takesAway } from '../../console/src/draft/changes';
import {
  assign,
  describe as describeRole,
  keepScopes,
  rename,
  tick,
  unassign,
} from '../../console/src/draft/edit';
import { createInput, updateInput } from '../../console/src/draft/input';
import {
  grantedKeys,
  isGranted,
  NEW_ROLE,
  NO_EDITS,
  scopeCountOf,
  type Person,
  type RoleDraft,
} from '../../console/src/draft/role-draft';

/** The draft of a form: its edits are what is marked, reviewed and sent. */

const DRAFT: RoleDraft = {
  base: {
    id: 'Role:night-desk',
    version: 7,
    name: 'Night desk',
    description: 'Runs the desk.',
    grants: { 'logs/view': { scopeCount: 3 }, 'reports/view': { scopeCount: 0 } },
  },
  edits: NO_EDITS,
};
const ANA: Person = { id: 'User:ana', name: 'Ana Horvat', username: 'ana.horvat', lastLoginAt: null };
const BEN: Person = { ...ANA, id: 'User:ben', name: 'Ben Carter', username: 'ben.carter' };
const NOTE = { idempotencyKey: 'key', reason: '' };
const LOG_SCOPES = { all: ['a', 'b', 'c', 'd'], before: ['a', 'b', 'c'] };

describe('an edit that leads back to the base leaves no trace', () => {
  test.each<[string, (draft: RoleDraft) => RoleDraft]>([
    ['name', (draft) => rename(rename(draft, 'Day desk'), 'Night desk')],
    ['description', (draft) => describeRole(describeRole(draft, ''), 'Runs the desk.')],
    ['untick', (draft) => tick(tick(draft, ['logs/view'], false), ['logs/view'], true)],
    ['tick', (draft) => tick(tick(draft, ['calls/view'], true), ['calls/view'], false)],
    [
      'scopes',
      (draft) =>
        keepScopes(
          keepScopes(draft, 'logs/view', ['a'], LOG_SCOPES),
          'logs/view',
          ['c', 'b', 'a'],
          LOG_SCOPES,
        ),
    ],
    [
      'scopes of what is unticked',
      (draft) => tick(keepScopes(draft, 'calls/view', ['a'], LOG_SCOPES), ['calls/view'], false),
    ],
    ['assign', (draft) => unassign(assign(draft, [ANA]), ANA)],
    ['unassign', (draft) => assign(unassign(draft, ANA), [ANA])],
  ])('%s', (_, change) => {
    const edited = change(DRAFT);
    expect(changesOf(edited)).toEqual([]);
    expect(updateInput(edited, NOTE)).toEqual({
      id: 'Role:night-desk',
      expectedVersion: 7,
      idempotencyKey: 'key',
    });
  });
});

test('ticks, scopes and users are one change each, and marked', () => {
  let draft = tick(DRAFT, ['calls/view', 'calls/manage'], true);
  draft = tick(draft, ['reports/view'], false);
  draft = keepScopes(draft, 'logs/view', ['a'], LOG_SCOPES);
  draft = unassign(assign(draft, [ANA]), BEN);
  expect(changesOf(draft).map(({ kind }) => kind)).toEqual([
    'grant',
    'grant',
    'revoke',
    'scopes',
    'assign',
    'unassign',
  ]);
  expect(['calls/view', 'reports/view', 'logs/view', 'other'].map((key) => markOf(draft, key))).toEqual([
    'added',
    'removed',
    'changed',
    null,
  ]);
  expect(grantedKeys(draft)).toEqual(['logs/view', 'calls/view', 'calls/manage']);
  expect(isGranted(draft, 'reports/view')).toBe(false);
});

test('scopes of a permission that is ticked anew are part of that change', () => {
  const draft = keepScopes(DRAFT, 'calls/view', ['a'], { all: ['a', 'b'], before: [] });
  expect(changesOf(draft)).toEqual([{ kind: 'grant', permission: 'calls/view' }]);
  expect(scopeCountOf(draft, 'calls/view', 2)).toBe(1);
  expect(updateInput(draft, NOTE).grants).toContainEqual({ permission: 'calls/view', scopes: ['a'] });
});

test('counts of scopes follow the draft', () => {
  expect(scopeCountOf(DRAFT, 'logs/view', 4)).toBe(3);
  expect(scopeCountOf(tick(DRAFT, ['logs/view'], false), 'logs/view', 4)).toBe(0);
  expect(scopeCountOf(tick(DRAFT, ['calls/view'], true), 'calls/view', 5)).toBe(5);
});

describe('the input of a save', () => {
  test('sends fields that differ, and no others', () => {
    const draft = assign(rename(DRAFT, 'Day desk'), [ANA]);
    expect(updateInput(draft, { idempotencyKey: 'key', reason: ' HR-201 ' })).toEqual({
      id: 'Role:night-desk',
      expectedVersion: 7,
      name: 'Day desk',
      assignUserIds: ['User:ana'],
      idempotencyKey: 'key',
      reason: 'HR-201',
    });
  });

  test('sends the whole set of grants with its version, and leaves scopes out that nobody touched', () => {
    const draft = tick(DRAFT, ['calls/view'], true);
    expect(updateInput(draft, NOTE)).toMatchObject({
      expectedVersion: 7,
      grants: [{ permission: 'logs/view' }, { permission: 'reports/view' }, { permission: 'calls/view' }],
    });
  });

  test('takes a description away with null', () => {
    expect(updateInput(describeRole(DRAFT, '  '), NOTE).description).toBeNull();
  });

  test('creates a role of an empty base', () => {
    const draft = assign(tick(rename({ base: NEW_ROLE, edits: NO_EDITS }, 'Desk'), ['logs/view'], true), [
      ANA,
    ]);
    expect(createInput(draft, NOTE)).toEqual({
      name: 'Desk',
      description: null,
      grants: [{ permission: 'logs/view' }],
      userIds: ['User:ana'],
      idempotencyKey: 'key',
    });
    expect(() => updateInput(draft, NOTE)).toThrow('not created');
  });
});

test('it is told whether a save takes something away', () => {
  expect(takesAway(changesOf(tick(DRAFT, ['calls/view'], true)))).toBe(false);
  expect(takesAway(changesOf(keepScopes(DRAFT, 'logs/view', ['a', 'b', 'c', 'd'], LOG_SCOPES)))).toBe(false);
  expect(takesAway(changesOf(keepScopes(DRAFT, 'logs/view', ['a', 'd'], LOG_SCOPES)))).toBe(true);
  expect(takesAway(changesOf(tick(DRAFT, ['logs/view'], false)))).toBe(true);
  expect(takesAway(changesOf(unassign(DRAFT, ANA)))).toBe(true);
});
