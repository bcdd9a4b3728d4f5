import { Type } from '@sinclair/typebox';
import type { EventOf } from '../event-of';
import { CatalogueKey, data, FeatureKey, PermissionKey, ScopeName, ScopeNames } from '../vocabulary';

const publication = Type.String({
  format: 'uuid',
  description: 'The publication that this staged event belongs to.',
});
const order = Type.Integer({
  minimum: 0,
  description: 'Index in the file (of a grant: in its role), from 0; answers keep this order.',
});
const text = (maxLength: number) => Type.String({ maxLength });

/**
 * Events of the catalogue (stream `rolebook.catalogue`). All but `CataloguePublished` are staged: they hold
 * from the `CataloguePublished` that names their publication, all at once; staged events that none names are void.
 * A `...Defined` event gives the whole definition, new or changed.
 */
export const catalogueEvents = {
  RoleGroupDefined: data(
    { publication, order, key: CatalogueKey, name: text(200) },
    'A group of default roles.',
  ),
  RoleGroupRetired: data({ publication, key: CatalogueKey }, 'A group left the catalogue.'),
  FeatureDefined: data(
    { publication, order, key: FeatureKey, name: text(200), required: Type.Boolean() },
    'A feature that an account may enable; a required one cannot be disabled.',
  ),
  FeatureRetired: data({ publication, key: FeatureKey }, 'A feature left the catalogue.'),
  SectionDefined: data(
    { publication, order, key: CatalogueKey, name: text(200), description: text(1000) },
    'A section of permissions, as the role page shows it.',
  ),
  SectionRetired: data({ publication, key: CatalogueKey }, 'A section left the catalogue.'),
  ScopeDefined: data(
    {
      publication,
      order,
      name: ScopeName,
      description: Type.Optional(text(1000)),
      includes: ScopeNames,
    },
    'An API scope, and the smaller scopes that it includes.',
  ),
  ScopeRetired: data({ publication, name: ScopeName }, 'A scope left the catalogue.'),
  PermissionDefined: data(
    {
      publication,
      order,
      key: PermissionKey,
      section: CatalogueKey,
      description: text(1000),
      feature: FeatureKey,
      privileged: Type.Boolean(),
      scopes: ScopeNames,
    },
    'A permission, with the section that shows it, the feature that bounds it and the scopes that come with it.',
  ),
  PermissionRetired: data(
    { publication, key: PermissionKey },
    'A permission left the catalogue: its grants stay on record and are withheld.',
  ),
  DefaultRoleDefined: data(
    { publication, order, key: CatalogueKey, name: text(100), group: CatalogueKey, description: text(1000) },
    'A default role, the same for every account.',
  ),
  DefaultRoleRetired: data(
    { publication, key: CatalogueKey },
    'A default role left the catalogue; its grants were removed before.',
  ),
  DefaultRoleGrantAdded: data(
    { publication, order, role: CatalogueKey, permission: PermissionKey },
    'A default role grants a permission, with all its scopes.',
  ),
  DefaultRoleGrantRemoved: data(
    { publication, role: CatalogueKey, permission: PermissionKey },
    'A default role no longer grants a permission.',
  ),
  RoleConflictDeclared: data(
    {
      publication,
      order,
      roles: Type.Tuple([CatalogueKey, CatalogueKey]),
      reason: text(1000),
    },
    'No user may be assigned to both default roles. Pairs that existed before are listed, not broken.',
  ),
  RoleConflictWithdrawn: data(
    { publication, roles: Type.Tuple([CatalogueKey, CatalogueKey]) },
    'Both default roles may be held by one user again.',
  ),
  RoleTemplateDefined: data(
    {
      publication,
      order,
      key: CatalogueKey,
      name: text(100),
      description: text(1000),
      permissions: Type.Array(PermissionKey, {
        description: 'In the order of the file, each with all its scopes.',
      }),
    },
    'A suggestion for a custom role.',
  ),
  RoleTemplateWithdrawn: data(
    { publication, key: CatalogueKey },
    'A suggestion is not made any more; roles that were made of it stay as they are.',
  ),
  CataloguePublished: data(
    {
      publication,
      version: Type.Integer({ minimum: 1 }),
      previousVersion: Type.Optional(
        Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
          description:
            'The version that it takes the place of, to which the staged events are the difference; null for the first, absent where it was not recorded yet.',
        }),
      ),
      count: Type.Integer({ minimum: 0, description: 'Number of staged events that belong to it.' }),
      digest: Type.String({
        description: 'SHA-256 over the staged events, hex: each as canonical JSON and a newline.',
      }),
      contentDigest: Type.String({ description: 'SHA-256 of the published file as canonical JSON, hex.' }),
    },
    'The staged events of a publication hold from here on, for every account.',
  ),
} as const;

export type CatalogueEvent = EventOf<typeof catalogueEvents>;
export type StagedCatalogueEvent = Exclude<CatalogueEvent, { type: 'CataloguePublished' }>;
