import { Map, Set } from 'immutable';
import { evolveAccount, NEW_ACCOUNT, type AccountState } from '../domain/account/account';
import { evolveClaim, NEW_CLAIM, type ClaimState } from '../domain/claim/claim';
import { evolveRole, NEW_ROLE, type RoleState } from '../domain/role/state';
import { compiledValidator, isEventType } from '../domain/schemas';
import { evolveUser, NEW_USER, type UserState } from '../domain/user/user';
import { EventStoreError, type RecordedEvent } from '../event-store/event-store';
import type { Fold } from './stream-loader';

/**
 * How each kind of stream is folded. An event is checked against its schema before a rule sees it, so the rules may
 * take its type for granted: a decision on a log that does not say what it should is never made.
 */
function fold<State, Event>(
  initial: State,
  evolve: (state: State, event: Event) => State,
  snapshot?: Fold<State>['snapshot'],
): Fold<State> {
  return {
    initial,
    snapshot,
    evolve: (state, event) => {
      if (!isValid(event)) {
        throw new EventStoreError(
          'CORRUPT',
          `Event ${event.revision} of ${event.stream} is not a valid ${event.type}.`,
        );
      }
      return evolve(state, { type: event.type, data: event.data } as Event);
    },
  };
}

const isValid = (event: RecordedEvent): boolean =>
  isEventType(event.type) && compiledValidator(event.type).Check(event.data);

/** Sets and maps as lists. */
type Frozen<State> = {
  readonly [Key in keyof State]: State[Key] extends Set<infer T>
    ? T[]
    : State[Key] extends Map<infer K, infer V>
      ? [K, V][]
      : State[Key];
};

export const roleFold: Fold<RoleState> = fold(NEW_ROLE, evolveRole, {
  freeze: (state): Frozen<RoleState> => ({
    ...state,
    grants: [...state.grants],
    members: [...state.members],
    barred: [...state.barred],
  }),
  thaw: (json: Frozen<RoleState>): RoleState => ({
    ...json,
    grants: Map(json.grants),
    members: Set(json.members),
    barred: Set(json.barred),
  }),
});

export const claimFold: Fold<ClaimState> = fold(NEW_CLAIM, evolveClaim, {
  freeze: (state): Frozen<ClaimState> => ({ ...state, byUser: [...state.byUser] }),
  thaw: (json: Frozen<ClaimState>): ClaimState => ({ ...json, byUser: Map(json.byUser) }),
});

export const userFold: Fold<UserState> = fold(NEW_USER, evolveUser);
export const accountFold: Fold<AccountState> = fold(NEW_ACCOUNT, evolveAccount);
