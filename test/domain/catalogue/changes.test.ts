import fc from 'fast-check';
import {
  catalogueChanges,
  permissionsOf,
  type CatalogueChange,
  type DefaultRoleDetails,
} from '../../../src/domain/catalogue/changes';
import { EMPTY_CATALOGUE, type CatalogueContent } from '../../../src/domain/catalogue/catalogue';
import { diffCatalogue, publishedEvent } from '../../../src/domain/catalogue/diff';
import { applyPublication } from '../../../src/domain/catalogue/evolve';
import type { CatalogueFile } from '../../../src/domain/catalogue/file';
import { CATALOGUE } from '../../projections/log';

/** Changes of default roles and permissions between two versions of the catalogue. */

const ID = '00000000-0000-4000-8000-000000000000';

/** The catalogue after the publication of a file, as readers of the log come to it. */
function published(before: CatalogueContent, file: CatalogueFile): CatalogueContent {
  const staged = diffCatalogue(before, file, ID);
  return applyPublication(before, staged, publishedEvent(before, file, ID, staged));
}

const EMPTY = EMPTY_CATALOGUE.content;
const FIRST = published(EMPTY, CATALOGUE);
const [ADMIN, VIEWER] = CATALOGUE.defaultRoles as [
  CatalogueFile['defaultRoles'][number],
  CatalogueFile['defaultRoles'][number],
];
const permissions = (key: string, change: object): CatalogueFile['permissions'] =>
  CATALOGUE.permissions.map((each) => (each.key === key ? { ...each, ...change } : each));
const without = (key: string): CatalogueFile['permissions'] =>
  CATALOGUE.permissions.filter((each) => each.key !== key);

/** Changes in short: `role viewer from -> to +granted -revoked ~rescoped`. */
const short = (change: CatalogueChange): string => {
  const { type, data } = change;
  if (!('role' in data)) return `${type} ${data.permission}`;
  const grants = [
    ...data.granted.map((key) => `+${key}`),
    ...data.revoked.map((key) => `-${key}`),
    ...data.rescoped.map(({ permission, from, to }) => `~${permission} [${from.join()}]>[${to.join()}]`),
  ];
  return [type, data.role, data.from?.name ?? 'none', data.to?.name ?? 'none', ...grants].join(' ');
};
const after = (file: Partial<CatalogueFile>, before = FIRST): string[] =>
  catalogueChanges(before, published(before, { ...CATALOGUE, version: 2, ...file })).map(short);

describe('A publication', () => {
  test('of the first catalogue makes all default roles, and changes no permission', () => {
    expect(catalogueChanges(EMPTY, FIRST).map(short)).toEqual([
      'DefaultRoleChanged account-admin none Account Admin +flows/view +flows/edit +people/view +roles/manage',
      'DefaultRoleChanged viewer none Viewer +flows/view +people/view',
    ]);
  });

  test.each<[string, Partial<CatalogueFile>, string[]]>([
    ['nothing', {}, []],
    [
      'the order of roles, grants, permissions and scopes',
      {
        permissions: permissions('flows/edit', { scopes: ['flow:read', 'flow:manage'] }).toReversed(),
        defaultRoles: [{ ...VIEWER, permissions: VIEWER.permissions.toReversed() }, ADMIN],
      },
      [],
    ],
    [
      'the name of a role',
      { defaultRoles: [ADMIN, { ...VIEWER, name: 'Reader' }] },
      ['DefaultRoleChanged viewer Viewer Reader'],
    ],
    [
      'the description of a role',
      { defaultRoles: [ADMIN, { ...VIEWER, description: 'Other' }] },
      ['DefaultRoleChanged viewer Viewer Viewer'],
    ],
    [
      'the group of a role',
      {
        groups: [...CATALOGUE.groups, { key: 'g', name: 'G' }],
        defaultRoles: [ADMIN, { ...VIEWER, group: 'g' }],
      },
      ['DefaultRoleChanged viewer Viewer Viewer'],
    ],
    [
      'grants of a role',
      { defaultRoles: [ADMIN, { ...VIEWER, permissions: ['flows/edit', 'flows/view'] }] },
      ['DefaultRoleChanged viewer Viewer Viewer +flows/edit -people/view'],
    ],
    [
      'the roles there are',
      { defaultRoles: [ADMIN, { ...VIEWER, key: 'reader' }] },
      [
        'DefaultRoleChanged reader none Viewer +flows/view +people/view',
        'DefaultRoleRetired viewer Viewer none -flows/view -people/view',
      ],
    ],
    [
      'the scopes of a permission, and so of every role that grants it',
      { permissions: permissions('people/view', { scopes: ['people:read', 'flow:read'] }) },
      [
        'DefaultRoleChanged account-admin Account Admin Account Admin ~people/view [people:read]>[people:read,flow:read]',
        'DefaultRoleChanged viewer Viewer Viewer ~people/view [people:read]>[people:read,flow:read]',
        'PermissionChanged people/view',
      ],
    ],
    [
      'the feature of a permission',
      { permissions: permissions('people/view', { feature: 'FLOW' }) },
      ['PermissionChanged people/view'],
    ],
    [
      'what is privileged',
      { permissions: permissions('flows/edit', { privileged: true }) },
      ['PermissionChanged flows/edit'],
    ],
    [
      'the permissions there are',
      {
        permissions: without('roles/manage'),
        defaultRoles: [{ ...ADMIN, permissions: ['flows/view', 'flows/edit', 'people/view'] }, VIEWER],
      },
      [
        'DefaultRoleChanged account-admin Account Admin Account Admin -roles/manage',
        'PermissionRetired roles/manage',
      ],
    ],
    [
      'with a permission that is new',
      { permissions: [...CATALOGUE.permissions, { ...CATALOGUE.permissions[0]!, key: 'flows/new' }] },
      [],
    ],
  ])('that changes %s', (_, file, expected) => {
    expect(after(file)).toEqual(expected);
  });

  test('that brings back what was retired says so, and retires nothing twice', () => {
    const retired = published(FIRST, {
      ...CATALOGUE,
      version: 2,
      permissions: without('people/view'),
      defaultRoles: [{ ...ADMIN, permissions: ['flows/view'] }],
    });
    expect(catalogueChanges(retired, published(retired, { ...CATALOGUE, version: 3 })).map(short)).toEqual([
      'DefaultRoleChanged account-admin Account Admin Account Admin +flows/edit +people/view +roles/manage',
      'DefaultRoleChanged viewer none Viewer +flows/view +people/view',
      'PermissionChanged people/view',
    ]);
    const again = { ...CATALOGUE, version: 3, permissions: without('people/view') };
    const only = [{ ...ADMIN, permissions: ['flows/view'] }];
    expect(after({ ...again, defaultRoles: only }, retired)).toEqual([]);
  });
});

const keys = CATALOGUE.permissions.map(({ key }) => key);
const scopeNames = CATALOGUE.scopes.map(({ name }) => name);
const files = fc
  .record({
    present: fc.subarray(keys, { minLength: 1 }),
    scopes: fc.array(fc.subarray(scopeNames), { minLength: keys.length, maxLength: keys.length }),
    roles: fc.uniqueArray(
      fc.record({
        key: fc.constantFrom('a', 'b', 'c'),
        name: fc.constantFrom('X', 'Y'),
        description: fc.constantFrom('', 'd'),
        permissions: fc.subarray(keys),
      }),
      { selector: ({ key }) => key },
    ),
  })
  .map(({ present, scopes, roles }): CatalogueFile => ({
    ...CATALOGUE,
    permissions: CATALOGUE.permissions
      .map((permission, index) => ({ ...permission, scopes: scopes[index]! }))
      .filter(({ key }) => present.includes(key)),
    defaultRoles: roles.map((role) => ({
      ...role,
      group: 'admins',
      permissions: role.permissions.filter((key) => present.includes(key)),
    })),
  }));

/** Roles that are not retired: details, and scopes by permission in order. */
type Roles = Map<string, { details: DefaultRoleDetails; grants: Map<string, string> }>;

function rolesOf({ defaultRoles, permissions: known }: CatalogueContent): Roles {
  const scopes = new Map(known.map((each) => [each.key, [...each.scopes].sort().join()]));
  return new Map(
    defaultRoles
      .filter(({ retired }) => !retired)
      .map(({ key, name, description, group, permissions: granted }) => [
        key,
        {
          details: { name, description, group },
          grants: new Map([...granted].sort().map((each) => [each, scopes.get(each)!])),
        },
      ]),
  );
}

test('what was before, with the changes, is what is after; changes that are none are not told', () => {
  fc.assert(
    fc.property(fc.array(files, { minLength: 1, maxLength: 5 }), (versions) => {
      let before = EMPTY;
      for (const [index, file] of versions.entries()) {
        const content = published(before, { ...file, version: index + 1 });
        const scopes = new Map(content.permissions.map((each) => [each.key, [...each.scopes].sort().join()]));
        const roles = rolesOf(before);
        for (const change of catalogueChanges(before, content)) {
          const { data } = change;
          if (!('role' in data)) continue;
          const old = roles.get(data.role);
          expect(data.from).toEqual(old?.details ?? null);
          const grants = new Map(old?.grants);
          for (const key of data.revoked) expect(grants.delete(key)).toBe(true);
          for (const { permission, from, to } of data.rescoped) {
            expect(grants.get(permission)).toBe([...from].sort().join());
            grants.set(permission, [...to].sort().join());
          }
          for (const key of data.granted) expect(grants.has(key)).toBe(false);
          for (const key of data.granted) grants.set(key, scopes.get(key)!);
          const next = { details: data.to!, grants: new Map([...grants].sort()) };
          expect(next).not.toEqual(old);
          if (data.to) roles.set(data.role, next);
          else expect([roles.delete(data.role), grants.size]).toEqual([true, 0]);
          expect(new Set(permissionsOf(change)).size).toBe(permissionsOf(change).length);
        }
        expect(roles).toEqual(rolesOf(content));
        before = content;
      }
    }),
  );
});
