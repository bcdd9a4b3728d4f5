import { refusal } from '../domain/refusal';
import { UnsoundEventError } from '../event-store/port/event-store';
import { changeAccount } from './accounts';
import { CommandError, type Command, type CommandBus, type CommandOutcome } from './command';
import { MAX_CLOCK_SKEW_MS } from './decision-reads';
import { identify } from './identity';
import { inputRefusals, unsoundRefusals } from './input-check';
import { KeyedQueue } from './queue';
import { demandRights } from './rights';
import { createRole, duplicateRole } from './role-creation';
import { changeRole, deleteRole } from './roles';
import { asCommandError, CommandSession, type CommandTools } from './session';
import { deactivateUser, reactivateUser, recordLogin, registerUser, updateUser } from './users';

/** The one way in for every change: checks rights, then decides on one stream, appends, and starts again on a conflict. */
export function createCommandBus(tools: CommandTools): CommandBus {
  const queue = new KeyedQueue();
  return {
    async execute(command, context) {
      checkClock(tools);
      demandRights(command, context, tools.reads);
      const malformed = inputRefusals(command, context);
      if (malformed.length > 0) return { accepted: false, refusals: malformed, position: null };
      // Users have an account; an operator may name one that was never opened.
      if (command.type !== 'openAccount' && tools.reads.enabledFeatures(context.account) === null) {
        const message = 'There is no such account.';
        return {
          accepted: false,
          refusals: [refusal('NOT_FOUND', { message, field: ['account'] })],
          position: null,
        };
      }
      const session = new CommandSession(tools, command, context, identify(command, context, tools.newId));
      try {
        return await queue.run(queueKey(command, session), () => dispatch(session, command));
      } catch (error) {
        // The last line of defence: a rule let through what no reader would take.
        if (error instanceof UnsoundEventError)
          return { accepted: false, refusals: unsoundRefusals(error, command), position: null };
        throw asCommandError(error, session);
      }
    },
  };
}

function checkClock({ clockSkewMs }: CommandTools): void {
  const skew = clockSkewMs?.() ?? 0;
  if (Math.abs(skew) > MAX_CLOCK_SKEW_MS) {
    throw new CommandError(
      'CLOCK_SKEW',
      `This machine’s clock is ${Math.abs(Math.round(skew))} ms ${skew < 0 ? 'behind' : 'ahead of'} the log’s; it refuses to write.`,
    );
  }
}

/** Commands on one stream queue; what creates something has a stream of its own. */
function queueKey(command: Command, { context, identity }: CommandSession): string {
  if ('role' in command && command.type !== 'duplicateRole') return `role ${context.account} ${command.role}`;
  if ('user' in command && command.user != null) return `user ${context.account} ${command.user}`;
  return identity.commandId;
}

function dispatch(session: CommandSession, command: Command): Promise<CommandOutcome> {
  switch (command.type) {
    case 'createRole':
      return createRole(session, command);
    case 'duplicateRole':
      return duplicateRole(session, command);
    case 'deleteRole':
      return deleteRole(session, command);
    case 'updateRole':
    case 'grantPermissions':
    case 'revokePermissions':
    case 'selectSection':
    case 'setPermissionScopes':
    case 'assignUsers':
    case 'unassignUsers':
      return changeRole(session, command);
    case 'registerUser':
      return registerUser(session, command);
    case 'updateUser':
      return updateUser(session, command);
    case 'deactivateUser':
      return deactivateUser(session, command);
    case 'reactivateUser':
      return reactivateUser(session, command);
    case 'recordLogin':
      return recordLogin(session, command);
    case 'openAccount':
    case 'enableFeature':
    case 'disableFeature':
      return changeAccount(session, command);
  }
}
