import { evolveAccount, NEW_ACCOUNT, type AccountState } from '../../domain/account/account';
import { evolveClaim, NEW_CLAIM, type ClaimState } from '../../domain/claim/claim';
import { evolveRole, NEW_ROLE, type RoleState } from '../../domain/role/state';
import { newerSchema } from '../../domain/schema-versions';
import { faultLine } from '../../domain/schemas';
import { eventFaults } from '../../domain/sound-event';
import { evolveUser, NEW_USER, type UserState } from '../../domain/user/user';
import { parseStream } from '../../event-store/port/streams';
import { CommandError } from '../outcome';
import type { Fold } from './stream-state';

/**
 * The fold of one kind of stream. An event is checked against its schema before a rule sees it, so the rules may take its
 * type for granted: no decision is made on a log that breaks its own schemas.
 * Throws CommandError `LOG_POISONED` there, and `LOG_NEWER` at an event that this program is too old for; both without ids,
 * for an actor of one account may not learn of another.
 */
function fold<State, Event>(
  initial: State,
  evolve: (state: State, event: Event) => State,
  { version, growsLong = false }: Pick<Fold<State>, 'version' | 'growsLong'>,
): Fold<State> {
  return {
    initial,
    version,
    growsLong,
    evolve: (state, event) => {
      const faults = eventFaults(event, parseStream(event.stream));
      if (faults.length > 0) {
        const what = `Event ${event.revision} of ${event.stream} is not a valid ${event.type}`;
        const cause = new Error(`${what}: ${faults.map(faultLine).join('; ')}`);
        if (newerSchema(event) !== null) throw new CommandError('LOG_NEWER', NEWER, { cause });
        throw new CommandError('LOG_POISONED', POISONED, { cause });
      }
      return evolve(state, { id: event.id, type: event.type, data: event.data } as Event);
    },
  };
}

/** Message to clients. Operators find the event in the log and in `/health/ready`. */
export const POISONED =
  'The log holds an event that cannot be applied. Changes are refused until an operator has dealt with it.';

/** The same where this program is too old. */
export const NEWER =
  'A later release has written to the log what this replica cannot read. It takes no changes until it is upgraded.';

export const roleFold: Fold<RoleState> = fold(NEW_ROLE, evolveRole, { version: 1, growsLong: true });
export const claimFold: Fold<ClaimState> = fold(NEW_CLAIM, evolveClaim, { version: 1, growsLong: true });
export const userFold: Fold<UserState> = fold<UserState, Parameters<typeof evolveUser>[1]>(
  NEW_USER,
  evolveUser,
  { version: 1 },
);
export const accountFold: Fold<AccountState> = fold(NEW_ACCOUNT, evolveAccount, { version: 1 });
