import {
  Catalogue,
  type CatalogueContent,
  type DefaultRole,
  type Permission,
} from '../../src/domain/catalogue/catalogue';

/** A catalogue just large enough for every rule: two conflicting roles, a privileged permission, a retired one. */

const permission = (key: string, rest: Partial<Permission> = {}): Permission => ({
  key,
  section: key.split('/')[0] as string,
  description: `May ${key}`,
  feature: 'CORE',
  privileged: false,
  scopes: [],
  retired: false,
  ...rest,
});

const permissions: readonly Permission[] = [
  permission('roles/manage', { privileged: true }),
  permission('roles/assign', { privileged: true }),
  permission('users/manage', { section: 'roles', privileged: true }),
  permission('users/erase', { section: 'roles', privileged: true }),
  permission('accounts/manage', { section: 'roles', privileged: true }),
  permission('billing/pay', { privileged: true, scopes: ['billing:pay'] }),
  permission('campaigns/view', { scopes: ['campaigns:read', 'people:read'] }),
  permission('campaigns/launch', { scopes: ['campaigns:send'] }),
  permission('campaigns/approve', { feature: 'EXTRA' }),
  permission('campaigns/fax', { retired: true, scopes: ['fax:send'] }),
];

const role = (key: string, name: string, granted: readonly string[]): DefaultRole => ({
  key,
  name,
  group: 'general',
  description: `The ${name}`,
  permissions: granted,
  retired: false,
});

const content: CatalogueContent = {
  version: 1,
  contentDigest: 'test',
  groups: [{ key: 'general', name: 'General', retired: false }],
  features: [
    { key: 'CORE', name: 'Core', required: true, retired: false },
    { key: 'EXTRA', name: 'Extra', required: false, retired: false },
  ],
  scopes: ['billing:pay', 'campaigns:read', 'people:read', 'campaigns:send', 'fax:send'].map((name) => ({
    name,
    includes: [],
    retired: name === 'fax:send',
  })),
  sections: ['roles', 'billing', 'campaigns'].map((key) => ({
    key,
    name: key,
    description: key,
    retired: false,
  })),
  permissions,
  defaultRoles: [
    role(
      'account-admin',
      'Account admin',
      permissions.filter((each) => !each.retired).map(({ key }) => key),
    ),
    role('maker', 'Maker', ['campaigns/launch']),
    role('checker', 'Checker', ['campaigns/approve']),
    role('manager', 'Manager', ['roles/assign']),
    { ...role('typist', 'Typist', []), retired: true },
  ],
  conflicts: [{ roles: ['maker', 'checker'], reason: 'Nobody approves what they made.' }],
  roleTemplates: [],
};

export const CATALOGUE = new Catalogue(content);
