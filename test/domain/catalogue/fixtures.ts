import type { CatalogueFile } from '../../../src/domain/catalogue/file';

/** Catalogue files for tests. */

const permission = (key: string, privileged = false, scopes: string[] = [], feature = 'CORE') => ({
  key,
  section: 'main',
  description: `May ${key}`,
  feature,
  privileged,
  scopes,
});

/** The least that is a sound file, and a little more. A new one at every call. */
export const smallFile = (version = 1): CatalogueFile => ({
  version,
  groups: [{ key: 'general', name: 'General' }],
  features: [
    { key: 'CORE', name: 'Core', required: true },
    { key: 'PEOPLE', name: 'People' },
  ],
  scopes: [
    { name: 'people:manage', includes: ['people:read'] },
    { name: 'people:read' },
    { name: 'accounts:manage' },
  ],
  sections: [{ key: 'main', name: 'Main', description: 'All there is.' }],
  permissions: [
    permission('roles/view'),
    permission('roles/manage', true),
    permission('roles/assign', true),
    permission('users/view'),
    permission('users/manage', true),
    permission('audit-log/view'),
    permission('people/view', false, ['people:read'], 'PEOPLE'),
    permission('people/edit', false, ['people:manage'], 'PEOPLE'),
    permission('accounts/manage', true, ['accounts:manage']),
  ],
  defaultRoles: [
    {
      key: 'account-admin',
      name: 'Account admin',
      group: 'general',
      description: '',
      permissions: ['roles/view', 'roles/manage', 'roles/assign', 'users/manage', 'accounts/manage'],
    },
    {
      key: 'agent',
      name: 'Agent',
      group: 'general',
      description: 'Sees people',
      permissions: ['people/view', 'users/view'],
    },
    { key: 'lead', name: 'Lead', group: 'general', description: '', permissions: ['people/edit'] },
  ],
  conflicts: [{ roles: ['agent', 'lead'], reason: 'One or the other.' }],
});

/** The small file with so many permissions more, each with two scopes. */
export function largeFile(permissions: number, version = 1): CatalogueFile {
  const file = smallFile(version);
  for (let index = 0; index < permissions; index++) {
    const scopes = [`large-${index}:manage`, `large-${index}:read`];
    file.scopes.push({ name: `large-${index}:manage`, includes: [`large-${index}:read`] });
    file.scopes.push({ name: `large-${index}:read` });
    file.permissions.push(permission(`large-${index}/use`, false, scopes, 'PEOPLE'));
    file.defaultRoles[2]?.permissions.push(`large-${index}/use`);
  }
  return file;
}
