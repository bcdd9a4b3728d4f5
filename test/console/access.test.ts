import { filterAccess, openAtFirst, sectionsOf, type Access } from '../../console/src/user/access/access';
import { namedRoles } from '../../console/src/users/role-names';

/** Effective permissions as the page of a user shows them, and roles in one line. */

type Granted = Access['granted'][number];

const permission = (key: string): Granted['permission'] => {
  const [section = ''] = key.split('/');
  return {
    id: `Permission:${key}`,
    key,
    description: `May ${key.replace('/', ' ')}`,
    privileged: false,
    retired: false,
    totalScopeCount: 2,
    section: { id: `Section:${section}`, key: section, name: section },
    feature: { id: 'Feature:SMS', name: 'SMS', enabled: true },
  };
};
const via = (role: string): Granted['via'] => [
  {
    id: role,
    assignedAt: '2026-11-03T10:00:00Z',
    assignedBy: { id: 'User:ana', name: 'Ana', type: 'USER' },
    role: { id: `Role:${role}`, key: `Role:${role}`, name: role },
  },
];
const granted = (key: string, role: string, ...scopes: string[]): Granted => ({
  id: key,
  scopes,
  permission: permission(key),
  via: via(role),
});
const access: Access = {
  id: 'access',
  granted: [
    granted('logs/view', 'Analyst', 'sms:logs:read'),
    granted('people/view', 'Agent'),
    granted('logs/export', 'Agent'),
  ],
  withheld: [
    {
      id: 'viber/manage',
      permission: permission('viber/manage'),
      reason: 'FEATURE_DISABLED',
      via: via('Agent'),
    },
    { id: 'logs/old', permission: permission('logs/old'), reason: 'RETIRED', via: via('Analyst') },
  ],
};
const sections = sectionsOf(access);
const keys = (filter: Parameters<typeof filterAccess>[1]): string[] =>
  filterAccess(sections, filter).flatMap(({ held }) => held.map((one) => one.permission.key));

test('a section has what is granted, then what is withheld, with the reason', () => {
  expect(
    sections.map(({ key, held }) => [key, held.map((one) => [one.permission.key, one.withheld])]),
  ).toEqual([
    [
      'logs',
      [
        ['logs/view', null],
        ['logs/export', null],
        ['logs/old', 'RETIRED'],
      ],
    ],
    ['people', [['people/view', null]]],
    ['viber', [['viber/manage', 'FEATURE_DISABLED']]],
  ]);
});

test('a search finds words of descriptions, keys, sections, roles and scopes, in any order and case', () => {
  expect(keys({ q: 'VIEW logs' })).toEqual(['logs/view']);
  expect(keys({ q: 'sms:logs' })).toEqual(['logs/view']);
  expect(keys({ q: 'agent' })).toEqual(['logs/export', 'people/view', 'viber/manage']);
  expect(keys({ q: 'weather' })).toEqual([]);
  expect(keys({ only: 'withheld' })).toEqual(['logs/old', 'viber/manage']);
  expect(keys({ q: 'analyst', only: 'withheld' })).toEqual(['logs/old']);
  expect(keys({})).toHaveLength(5);
});

test('sections stand open at first as long as their rows are not too many', () => {
  expect(openAtFirst(sections, 60)).toEqual(['logs', 'people', 'viber']);
  expect(openAtFirst(sections, 4)).toEqual(['logs', 'people']);
  expect(openAtFirst(sections, 2)).toEqual([]);
});

test('two roles are named, the others are counted', () => {
  const roles = ['Agent', 'Supervisor', 'Analyst', 'Editor'].map((name) => ({ name }));
  expect(namedRoles([])).toEqual({ names: '', more: 0 });
  expect(namedRoles(roles.slice(0, 2))).toEqual({ names: 'Agent, Supervisor', more: 0 });
  expect(namedRoles(roles)).toEqual({ names: 'Agent, Supervisor', more: 2 });
});
