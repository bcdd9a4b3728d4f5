import { Type, type Static, type TProperties } from '@sinclair/typebox';
import { isLonger, isVisible, plainTextFault } from './text';

/** The shapes that several events share. Every one becomes a part of the published JSON Schemas. */

const closed = { additionalProperties: false } as const;

/** An event's data: a closed object, so that an unknown field is noticed rather than carried along. */
export const data = <T extends TProperties>(properties: T, description: string) =>
  Type.Object(properties, { ...closed, description });

/** Pattern of account, user and role ids: they are parts of stream names. */
export const ID_PATTERN = '^[A-Za-z0-9_-]{1,64}$';

export const AccountId = Type.String({ pattern: ID_PATTERN, description: 'Id of an account (a tenant).' });
export const UserId = Type.String({
  pattern: ID_PATTERN,
  description: 'Id of a user, unique in its account.',
});
export const RoleId = Type.String({
  pattern: ID_PATTERN,
  description: 'Id of a role in its account; of a default role its key.',
});
export const PermissionKey = Type.String({ minLength: 1, maxLength: 200, description: '`resource/action`.' });
export const FeatureKey = Type.String({ minLength: 1, maxLength: 100, description: 'Key of a feature.' });
export const ScopeName = Type.String({ minLength: 1, maxLength: 200, description: 'Name of an API scope.' });
export const ScopeNames = Type.Array(ScopeName, {
  description: 'Names of scopes, in the order of the catalogue.',
});
export const CatalogueKey = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'Key within the catalogue.',
});

/** Actor of a change: a user of the account, a service, or an operator at the command line. */
export const ActorType = Type.Union([
  Type.Literal('user'),
  Type.Literal('service'),
  Type.Literal('operator'),
]);
export type ActorType = Static<typeof ActorType>;

/** Type and id together identify an actor: a user, a service and an operator of one id are three actors. */
export interface Actor {
  readonly type: ActorType;
  readonly id: string;
  /** Name of the machine where an operator gave the command; none for others. It is no part of who it is. */
  readonly host?: string;
}

/** Name of a machine, as it is recorded. */
export const HostName = Type.String({
  pattern: '^[A-Za-z0-9._-]{1,64}$',
  description: 'Name of the machine where an operator gave the command; absent for all others.',
});

const ID = new RegExp(ID_PATTERN);

/** True if a text can be an id of an account, a user or a role. */
export const isId = (text: string): boolean => ID.test(text);

const LONGEST_ACTOR_ID = 200;

/** True if an actor of that type may have the id. Ids of services and operators are one line of 1 to 200 characters. */
export const isActor = ({ type, id }: Actor): boolean =>
  type === 'user'
    ? isId(id)
    : isVisible(id) && plainTextFault(id) === null && !isLonger(id, LONGEST_ACTOR_ID);

export const isSameActor = (a: Actor, b: Actor): boolean => a.type === b.type && a.id === b.id;

/** The id of the administrators' role of every account in the catalogue. */
export const ACCOUNT_ADMIN = 'account-admin';
