import { List, Map as ImmutableMap } from 'immutable';
import { EMPTY_CATALOGUE, type CatalogueContent } from './catalogue';
import { stagedDigest } from './digest';
import type { CatalogueEvent, StagedCatalogueEvent } from './events';
import { grantKind, catalogueKinds } from './entry-events';
import { OrderedEntries } from './ordered-entries';

type Published = Extract<CatalogueEvent, { type: 'CataloguePublished' }>;

/** State of the catalogue's stream. */
export interface CatalogueState {
  /** Content in force: of the last publication. `content.version` is 0 before the first. */
  readonly content: CatalogueContent;
  /** Events since the last publication, not in force for anyone yet, by their publication. */
  readonly staged: ImmutableMap<string, List<StagedCatalogueEvent>>;
  /** The publication that the last event of the stream is staged for; null after a `CataloguePublished`. */
  readonly staging: string | null;
}

export const EMPTY_STATE: CatalogueState = {
  content: EMPTY_CATALOGUE.content,
  staged: ImmutableMap(),
  staging: null,
};

/** A publication whose staged events do not match its count and digest: the log lost some, or was tampered with. */
export class BrokenPublicationError extends Error {
  override readonly name = 'BrokenPublicationError';
}

/**
 * The state after one more event of the catalogue's stream.
 * @throws BrokenPublicationError
 */
export function evolveCatalogue(state: CatalogueState, event: CatalogueEvent): CatalogueState {
  const { publication } = event.data;
  const staged = state.staged.get(publication) ?? List<StagedCatalogueEvent>();
  if (event.type !== 'CataloguePublished') {
    return { ...state, staged: state.staged.set(publication, staged.push(event)), staging: publication };
  }
  const { version, count, digest } = event.data;
  if (staged.size !== count || stagedDigest(staged) !== digest) {
    throw new BrokenPublicationError(
      `publication ${publication} of catalogue version ${version} counts ${count} staged events, and they are not the ${staged.size} in the log`,
    );
  }
  return {
    content: applyPublication(state.content, staged, event),
    // Drops the events staged by others: a publisher that was overtaken starts again, under a new publication id.
    staged: ImmutableMap(),
    staging: null,
  };
}

/** The catalogue after a publication: its staged events are in force, all at once. */
export function applyPublication(
  content: CatalogueContent,
  staged: Iterable<StagedCatalogueEvent>,
  published: Published,
): CatalogueContent {
  const draft = open(content);
  for (const event of staged) apply(draft, event);
  return {
    version: published.data.version,
    contentDigest: published.data.contentDigest,
    groups: draft.groups.list(),
    features: draft.features.list(),
    scopes: draft.scopes.list(),
    sections: draft.sections.list(),
    permissions: draft.permissions.list(),
    defaultRoles: draft.defaultRoles
      .list()
      .map((role) => ({ ...role, permissions: draft.grants.get(role.key)?.list() ?? [] })),
    conflicts: draft.conflicts.list(),
    roleTemplates: draft.roleTemplates.list(),
  };
}

const KINDS = catalogueKinds('');
const grantShelf = (permissions: readonly string[]) => new OrderedEntries(permissions, grantKind('', '').id);

function open(content: CatalogueContent) {
  return {
    groups: new OrderedEntries(content.groups, KINDS.group.id),
    features: new OrderedEntries(content.features, KINDS.feature.id),
    scopes: new OrderedEntries(content.scopes, KINDS.scope.id),
    sections: new OrderedEntries(content.sections, KINDS.section.id),
    permissions: new OrderedEntries(content.permissions, KINDS.permission.id),
    defaultRoles: new OrderedEntries(content.defaultRoles, KINDS.defaultRole.id),
    grants: new Map(content.defaultRoles.map(({ key, permissions }) => [key, grantShelf(permissions)])),
    conflicts: new OrderedEntries(content.conflicts, KINDS.conflict.id),
    roleTemplates: new OrderedEntries(content.roleTemplates, KINDS.roleTemplate.id),
  };
}

function apply(draft: ReturnType<typeof open>, event: StagedCatalogueEvent): void {
  switch (event.type) {
    case 'RoleGroupDefined':
      return draft.groups.define(...entry(event.data));
    case 'RoleGroupRetired':
      return draft.groups.remove(event.data.key, retire);
    case 'FeatureDefined':
      return draft.features.define(...entry(event.data));
    case 'FeatureRetired':
      return draft.features.remove(event.data.key, retire);
    case 'ScopeDefined':
      return draft.scopes.define(...entry(event.data));
    case 'ScopeRetired':
      return draft.scopes.remove(event.data.name, retire);
    case 'SectionDefined':
      return draft.sections.define(...entry(event.data));
    case 'SectionRetired':
      return draft.sections.remove(event.data.key, retire);
    case 'PermissionDefined':
      return draft.permissions.define(...entry(event.data));
    case 'PermissionRetired':
      return draft.permissions.remove(event.data.key, retire);
    case 'DefaultRoleDefined': {
      const [role, order] = entry(event.data);
      return draft.defaultRoles.define({ ...role, permissions: [] }, order);
    }
    case 'DefaultRoleRetired':
      draft.grants.delete(event.data.key);
      return draft.defaultRoles.remove(event.data.key, retire);
    case 'DefaultRoleGrantAdded': {
      const { role, permission, order } = event.data;
      const grants = draft.grants.get(role) ?? grantShelf([]);
      draft.grants.set(role, grants);
      return grants.define(permission, order);
    }
    case 'DefaultRoleGrantRemoved':
      return draft.grants.get(event.data.role)?.remove(event.data.permission);
    case 'RoleConflictDeclared': {
      const { roles, reason, order } = event.data;
      return draft.conflicts.define({ roles, reason }, order);
    }
    case 'RoleConflictWithdrawn':
      return draft.conflicts.remove(KINDS.conflict.id({ ...event.data, reason: '' }));
    case 'RoleTemplateDefined': {
      const { publication: _, order, ...template } = event.data;
      return draft.roleTemplates.define(template, order);
    }
    case 'RoleTemplateWithdrawn':
      return draft.roleTemplates.remove(event.data.key);
  }
}

/** Entry of a definition, and its index in the list. */
function entry<T extends { readonly publication: string; readonly order: number }>(
  data: T,
): [Omit<T, 'publication' | 'order'> & { readonly retired: false }, number] {
  const { publication: _, order, ...rest } = data;
  return [{ ...rest, retired: false }, order];
}

const retire = <T extends { readonly retired: boolean }>(item: T): T => ({ ...item, retired: true });
