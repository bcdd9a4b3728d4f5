import type { Command } from './command';

/** Who may ask for what: the permissions that a command needs, all of them. Rolebook's own roles grant them. */
export function neededRights(command: Command): readonly string[] {
  switch (command.type) {
    case 'createRole':
      return command.userIds?.length ? [MANAGE, ASSIGN] : [MANAGE];
    case 'duplicateRole':
      return command.withUsers ? [MANAGE, ASSIGN] : [MANAGE];
    case 'updateRole': {
      const details =
        command.name !== undefined || command.description !== undefined || command.grants != null;
      const membership = Boolean(command.assignUserIds?.length || command.unassignUserIds?.length);
      // A form that sends empty lists of users changes no membership; one that sends nothing else needs one of the two.
      const lists = command.assignUserIds != null || command.unassignUserIds != null;
      return [...(details || !lists ? [MANAGE] : []), ...(membership || (lists && !details) ? [ASSIGN] : [])];
    }
    case 'deleteRole':
    case 'grantPermissions':
    case 'revokePermissions':
    case 'selectSection':
    case 'setPermissionScopes':
      return [MANAGE];
    case 'assignUsers':
    case 'unassignUsers':
      return [ASSIGN];
    case 'registerUser':
    case 'updateUser':
    case 'deactivateUser':
    case 'reactivateUser':
    case 'recordLogin':
      return ['users/manage'];
    case 'enableFeature':
    case 'disableFeature':
      return ['accounts/manage'];
    case 'openAccount':
      return [OPERATOR_ONLY];
  }
}

const MANAGE = 'roles/manage';
const ASSIGN = 'roles/assign';
/** Not a permission: no user has it. */
const OPERATOR_ONLY = 'operator';
