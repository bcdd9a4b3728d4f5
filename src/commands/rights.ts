import { CommandError, type Command, type CommandContext } from './command';
import { POISONED } from './streams/folds';
import { MAX_GUARD_LAG_MS, type DecisionReads } from './decision-reads';

/**
 * Who may ask for what. It comes before anything is said about an input, so that who may do nothing learns nothing.
 * @throws CommandError where the tables stopped at an event, or lag too far behind the log to tell, and where the actor
 * lacks a right
 */
export function demandRights(
  command: Command,
  { account, actor }: CommandContext,
  reads: DecisionReads,
): void {
  if (reads.poisoned()) throw new CommandError('LOG_POISONED', POISONED);
  const lag = reads.lagMs();
  if (lag > MAX_GUARD_LAG_MS) {
    throw new CommandError(
      'STALE_REPLICA',
      Number.isFinite(lag)
        ? `This replica lags ${Math.round(lag / 1000)} s behind the log and cannot decide. Try another, or later.`
        : 'This replica has not yet read what the log held when it started, and cannot decide. Try another, or later.',
    );
  }
  if (actor.type !== 'user') return;
  const rights = reads.rights(account, actor.id);
  const missing = neededRights(command).filter((right) => !rights.may(right));
  if (missing.length > 0)
    throw new CommandError('FORBIDDEN', `This needs the permission ${missing.join(' and ')}.`);
}

/** The permissions that a command needs, all of them. Rolebook's own roles grant them. */
function neededRights(command: Command): readonly string[] {
  switch (command.type) {
    case 'createRole':
      return command.userIds?.length ? [MANAGE, ASSIGN] : [MANAGE];
    case 'duplicateRole':
      return command.withUsers ? [MANAGE, ASSIGN] : [MANAGE];
    case 'updateRole': {
      const details =
        command.name !== undefined || command.description !== undefined || command.grants !== undefined;
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
