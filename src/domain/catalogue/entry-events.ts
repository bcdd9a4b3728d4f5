import {
  pairKey,
  type DefaultRole,
  type Feature,
  type Permission,
  type RoleConflict,
  type RoleGroup,
  type RoleTemplate,
  type Scope,
  type Section,
} from './catalogue';
import type { StagedCatalogueEvent } from './events';

/** Key and events of one kind of entry. */
export interface EntryKind<T> {
  readonly id: (item: T) => string;
  readonly defined: (item: T, order: number) => StagedCatalogueEvent;
  readonly left: (item: T) => StagedCatalogueEvent;
}

const keyOf = ({ key }: { readonly key: string }): string => key;

/** The kinds of entries of a catalogue, with the events of one publication. */
export const catalogueKinds = (publication: string) => ({
  group: {
    id: keyOf,
    defined: ({ key, name }, order) => ({
      type: 'RoleGroupDefined',
      data: { publication, order, key, name },
    }),
    left: ({ key }) => ({ type: 'RoleGroupRetired', data: { publication, key } }),
  } satisfies EntryKind<RoleGroup>,

  feature: {
    id: keyOf,
    defined: ({ key, name, required }, order) => ({
      type: 'FeatureDefined',
      data: { publication, order, key, name, required },
    }),
    left: ({ key }) => ({ type: 'FeatureRetired', data: { publication, key } }),
  } satisfies EntryKind<Feature>,

  scope: {
    id: ({ name }) => name,
    defined: ({ name, description, includes }, order) => ({
      type: 'ScopeDefined',
      data: {
        publication,
        order,
        name,
        ...(description === undefined ? {} : { description }),
        includes: [...includes],
      },
    }),
    left: ({ name }) => ({ type: 'ScopeRetired', data: { publication, name } }),
  } satisfies EntryKind<Scope>,

  section: {
    id: keyOf,
    defined: ({ key, name, description }, order) => ({
      type: 'SectionDefined',
      data: { publication, order, key, name, description },
    }),
    left: ({ key }) => ({ type: 'SectionRetired', data: { publication, key } }),
  } satisfies EntryKind<Section>,

  permission: {
    id: keyOf,
    defined: ({ key, section, description, feature, privileged, scopes }, order) => ({
      type: 'PermissionDefined',
      data: { publication, order, key, section, description, feature, privileged, scopes: [...scopes] },
    }),
    left: ({ key }) => ({ type: 'PermissionRetired', data: { publication, key } }),
  } satisfies EntryKind<Permission>,

  ...roleKinds(publication),
});

const roleKinds = (publication: string) => ({
  defaultRole: {
    id: keyOf,
    defined: ({ key, name, group, description }, order) => ({
      type: 'DefaultRoleDefined',
      data: { publication, order, key, name, group, description },
    }),
    left: ({ key }) => ({ type: 'DefaultRoleRetired', data: { publication, key } }),
  } satisfies EntryKind<DefaultRole>,

  conflict: {
    id: ({ roles }) => pairKey(roles),
    defined: ({ roles: [a, b], reason }, order) => ({
      type: 'RoleConflictDeclared',
      data: { publication, order, roles: [a, b], reason },
    }),
    left: ({ roles: [a, b] }) => ({
      type: 'RoleConflictWithdrawn',
      data: { publication, roles: [a, b] },
    }),
  } satisfies EntryKind<RoleConflict>,

  roleTemplate: {
    id: keyOf,
    defined: ({ key, name, description, permissions }, order) => ({
      type: 'RoleTemplateDefined',
      data: { publication, order, key, name, description, permissions: [...permissions] },
    }),
    left: ({ key }) => ({ type: 'RoleTemplateWithdrawn', data: { publication, key } }),
  } satisfies EntryKind<RoleTemplate>,
});

/** The grants of one default role: its permissions, each a key. */
export const grantKind = (publication: string, role: string): EntryKind<string> => ({
  id: (permission) => permission,
  defined: (permission, order) => ({
    type: 'DefaultRoleGrantAdded',
    data: { publication, order, role, permission },
  }),
  left: (permission) => ({ type: 'DefaultRoleGrantRemoved', data: { publication, role, permission } }),
});
