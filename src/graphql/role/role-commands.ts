import type { MembershipsChange } from '../../commands/batch/memberships';
import type { Command } from '../../commands/command';
import type { InputIds } from '../mutation/input-refusals';
import type {
  CreateRoleInput,
  DeleteRoleInput,
  DuplicateRoleInput,
  GrantPermissionsInput,
  RevokePermissionsInput,
  RoleUsersInput,
  SelectSectionInput,
  SetPermissionScopesInput,
  UpdateRoleInput,
  UpdateRoleUsersInput,
} from './role-inputs';

/** Makes commands of the inputs of mutations: the same for a mutation and for its preview. */

type Reader<Result> = (ids: InputIds) => Result;

export const creation =
  ({ name, description, grants, userIds }: CreateRoleInput): Reader<Command> =>
  (ids) => ({ type: 'createRole', name, description, grants, userIds: ids.users(userIds, 'userIds') });

export const update =
  (input: UpdateRoleInput): Reader<Command> =>
  (ids) => ({
    type: 'updateRole',
    role: ids.target('Role', input.id, 'id'),
    name: input.name,
    description: input.description,
    grants: ids.wholeSet(input.grants, 'grants'),
    assignUserIds: ids.users(input.assignUserIds, 'assignUserIds'),
    unassignUserIds: ids.users(input.unassignUserIds, 'unassignUserIds'),
  });

export const copy =
  ({ id, name, withUsers }: DuplicateRoleInput): Reader<Command> =>
  (ids) => ({ type: 'duplicateRole', role: ids.source(id, 'id'), name, withUsers });

export const deletion =
  ({ id }: DeleteRoleInput): Reader<Command> =>
  (ids) => ({ type: 'deleteRole', role: ids.target('Role', id, 'id') });

const roleOf = (ids: InputIds, { roleId }: { readonly roleId: string }): string =>
  ids.target('Role', roleId, 'roleId');

export const granting =
  (input: GrantPermissionsInput): Reader<Command> =>
  (ids) => ({ type: 'grantPermissions', role: roleOf(ids, input), grants: input.grants });

export const revoking =
  (input: RevokePermissionsInput): Reader<Command> =>
  (ids) => ({ type: 'revokePermissions', role: roleOf(ids, input), permissions: input.permissions });

export const selecting =
  (input: SelectSectionInput): Reader<Command> =>
  (ids) => ({
    type: 'selectSection',
    role: roleOf(ids, input),
    section: input.section,
    selected: input.selected,
  });

export const scoping =
  (input: SetPermissionScopesInput): Reader<Command> =>
  (ids) => ({
    type: 'setPermissionScopes',
    role: roleOf(ids, input),
    permission: input.permission,
    scopes: input.scopes,
  });

const ofUsers =
  (type: 'assignUsers' | 'unassignUsers') =>
  (input: RoleUsersInput): Reader<Command> =>
  (ids) => ({ type, role: roleOf(ids, input), userIds: ids.users(input.userIds, 'userIds') ?? [] });

export const assigning = ofUsers('assignUsers');
export const unassigning = ofUsers('unassignUsers');

export const reassigning =
  (input: UpdateRoleUsersInput): Reader<MembershipsChange> =>
  (ids) => ({
    type: 'updateRoleUsers',
    of: roleOf(ids, input),
    assign: ids.users(input.assignUserIds, 'assignUserIds') ?? [],
    unassign: ids.users(input.unassignUserIds, 'unassignUserIds') ?? [],
  });

/** Fields of the input of `updateRoleUsers` for what its refusals are about. */
export const REASSIGNED = {
  role: 'roleId',
  assign: 'assignUserIds',
  unassign: 'unassignUserIds',
} as const;
