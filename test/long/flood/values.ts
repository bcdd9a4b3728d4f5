import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql';
import type { Random } from '../random';
import type { Known } from './known';

/** Place of a wanted value: a field of an input type or an argument of a field, e.g. `UpdateRoleInput.id`, `Query.role.id`. */
export interface Place {
  readonly owner: string;
  readonly name: string;
  readonly type: GraphQLInputType;
  /** Values chosen before it in the same input: scopes follow from the permission. */
  readonly beside?: Readonly<Record<string, unknown>>;
}

type Source = (random: Random, known: Known, place: Place) => unknown;

const MONTH_MS = 30 * 86_400_000;
const PAGE = 12;
const LARGER_PAGE = 60;
const MOST_USERS = 6;
const MOST_GRANTS = 5;

const text: Source = (random, known) =>
  `${random.pick(['Night', 'Día', 'Łódź', 'Ωμέγα', '夜'])} ${known.fresh()}`;
/** Identities that change hands; UserRef asks for them. */
const ISSUERS = ['https://login.example', 'http://127.0.0.1:8080/realms/flood'];
/** External ids that change hands; UserRef asks for them. */
const SHARED = ['E-1', 'e-1', 'Ⅷ-1', 'É-1'];
const permission: Source = (random, known) => known.permission(random).key;
const time: Source = (random, { now }) => new Date(now - random.below(MONTH_MS)).toISOString();
const activeUser: Source = (random, known) => known.activeUser(random);
const users: Source = (random, known) => known.activeUsers(random, MOST_USERS);

/** Scopes that come with the permission beside them, some or all. */
const scopes: Source = (random, known, { beside }) => {
  const key = beside?.['permission'];
  const own = known.permissions.find((each) => each.key === key)?.scopes ?? [];
  return random.some(own, own.length);
};

/** Generators by the place, else by the name alone. A value without one follows from its type. */
const SOURCES: Readonly<Record<string, Source>> = {
  'Query.role.id': (random, known) => known.anyRole(random),
  'Query.user.id': activeUser,
  'Query.node.id': (random, known) =>
    random.pick([known.anyRole(random), known.activeUser(random), 'Account:demo']),
  'Query.users.notInRole': (random, known) => known.anyRole(random),
  'Query.accessDiff.user': activeUser,
  'Query.accessDiff.role': (random, known) => known.anyRole(random),
  'Query.accessHistory.user': activeUser,
  'Query.accessHistory.since': time,
  'Query.accessHistory.until': time,
  'HistoryFilter.role': (random, known) => known.anyRole(random),
  'HistoryFilter.user': activeUser,
  'HistoryFilter.actor': activeUser,
  'HistoryFilter.since': time,
  'HistoryFilter.until': time,
  'UserRef.id': activeUser,
  'UserRef.username': (random, known) => random.pick(known.usernames),
  'UserRef.externalId': (random) => random.pick(SHARED),
  'AsOf.time': time,
  'AsOf.position': (random, known) => known.position(random),
  'RoleAsOfInput.role': (random, known) => known.anyRole(random),
  'UpdateRoleInput.id': (random, known) => known.customRole(random),
  'DuplicateRoleInput.id': (random, known) => known.anyRole(random),
  'DeleteRoleInput.id': (random, known) => known.roleToDelete(random),
  'UpdateUserInput.id': activeUser,
  'LinkUserIdentityInput.id': activeUser,
  'UnlinkUserIdentityInput.id': activeUser,
  'DeactivateUserInput.id': (random, known) => known.userToDeactivate(random),
  'ReactivateUserInput.id': (random, known) => known.userToReactivate(random),
  'EraseUserInput.id': (random, known) => known.userToErase(random),
  'ReleaseUsernameInput.username': (random, known) => known.usernameToRelease(random),
  'RecordLoginInput.id': activeUser,
  'RegisterUserInput.id': (_random, known) => `User:u-${known.fresh()}`,
  'SetPermissionScopesInput.roleId': (random, known) => known.grantingRole(random),
  'RevokePermissionsInput.roleId': (random, known) => known.grantingRole(random),
  'SetPermissionScopesInput.permission': (random, known, { beside }) =>
    known.permissionOf(beside?.['roleId'], random).key,
  'RevokePermissionsInput.permissions': (random, known, { beside }) => [
    known.permissionOf(beside?.['roleId'], random).key,
  ],
  'GrantPermissionsInput.grants': (random, known) =>
    Array.from({ length: 1 + random.below(MOST_GRANTS) }, () => ({
      permission: known.permission(random).key,
    })),
  'AssignUsersInput.userIds': (random, known) => [known.activeUser(random), ...known.activeUsers(random, 3)],
  'AssignUsersInput.roleId': (random, known) => known.anyRole(random),
  'UnassignUsersInput.userIds': (random, known) => [known.activeUser(random)],
  'UnassignUsersInput.roleId': (random, known) => known.anyRole(random),
  'UpdateUserRolesInput.userId': activeUser,
  'CreateApiKeyInput.userId': (random, known) => known.userForApiKey(random),
  'CreateApiKeyInput.expiresInDays': (random) => 1 + random.below(365),
  'RevokeApiKeyInput.id': (random, known) => known.apiKey(random),
  'UpdateUserRolesInput.assignRoleIds': (random, known) => [known.anyRole(random)],
  'UpdateUserRolesInput.unassignRoleIds': (random, known) => [random.pick(known.defaultRoles)],
  // They are kept for ever in the pages that follow; made up they are only noise.
  after: () => undefined,
  expectedVersion: (random) => (random.chance(0.05) ? random.below(4) : undefined),
  // Those of earlier changes are mostly stale; previews give better ones, which are not kept.
  expectedBasis: (random, known) => (random.chance(0.03) ? known.position(random) : undefined),
  first: (random) => 1 + random.below(random.chance(0.9) ? PAGE : LARGER_PAGE),
  search: (random) => random.pick(['a', 'an', 'MA', 'ko', 'é', 'ight', 'Ωμ', 'zz']),
  permission,
  scope: (random, known) => random.pick(known.permissions.flatMap((each) => each.scopes)),
  scopes,
  section: (random, known) => random.pick(known.sections),
  feature: (random, known) => random.pick(known.features),
  roleId: (random, known) => known.customRole(random),
  userIds: users,
  assignUserIds: users,
  unassignUserIds: users,
  at: time,
  name: text,
  username: (_random, known) => known.fresh(),
  issuer: (random) => random.pick(ISSUERS),
  subject: (random, known) => (random.chance(0.5) ? random.pick(SHARED) : known.fresh()),
  externalId: (random, known) => (random.chance(0.1) ? random.pick([null, ...SHARED]) : known.fresh()),
  description: (random, known, place) => (random.chance(0.1) ? null : text(random, known, place)),
  reason: (random) => `HR-${random.below(10_000)}`,
  idempotencyKey: (_random, known) => known.fresh(),
};

/** Fields that may be left out and mostly are not: they say what is to change. */
const TELLING = ['name', 'description', 'grants', 'idempotencyKey'];

/** Fields that follow from others of their input, and so are chosen after them, in this order. */
const FOLLOWING = ['permission', 'permissions', 'scopes'];

/** A value that fits a place; undefined leaves it out, which only optional places may be. */
export function valueFor(place: Place, random: Random, known: Known): unknown {
  const source = SOURCES[`${place.owner}.${place.name}`] ?? SOURCES[place.name];
  if (source) return source(random, known, place);
  const type = getNullableType(place.type);
  if (isListType(type)) {
    const item = { ...place, type: type.ofType as GraphQLInputType };
    return Array.from({ length: 1 + random.below(3) }, () => valueFor(item, random, known));
  }
  const named = getNamedType(type);
  if (isInputObjectType(named)) return inputOf(named, random, known);
  if (isEnumType(named)) return random.pick(named.getValues()).name;
  return BY_TYPE[named.name]?.(random, known, place) ?? text(random, known, place);
}

const BY_TYPE: Readonly<Record<string, Source>> = {
  Int: (random) => random.below(10),
  Float: (random) => random.next() * 10,
  Boolean: (random) => random.chance(0.5),
  DateTime: time,
};

/** A whole input: what must be there, and some of what may be. */
export function inputOf(type: GraphQLInputObjectType, random: Random, known: Known): Record<string, unknown> {
  const fields = Object.values(type.getFields());
  const chosen = type.isOneOf
    ? [random.pick(fields)]
    : fields.filter(
        (field) => isNonNullType(field.type) || random.chance(TELLING.includes(field.name) ? 0.6 : 0.25),
      );
  const input: Record<string, unknown> = {};
  const inOrder = chosen.toSorted((a, b) => FOLLOWING.indexOf(a.name) - FOLLOWING.indexOf(b.name));
  for (const { name, type: wanted } of inOrder) {
    const value = valueFor({ owner: type.name, name, type: wanted, beside: input }, random, known);
    if (value !== undefined) input[name] = value;
  }
  // A moment at a position before any is known.
  if (type.isOneOf && Object.keys(input).length === 0) return inputOf(type, random, known);
  return input;
}
