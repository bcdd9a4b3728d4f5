import type { AccountEvent } from '../account/events';
import type { CatalogueChange } from '../catalogue/changes';
import type { RoleEvent } from '../role/events';
import type { ReadUserEvent } from '../user/events';
import { CATALOGUE, type ToldPublication } from './describe-catalogue';
import {
  change,
  quoted,
  someOf,
  type Descriptions,
  type EventDescription,
  type NamesThen,
  type PropertyChange,
} from './description';

/**
 * Events that people are told of: all but claims, repairs and the staged parts of a publication; these are told by what the
 * publication changed.
 */
export type ToldEvent = RoleEvent | ReadUserEvent | AccountEvent | ToldPublication | CatalogueChange;

export interface RoleEventDescription extends EventDescription {
  /** Note for readers who already know the role, with ids instead of names, e.g. `assigned ben`. */
  readonly note: string;
}

const ROLE: Descriptions<RoleEvent, RoleEventDescription> = {
  RoleCreated: ({ name, description, copiedFrom }) => ({
    predicate: () => `created the role ${quoted(name)}${copiedFrom === null ? '' : ' as a copy'}`,
    note: `created as “${name}”${copiedFrom ? `, a copy of ${copiedFrom}` : ''}`,
    changes: [
      change('name', null, name),
      ...(description === null ? [] : [change('description', null, description)]),
      ...(copiedFrom === null ? [] : [{ ...change('copiedFrom', null, copiedFrom), idsOf: 'role' as const }]),
    ],
  }),
  RoleRenamed: ({ from, to }) => ({
    predicate: () => `renamed the role ${quoted(from)} to ${quoted(to)}`,
    note: `renamed from “${from}” to “${to}”`,
    changes: [change('name', from, to)],
  }),
  RoleDescriptionChanged: ({ from, to }) => ({
    predicate: ({ role }) =>
      `${to === null ? 'removed' : 'changed'} the description of the role ${quoted(role)}`,
    note: `description changed from “${from ?? ''}” to “${to ?? ''}”`,
    changes: [change('description', from, to)],
  }),
  RoleDeleted: ({ name }) => ({
    predicate: () => `deleted the role ${quoted(name)}`,
    note: `deleted, named “${name}”`,
    changes: [change('name', name, null)],
  }),
  PermissionGranted: ({ permission, scopes }) => ({
    predicate: ({ role }) =>
      `granted ${permission} with ${scopesInWords(scopes)} to the role ${quoted(role)}`,
    note: `granted ${permission} ${listed(scopes)}`,
    changes: [change('permission', null, permission), change('scopes', null, scopes)],
  }),
  PermissionScopesChanged: ({ permission, from, to }) => ({
    predicate: ({ role }) =>
      `changed the scopes of ${permission} in the role ${quoted(role)} from ${scopesInWords(from)} to ${scopesInWords(to)}`,
    note: `scopes of ${permission} changed from ${listed(from)} to ${listed(to)}`,
    changes: [change('scopes', from, to)],
  }),
  PermissionRevoked: ({ permission, scopes }) => ({
    predicate: ({ role }) => `revoked ${permission} from the role ${quoted(role)}`,
    note: `revoked ${permission} ${listed(scopes)}`,
    changes: [change('permission', permission, null), change('scopes', scopes, null)],
  }),
  UserAssigned: ({ user }) => ({
    predicate: (names) => `assigned ${person(names)} to the role ${quoted(names.role)}`,
    note: `assigned ${user}`,
    changes: [{ ...change('user', null, user), idsOf: 'user' }],
  }),
  UserUnassigned: ({ user }) => ({
    predicate: (names) => `unassigned ${person(names)} from the role ${quoted(names.role)}`,
    note: `unassigned ${user}`,
    changes: [{ ...change('user', user, null), idsOf: 'user' }],
  }),
  UserBarred: ({ user, member }) => ({
    predicate: (names) =>
      `unassigned ${person(names)} from the role ${quoted(names.role)}, before deactivating the user`,
    note: member ? `ended the membership of ${user}, who is being deactivated` : `barred ${user}`,
    changes: [{ ...change('user', user, null), idsOf: 'user' }],
  }),
  UserUnbarred: ({ user }) => ({
    predicate: (names) => `let ${person(names)} be assigned to the role ${quoted(names.role)} again`,
    note: `unbarred ${user}`,
    changes: [],
  }),
  ClaimAbandoned: () => ({
    predicate: () => 'recorded ClaimAbandoned',
    note: 'fenced: a pending attempt at a claim was voided',
    changes: [],
  }),
};

const USER: Descriptions<ReadUserEvent, EventDescription> = {
  UserRegistered: ({ username, name, externalId = null }) => ({
    predicate: (names) => `registered the user ${person(names)}`,
    changes: [
      change('username', null, username),
      change('name', null, name),
      change('externalId', null, externalId),
    ].filter(isKnown),
  }),
  UserProfileChanged: ({ from, to }) => ({
    predicate: (names) => `changed the profile of the user ${person(names)}`,
    changes: [
      change('username', from.username, to.username),
      change('name', from.name, to.name),
      change('externalId', from.externalId ?? null, to.externalId ?? null),
    ].filter(isKnown),
  }),
  UserLoggedIn: ({ at, before }) => ({
    predicate: (names) => `recorded a sign-in of the user ${person(names)}`,
    // A sign-in that was recorded late does not change the last one.
    changes:
      before != null && Date.parse(before) >= Date.parse(at) ? [] : [change('lastLoginAt', before, at)],
  }),
  UserDeactivated: () => ({
    predicate: (names) => `deactivated the user ${person(names)}`,
    changes: [change('status', 'ACTIVE', 'INACTIVE')],
  }),
  UserReactivated: () => ({
    predicate: (names) => `reactivated the user ${person(names)}`,
    changes: [change('status', 'INACTIVE', 'ACTIVE')],
  }),
  UserErased: () => ({
    predicate: () => 'erased a user',
    changes: [change('status', null, 'ERASED')],
  }),
  UsernameReleased: () => ({
    predicate: () => 'let others have the username of an erased user',
    changes: [],
  }),
  // The subject is for those who manage users, and history is for more people.
  UserIdentityLinked: ({ issuer }) => ({
    predicate: (names) => `linked an identity of ${issuer} to the user ${person(names)}`,
    changes: [change('identity', null, issuer)],
  }),
  UserIdentityUnlinked: ({ issuer }) => ({
    predicate: (names) => `unlinked an identity of ${issuer} from the user ${person(names)}`,
    changes: [change('identity', issuer, null)],
  }),
};

const ACCOUNT: Descriptions<AccountEvent, EventDescription> = {
  AccountOpened: ({ name }) => ({
    predicate: () => `opened the account ${quoted(name)}`,
    changes: [change('name', null, name)],
  }),
  FeatureEnabled: ({ feature }) => ({
    predicate: () => `enabled the feature ${feature}`,
    changes: [change('feature', null, feature)],
  }),
  FeatureDisabled: ({ feature }) => ({
    predicate: () => `disabled the feature ${feature}`,
    changes: [change('feature', feature, null)],
  }),
};

/** Descriptions by type of event: a type that is missing here does not compile. */
const DESCRIPTIONS: Descriptions<ToldEvent, EventDescription> = {
  ...ROLE,
  ...USER,
  ...ACCOUNT,
  ...CATALOGUE,
};

/** Describes an event in words, the same in all outputs: the history of an account and the replay of a role. */
export function describeEvent(event: RoleEvent): RoleEventDescription;
export function describeEvent(event: ToldEvent): EventDescription;
export function describeEvent({ type, data }: ToldEvent): EventDescription {
  const describe = DESCRIPTIONS[type] as (of: typeof data) => EventDescription;
  return describe(data);
}

/** Names and external ids of an erased user are not known any more. */
const isKnown = ({ before, after }: PropertyChange): boolean => before !== after;

const person = ({ user }: NamesThen): string => user ?? 'a user';

const scopesInWords = (scopes: readonly string[]): string =>
  scopes.length === 0 ? 'no scopes' : someOf(scopes, 'more scopes');

const listed = (scopes: readonly string[]): string => `[${scopes.join(' ')}]`;
