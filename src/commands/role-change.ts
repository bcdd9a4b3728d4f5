import type { RoleWish } from '../domain/role/decide';
import type { Command } from './command';

/** Every command on an existing role, as the one kind of wish that the rules decide. */

export type RoleChangeCommand = Extract<
  Command,
  {
    type:
      | 'updateRole'
      | 'grantPermissions'
      | 'revokePermissions'
      | 'selectSection'
      | 'setPermissionScopes'
      | 'assignUsers'
      | 'unassignUsers';
  }
>;

export function roleWish(command: RoleChangeCommand, expectedVersion: number | null | undefined): RoleWish {
  switch (command.type) {
    case 'updateRole':
      return {
        expectedVersion,
        name: command.name,
        description: command.description,
        ...(command.grants ? { grants: { kind: 'grant', grants: command.grants, whole: true } } : {}),
        ...membership(command.assignUserIds, command.unassignUserIds, 'assignUserIds', 'unassignUserIds'),
      };
    case 'grantPermissions':
      return { expectedVersion, grants: { kind: 'grant', grants: command.grants, whole: false } };
    case 'revokePermissions':
      return { expectedVersion, grants: { kind: 'revoke', permissions: command.permissions } };
    case 'selectSection':
      return {
        expectedVersion,
        grants: { kind: 'section', section: command.section, selected: command.selected },
      };
    case 'setPermissionScopes':
      return {
        expectedVersion,
        grants: { kind: 'scopes', permission: command.permission, scopes: command.scopes },
      };
    case 'assignUsers':
      return { expectedVersion, ...membership(command.userIds, [], 'userIds', 'userIds') };
    case 'unassignUsers':
      return { expectedVersion, ...membership([], command.userIds, 'userIds', 'userIds') };
  }
}

/** A wish about users; none where the input names neither list. */
export function membership(
  assign: readonly string[] | null | undefined,
  unassign: readonly string[] | null | undefined,
  assignField: string,
  unassignField: string,
): Pick<RoleWish, 'membership'> {
  if (!assign && !unassign) return {};
  return { membership: { assign: assign ?? [], unassign: unassign ?? [], assignField, unassignField } };
}
