import { Type, type Static, type TProperties, type TSchema } from '@sinclair/typebox';
import { DEFAULT_API_KEY_DAYS, MAX_API_KEY_DAYS } from '../domain/user/api-keys';
import { API_KEY_HASH, API_KEY_PREFIX } from '../domain/user/events';
import { HostName } from '../domain/vocabulary';

/**
 * Inputs of commands. The TypeScript types, and the check that every command passes before it is decided, are defined
 * here alone, for every entry point: GraphQL, the operator's route, imports, the demo. Lengths and uniqueness are rules
 * of the domain.
 */

const closed = { additionalProperties: false } as const;
const input = <T extends TProperties>(properties: T, description: string) =>
  Type.Object(properties, { ...closed, description });

const text = (description: string) => Type.String({ format: 'plain-text', description });
/**
 * Names and descriptions. Their further rules are the domain's: one that predates a rule may be sent back unchanged.
 */
const words = (description: string) => Type.String({ format: 'well-formed', description });
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
/** Left out and `null` mean the same, unless the field says otherwise. */
const optional = <T extends TSchema>(schema: T) => Type.Optional(orNull(schema));

const role = text('Id of the role.');
const user = text('Id of the user.');
const users = (description: string) => Type.Array(text('Id of a user.'), { description });
const section = text('Key of a section.');
const permission = text('Key of a permission.');
const feature = text('Key of the feature.');
const scopes = Type.Array(text('Name of a scope.'));

type DeepReadonly<T> = T extends Date
  ? T
  : T extends readonly (infer Item)[]
    ? readonly DeepReadonly<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
      : T;

/** The fields of a command. `undefined` keeps a value, `null` clears it. */
export type InputOf<Schema extends TSchema> = DeepReadonly<Static<Schema>>;

/**
 * Returns the handler's result for an input. Compiles only if the handler took every field of the input, and left none
 * in `rest`: a field that is added to an input cannot be forgotten by its handler.
 */
export const complete = <Result>(_rest: Readonly<Record<string, never>>, result: Result): Result => result;

const Grant = input(
  {
    permission,
    scopes: Type.Optional(
      Type.Union([scopes, Type.Null()], {
        description:
          'Left out: all related scopes, or, where the permission is granted already, the scopes it has. `null`: none.',
      }),
    ),
  },
  'A permission to grant.',
);
const grants = Type.Array(Grant);

export const CreateRole = input(
  {
    name: words('Name of the role.'),
    description: optional(words('Its description.')),
    grants: optional(grants),
    userIds: optional(users('Users to assign.')),
  },
  'Creates a custom role.',
);
export type CreateRole = InputOf<typeof CreateRole>;

export const UpdateRole = input(
  {
    role,
    name: optional(words('New name; left out: it stays; `null` is refused as an empty one is.')),
    description: optional(words('New description; left out: it stays; `null`: none.')),
    grants: Type.Optional(
      Type.Array(Grant, {
        description:
          'The whole set of the form; retired grants are left alone. Left out: they stay. An empty list revokes all.',
      }),
    ),
    assignUserIds: optional(users('Users to assign.')),
    unassignUserIds: optional(users('Users to unassign.')),
  },
  'Saves the form of a role. What is left out stays; the difference becomes events.',
);
export type UpdateRole = InputOf<typeof UpdateRole>;

export const DuplicateRole = input(
  {
    role,
    asOf: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description:
          'Ordinal of the moment that the role is copied as of, deleted since or not; left out: as it is now.',
      }),
    ),
    name: optional(words('Name of the copy; left out: “Copy of ...”.')),
    withUsers: optional(Type.Boolean()),
  },
  'Makes a custom role of any role, as it is or as it was.',
);
export type DuplicateRole = InputOf<typeof DuplicateRole>;

export const DeleteRole = input({ role }, 'Deletes a custom role.');
export type DeleteRole = InputOf<typeof DeleteRole>;

export const GrantPermissions = input({ role, grants }, 'Grants permissions to a custom role.');
export type GrantPermissions = InputOf<typeof GrantPermissions>;

export const RevokePermissions = input(
  { role, permissions: Type.Array(permission) },
  'Revokes permissions from a custom role.',
);
export type RevokePermissions = InputOf<typeof RevokePermissions>;

export const SelectSection = input(
  { role, section, selected: Type.Boolean() },
  'Grants all available permissions of a section to a custom role, or revokes all of the section.',
);
export type SelectSection = InputOf<typeof SelectSection>;

export const SetPermissionScopes = input(
  { role, permission, scopes },
  'Sets the scopes kept with a permission that a custom role grants.',
);
export type SetPermissionScopes = InputOf<typeof SetPermissionScopes>;

export const AssignUsers = input({ role, userIds: users('Users to assign.') }, 'Assigns users to a role.');
export type AssignUsers = InputOf<typeof AssignUsers>;

export const UnassignUsers = input(
  { role, userIds: users('Users to unassign.') },
  'Unassigns users from a role.',
);
export type UnassignUsers = InputOf<typeof UnassignUsers>;

/** Limit of the ids that are made from one username; each earlier one is of a user who was renamed or erased since. */
export const MAX_GENERATIONS = 1_000;

const identity = {
  issuer: words('URL of the issuer, as its tokens name it.'),
  subject: words('Subject by which the issuer knows the user; compared exactly.'),
};
const Identity = input(identity, 'An identity that an issuer of tokens knows a user by.');

export const RegisterUser = input(
  {
    username: words('Username, unique in the account.'),
    name: optional(words('Name; left out: the username.')),
    externalId: optional(
      words(
        'Id by which another directory of the company knows the user, unique in the account; left out: none.',
      ),
    ),
    identity: Type.Optional(
      Type.Union([Identity, Type.Null()], {
        description:
          'Identity to link to the new user; left out: none. A repeat of the registration links none.',
      }),
    ),
    user: optional(text('Id of the new user; left out: one is generated.')),
    // Not null: a user with an id of its own would be registered instead of the one of the username.
    generation: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_GENERATIONS,
        description:
          'Operators only, instead of `user`: the id is made from the username, and is the same each time. 1, or more where the ids of earlier generations are of users who were renamed or erased.',
      }),
    ),
    kind: Type.Optional(
      Type.Union([Type.Literal('PERSON'), Type.Literal('SERVICE')], {
        description: 'Kind of the user, which never changes; left out: a person.',
      }),
    ),
  },
  'Registers a user in the account.',
);
export type RegisterUser = InputOf<typeof RegisterUser>;

export const UpdateUser = input(
  {
    user,
    username: optional(words('New username; left out: it stays; `null` is refused as an empty one is.')),
    name: optional(words('New name; left out: it stays; `null` is refused as an empty one is.')),
    externalId: optional(words('New external id; left out: it stays; `null`: none.')),
  },
  'Changes the username, the name or the external id of a user.',
);
export type UpdateUser = InputOf<typeof UpdateUser>;

export const LinkUserIdentity = input(
  { user, ...identity },
  'Links an identity of an issuer of tokens to a user, who can sign in with it from then on.',
);
export type LinkUserIdentity = InputOf<typeof LinkUserIdentity>;

export const UnlinkUserIdentity = input({ user, ...identity }, 'Unlinks an identity from a user.');
export type UnlinkUserIdentity = InputOf<typeof UnlinkUserIdentity>;

export const DeactivateUser = input({ user }, 'Takes all effect from the roles of a user.');
export type DeactivateUser = InputOf<typeof DeactivateUser>;

export const ReactivateUser = input({ user }, 'Gives the roles of a user effect again.');
export type ReactivateUser = InputOf<typeof ReactivateUser>;

export const EraseUser = input({ user }, 'Erases a user for ever: names go, roles end.');
export type EraseUser = InputOf<typeof EraseUser>;

export const ReleaseUsername = input(
  { username: words('Username of an erased user.') },
  'Lets others have the username, the external id and the identities of an erased user.',
);
export type ReleaseUsername = InputOf<typeof ReleaseUsername>;

export const CreateApiKey = input(
  {
    user,
    name: words('Name of the key, by which people know what uses it.'),
    expiresInDays: optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_API_KEY_DAYS,
        description: `Days for which the key is valid; left out: ${DEFAULT_API_KEY_DAYS}.`,
      }),
    ),
    prefix: Type.String({ pattern: API_KEY_PREFIX, description: 'Beginning of the key, which is shown.' }),
    hash: Type.String({
      pattern: API_KEY_HASH,
      description: 'SHA-256 of the key, hex. The key itself never comes here.',
    }),
  },
  'Creates an API key of a service user.',
);
export type CreateApiKey = InputOf<typeof CreateApiKey>;

export const RevokeApiKey = input(
  { user, apiKey: text('Id of the key.') },
  'Revokes an API key of a service user.',
);
export type RevokeApiKey = InputOf<typeof RevokeApiKey>;

export const RecordLogin = input(
  { user, at: optional(Type.Date({ description: 'Time of the sign-in; left out: now.' })) },
  'Records that a user signed in somewhere.',
);
export type RecordLogin = InputOf<typeof RecordLogin>;

export const EnableFeature = input({ feature }, 'Enables a feature for the account.');
export type EnableFeature = InputOf<typeof EnableFeature>;

export const DisableFeature = input({ feature }, 'Disables a feature for the account.');
export type DisableFeature = InputOf<typeof DisableFeature>;

export const OpenAccount = input(
  { name: words('Name of the account.'), features: Type.Array(text('Key of a feature.')) },
  'Opens an account. Operators only. Repeating it completes an interrupted opening.',
);
export type OpenAccount = InputOf<typeof OpenAccount>;

/** The context of every command, besides its own fields, as far as a caller can set it. */
export const Context = input(
  {
    account: text('Account concerned.'),
    actor: input(
      {
        type: Type.Union([Type.Literal('user'), Type.Literal('service'), Type.Literal('operator')]),
        id: text('Id of the actor.'),
        host: Type.Optional(HostName),
      },
      'Actor of the change.',
    ),
    requestId: Type.String({
      format: 'plain-text',
      minLength: 1,
      maxLength: 200,
      description: 'Correlation id of the request.',
    }),
    causationId: Type.Optional(
      Type.String({
        format: 'plain-text',
        minLength: 1,
        maxLength: 200,
        description: 'Id of the event or message that caused the command.',
      }),
    ),
    idempotencyKey: optional(
      text('The same key with the same input returns the first outcome and writes nothing.'),
    ),
    reason: optional(text('Free text for the record.')),
    restoring: Type.Optional(
      Type.Boolean({ description: 'Inactive users may join, as when an operator restores memberships.' }),
    ),
    expectedBasis: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description:
          'For commands on a role: ordinal of the moment since which nothing may have changed that it rests on.',
      }),
    ),
    // Not null: it would take the guard away from a caller who meant to send a version.
    expectedVersion: Type.Optional(
      Type.Integer({ minimum: 0, description: 'For commands on a role: refuse unless it has this version.' }),
    ),
  },
  'Context of a command.',
);
