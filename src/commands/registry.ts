import type { TObject } from '@sinclair/typebox';
import { disableFeature, enableFeature, openAccount } from './account';
import {
  ASSIGN_USERS,
  ERASE_USERS,
  MANAGE_ACCOUNT,
  MANAGE_ROLES,
  MANAGE_USERS,
  OPERATOR,
  targetNeeding,
  type FieldRights,
} from './field-rights';
import {
  AssignUsers,
  CreateRole,
  DeactivateUser,
  DeleteRole,
  DisableFeature,
  DuplicateRole,
  EnableFeature,
  EraseUser,
  GrantPermissions,
  LinkUserIdentity,
  OpenAccount,
  ReactivateUser,
  RecordLogin,
  RegisterUser,
  ReleaseUsername,
  RevokePermissions,
  SelectSection,
  SetPermissionScopes,
  UnassignUsers,
  UnlinkUserIdentity,
  UpdateRole,
  UpdateUser,
  type InputOf,
} from './inputs';
import type { HandlerOutcome } from './outcome';
import { changeRole, createRole, deleteRole } from './role';
import {
  assignment,
  grant,
  revocation,
  scopeChange,
  sectionChange,
  unassignment,
  update,
} from './role-change';
import { duplicateRole } from './role-copy';
import type { CommandSession } from './session';
import { recordLogin, registerUser, updateUser } from './user/user';
import { deactivateUser, reactivateUser } from './user/user-activity';
import { eraseUser, releaseUsername } from './user/user-erasure';
import { linkUserIdentity, unlinkUserIdentity } from './user/user-identities';

/** A command: its input, the right that each field needs, and its handler. */
export interface CommandDefinition {
  readonly input: TObject;
  readonly rights: FieldRights<Record<string, unknown>>;
  handle(session: CommandSession, input: object): Promise<HandlerOutcome>;
}

const define = <Schema extends TObject>(
  input: Schema,
  rights: FieldRights<InputOf<Schema>>,
  handle: (session: CommandSession, input: InputOf<Schema>) => Promise<HandlerOutcome>,
) => ({ input, rights, handle });

/** The registry of commands: every possible change. */
export const commands = {
  createRole: define(
    CreateRole,
    { name: MANAGE_ROLES, description: MANAGE_ROLES, grants: MANAGE_ROLES, userIds: ASSIGN_USERS },
    createRole,
  ),
  updateRole: define(
    UpdateRole,
    {
      role: targetNeeding('roles/manage'),
      name: MANAGE_ROLES,
      description: MANAGE_ROLES,
      grants: MANAGE_ROLES,
      assignUserIds: ASSIGN_USERS,
      unassignUserIds: ASSIGN_USERS,
    },
    changeRole(update),
  ),
  duplicateRole: define(
    DuplicateRole,
    { role: MANAGE_ROLES, asOf: MANAGE_ROLES, name: MANAGE_ROLES, withUsers: ASSIGN_USERS },
    duplicateRole,
  ),
  deleteRole: define(DeleteRole, { role: MANAGE_ROLES }, deleteRole),
  grantPermissions: define(GrantPermissions, { role: MANAGE_ROLES, grants: MANAGE_ROLES }, changeRole(grant)),
  revokePermissions: define(
    RevokePermissions,
    { role: MANAGE_ROLES, permissions: MANAGE_ROLES },
    changeRole(revocation),
  ),
  selectSection: define(
    SelectSection,
    { role: MANAGE_ROLES, section: MANAGE_ROLES, selected: MANAGE_ROLES },
    changeRole(sectionChange),
  ),
  setPermissionScopes: define(
    SetPermissionScopes,
    { role: MANAGE_ROLES, permission: MANAGE_ROLES, scopes: MANAGE_ROLES },
    changeRole(scopeChange),
  ),
  assignUsers: define(AssignUsers, { role: ASSIGN_USERS, userIds: ASSIGN_USERS }, changeRole(assignment)),
  unassignUsers: define(
    UnassignUsers,
    { role: ASSIGN_USERS, userIds: ASSIGN_USERS },
    changeRole(unassignment),
  ),
  registerUser: define(
    RegisterUser,
    {
      username: MANAGE_USERS,
      name: MANAGE_USERS,
      externalId: MANAGE_USERS,
      identity: MANAGE_USERS,
      user: MANAGE_USERS,
      generation: OPERATOR,
    },
    registerUser,
  ),
  updateUser: define(
    UpdateUser,
    { user: MANAGE_USERS, username: MANAGE_USERS, name: MANAGE_USERS, externalId: MANAGE_USERS },
    updateUser,
  ),
  linkUserIdentity: define(
    LinkUserIdentity,
    { user: MANAGE_USERS, issuer: MANAGE_USERS, subject: MANAGE_USERS },
    linkUserIdentity,
  ),
  unlinkUserIdentity: define(
    UnlinkUserIdentity,
    { user: MANAGE_USERS, issuer: MANAGE_USERS, subject: MANAGE_USERS },
    unlinkUserIdentity,
  ),
  deactivateUser: define(DeactivateUser, { user: MANAGE_USERS }, deactivateUser),
  reactivateUser: define(ReactivateUser, { user: MANAGE_USERS }, reactivateUser),
  eraseUser: define(EraseUser, { user: ERASE_USERS }, eraseUser),
  releaseUsername: define(ReleaseUsername, { username: ERASE_USERS }, releaseUsername),
  recordLogin: define(RecordLogin, { user: MANAGE_USERS, at: MANAGE_USERS }, recordLogin),
  enableFeature: define(EnableFeature, { feature: MANAGE_ACCOUNT }, enableFeature),
  disableFeature: define(DisableFeature, { feature: MANAGE_ACCOUNT }, disableFeature),
  openAccount: define(OpenAccount, { name: OPERATOR, features: OPERATOR }, openAccount),
} as const;

export type CommandType = keyof typeof commands;

/** The input of each type of command. */
export type CommandInputs = { readonly [Type in CommandType]: InputOf<(typeof commands)[Type]['input']> };

/** A command as its sender gives it: its type and its input. */
export type Command = {
  [Type in CommandType]: { readonly type: Type } & CommandInputs[Type];
}[CommandType];

/** The definition of a type of command; null for an unknown type. */
export const definitionOf = (type: string): CommandDefinition | null =>
  Object.hasOwn(commands, type) ? (commands as Readonly<Record<string, CommandDefinition>>)[type]! : null;
