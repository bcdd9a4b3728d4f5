import type { AccountState } from '../../domain/account/account';
import type { RoleState } from '../../domain/role/state';
import { shownText } from '../../domain/sealed-text';
import type { EventStore } from '../../event-store/port/event-store';
import { replayAccount } from '../../operations/audit/replay/account';
import { replayRole } from '../../operations/audit/replay/role';
import type { ReplayStep } from '../../operations/audit/replay/step';
import { replayUser, type UserReplayOptions } from '../../operations/audit/replay/user';
import type { UserLife } from '../../operations/audit/replay/user-life';

/** Facts of a state, by the name of their column. */
export type Facts = Readonly<Record<string, string | number>>;

/** Subject of a replay: where its steps come from, and how its state is shown. */
export interface Subject<State> {
  readonly steps: (store: EventStore, options: UserReplayOptions) => AsyncGenerator<ReplayStep<State>>;
  readonly facts: (state: State) => Facts;
  /** Names of the facts that a table has room for; the others are told in words. */
  readonly inTable: readonly string[];
  readonly asJson: (state: State) => object;
  /** True for a step that shows that there is such a thing. */
  readonly shows: (step: ReplayStep<State>) => boolean;
  /** Name of it in the message that there is none. */
  readonly what: string;
}

export const roleSubject = (account: string, role: string): Subject<RoleState> => ({
  steps: (store, options) => replayRole(store, account, role, options),
  facts: ({ version, name, members, grants }) => ({
    version,
    name,
    users: members.size,
    permissions: grants.size,
  }),
  inTable: ['users', 'permissions'],
  asJson: ({ version, name, description, deleted, members, grants }) => ({
    version,
    name,
    description,
    deleted,
    users: members.toArray(),
    grants: Object.fromEntries(grants),
  }),
  // A stream with fences alone is not a role.
  shows: ({ event }) => event.type !== 'ClaimAbandoned',
  what: `role ${role}`,
});

export const userSubject = (account: string, user: string): Subject<UserLife> => ({
  steps: (store, options) => replayUser(store, account, user, options),
  facts: ({ username, name, status, roles }) => ({
    username: shownText(username),
    name: shownText(name),
    status,
    roles: roles.size,
  }),
  inTable: ['status', 'roles'],
  asJson: ({ kind, username, name, status, lastLoginAt, roles }) => ({
    kind,
    username,
    name,
    status,
    lastLoginAt,
    roles: roles.keySeq().toArray(),
  }),
  shows: () => true,
  what: `user ${user}`,
});

export const accountSubject = (account: string): Subject<AccountState> => ({
  steps: (store, options) => replayAccount(store, account, options),
  facts: ({ name, features }) => ({ name, features: features.size }),
  inTable: ['features'],
  asJson: ({ name, features }) => ({ name, features: features.toArray().sort() }),
  shows: () => true,
  what: 'event',
});
