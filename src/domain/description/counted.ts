import type { ToldEvent } from './describe-event';

/** Words for events of a type: for one, and for several. */
const COUNTED: Readonly<Record<ToldEvent['type'], readonly [one: string, several: string]>> = {
  RoleCreated: ['role created', 'roles created'],
  RoleRenamed: ['role renamed', 'roles renamed'],
  RoleDescriptionChanged: ['description changed', 'descriptions changed'],
  PermissionGranted: ['permission granted', 'permissions granted'],
  PermissionScopesChanged: ['permission given other scopes', 'permissions given other scopes'],
  PermissionRevoked: ['permission revoked', 'permissions revoked'],
  UserAssigned: ['user assigned', 'users assigned'],
  UserUnassigned: ['user unassigned', 'users unassigned'],
  RoleDeleted: ['role deleted', 'roles deleted'],
  UserBarred: ['user unassigned', 'users unassigned'],
  UserUnbarred: ['user unbarred', 'users unbarred'],
  ClaimAbandoned: ['claim abandoned', 'claims abandoned'],
  UserRegistered: ['user registered', 'users registered'],
  UserProfileChanged: ['profile changed', 'profiles changed'],
  UserLoggedIn: ['sign-in recorded', 'sign-ins recorded'],
  UserDeactivated: ['user deactivated', 'users deactivated'],
  UserReactivated: ['user reactivated', 'users reactivated'],
  UserErased: ['user erased', 'users erased'],
  UsernameReleased: ['username released', 'usernames released'],
  UserIdentityLinked: ['identity linked', 'identities linked'],
  UserIdentityUnlinked: ['identity unlinked', 'identities unlinked'],
  ApiKeyCreated: ['API key created', 'API keys created'],
  ApiKeyRevoked: ['API key revoked', 'API keys revoked'],
  AccountOpened: ['account opened', 'accounts opened'],
  FeatureEnabled: ['feature enabled', 'features enabled'],
  FeatureDisabled: ['feature disabled', 'features disabled'],
  CataloguePublished: ['catalogue published', 'catalogues published'],
  DefaultRoleChanged: ['default role changed', 'default roles changed'],
  DefaultRoleRetired: ['default role retired', 'default roles retired'],
  PermissionChanged: ['permission changed', 'permissions changed'],
  PermissionRetired: ['permission retired', 'permissions retired'],
};

/**
 * Events of several types in words, as in `2 permissions granted and 1 user assigned`. `again`: the type that was told of
 * before, of which these are more.
 */
export function countedInWords(counts: ReadonlyMap<string, number>, again: string): string {
  const parts = [...counts].map(([type, count]) => {
    const [one, several] = Object.hasOwn(COUNTED, type) ? COUNTED[type as ToldEvent['type']] : OTHER;
    return `${count} ${type === again ? 'more ' : ''}${count === 1 ? one : several}`;
  });
  const last = parts.pop() ?? '';
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
}

/** Events of types that are shown only where they are void. */
const OTHER = ['other event', 'other events'] as const;
