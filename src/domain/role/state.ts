import { Map as ImmutableMap, Set as ImmutableSet } from 'immutable';
import { detailsOf, NO_DETAILS, type RoleDetails } from './details';
import { changesRole, type RoleEvent } from './events';

/** State of one role stream. A default role has only its membership, bars and version here. */
export interface RoleState extends RoleDetails {
  readonly created: boolean;
  readonly deleted: boolean;
  /** Scopes kept, by permission. */
  readonly grants: ImmutableMap<string, readonly string[]>;
  readonly members: ImmutableSet<string>;
  /**
   * Only on `account-admin`: users who are being deactivated. They cannot become a member; one who is stays one, and is
   * no active admin.
   */
  readonly barred: ImmutableSet<string>;
  /** Only on `account-admin`: members who are service users. They do not count as admins of whom one must stay. */
  readonly services: ImmutableSet<string>;
  /** Number of events that changed the role. */
  readonly version: number;
}

export const NEW_ROLE: RoleState = {
  created: false,
  deleted: false,
  ...NO_DETAILS,
  grants: ImmutableMap(),
  members: ImmutableSet(),
  barred: ImmutableSet(),
  services: ImmutableSet(),
  version: 0,
};

/** The state after one more event. Total: every recorded event can be applied to every state. */
export function evolveRole(state: RoleState, event: RoleEvent): RoleState {
  const next = applyRole(state, event);
  return changesRole(event) ? { ...next, version: state.version + 1 } : next;
}

function applyRole(state: RoleState, event: RoleEvent): RoleState {
  switch (event.type) {
    case 'RoleCreated':
      return { ...state, created: true, ...detailsOf(event.data) };
    case 'RoleRenamed':
      return { ...state, name: event.data.to };
    case 'RoleDescriptionChanged':
      return { ...state, description: event.data.to };
    case 'PermissionGranted':
      return { ...state, grants: state.grants.set(event.data.permission, event.data.scopes) };
    case 'PermissionScopesChanged':
      return { ...state, grants: state.grants.set(event.data.permission, event.data.to) };
    case 'PermissionRevoked':
      return { ...state, grants: state.grants.delete(event.data.permission) };
    case 'UserAssigned':
      return {
        ...state,
        members: state.members.add(event.data.user),
        services: event.data.kind === undefined ? state.services : state.services.add(event.data.user),
      };
    case 'UserUnassigned':
      return {
        ...state,
        members: state.members.delete(event.data.user),
        services: state.services.delete(event.data.user),
      };
    case 'RoleDeleted':
      return { ...state, deleted: true, members: ImmutableSet(), grants: ImmutableMap() };
    case 'UserBarred':
      return {
        ...state,
        members: event.data.member ? state.members.delete(event.data.user) : state.members,
        barred: state.barred.add(event.data.user),
      };
    case 'UserUnbarred':
      return { ...state, barred: state.barred.delete(event.data.user) };
    case 'ClaimAbandoned':
      return state;
  }
}
