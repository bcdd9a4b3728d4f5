import { UnsoundEventError } from '../event-store/port/event-store';
import { accountStream } from '../event-store/port/streams';
import type { AccountSealing } from '../sealing/sealing';
import type { CommandBus } from './command';
import { MAX_CLOCK_SKEW_MS } from './decision-reads';
import { identify } from './identity';
import { inputRefusals, unsoundRefusals } from './input-check';
import { placed } from './input-fields';
import {
  CommandError,
  inputRefusal,
  type CommandContext,
  type CommandOutcome,
  type HandlerOutcome,
} from './outcome';
import { KeyedQueue } from '../shared/keyed-queue';
import { commands, type Command } from './registry';
import { demandRights } from './rights';
import { asCommandError, CommandSession, NOTHING_WRITTEN, type CommandTools } from './session';
import { idToRegister } from './user/user';

/** The only entry point for changes: checks rights and input, then passes the command to its handler. */
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
          refusals: [inputRefusal('NOT_FOUND', { field: ['account'], message })],
          position: null,
        };
      }
      const session = await newSession(tools, command, context);
      try {
        const outcome = await queue.run(queueKey(command, session), () => dispatch(session, command));
        return placedOutcome(outcome, command);
      } catch (error) {
        // Last line of defence: a rule accepted an event that no reader would accept.
        if (error instanceof UnsoundEventError)
          return { accepted: false, refusals: unsoundRefusals(error), position: null };
        throw asCommandError(error, session);
      }
    },
  };
}

async function newSession(
  tools: CommandTools,
  command: Command,
  context: CommandContext,
): Promise<CommandSession> {
  const { sealing: keys, newId } = tools;
  try {
    const sealing = await (command.type === 'openAccount'
      ? sealingToOpen(tools, context.account)
      : keys.account(context.account));
    const identity = identify(command, context, { newId, ids: sealing });
    return new CommandSession(tools, command.type, context, { identity, sealing });
  } catch (error) {
    throw asCommandError(error, { progress: NOTHING_WRITTEN });
  }
}

/**
 * Makes the keys of an account that has no event yet, and of no other: where they are missing beside a log, others would
 * open nothing of it, and stand in the way of a copy of the key book.
 */
async function sealingToOpen({ store, sealing }: CommandTools, account: string): Promise<AccountSealing> {
  for await (const _opened of store.readStream(accountStream(account), { limit: 1 }))
    return sealing.account(account);
  return sealing.openAccount(account);
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

/** Key of the queue of commands on one stream; a command that creates has a stream of its own. */
function queueKey(command: Command, session: CommandSession): string {
  const { context, identity } = session;
  if ('role' in command && command.type !== 'duplicateRole') return `role ${context.account} ${command.role}`;
  const user = command.type === 'registerUser' ? idToRegister(session, command) : userOf(command);
  if (user !== null) return `user ${context.account} ${user}`;
  return identity.commandId;
}

const userOf = (command: Command): string | null => ('user' in command ? (command.user ?? null) : null);

const placedOutcome = (outcome: HandlerOutcome, { type }: Command): CommandOutcome =>
  outcome.accepted
    ? outcome
    : { ...outcome, refusals: outcome.refusals.map((refusal) => placed(refusal, type)) };

/** The handler from the registry. Input was checked before, so the type exists. */
const dispatch = (session: CommandSession, { type, ...input }: Command): Promise<HandlerOutcome> =>
  commands[type].handle(session, input as never);
