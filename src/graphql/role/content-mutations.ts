import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Command } from '../../commands/command';
import type { RequestContext } from '../context';
import { execute } from '../mutation/execute';
import type { RoleChangeInput } from '../mutation/input';
import {
  AssignUsersInput,
  GrantPermissionsInput,
  RevokePermissionsInput,
  SelectSectionInput,
  SetPermissionScopesInput,
  UnassignUsersInput,
} from './inputs';
import { RolePayload, rolePayload } from './payload';

/** Single steps on the role page: permissions, scopes, users. */
@Resolver()
export class RoleContentMutations {
  @Mutation(() => RolePayload, { description: 'Grants permissions to a custom role. Needs `roles/manage`.' })
  grantPermissions(
    @Ctx() context: RequestContext,
    @Arg('input', () => GrantPermissionsInput, { description: 'What to grant.' })
    input: GrantPermissionsInput,
  ): Promise<RolePayload> {
    return change(context, input, (role) => ({ type: 'grantPermissions', role, grants: input.grants }));
  }

  @Mutation(() => RolePayload, {
    description:
      'Revokes permissions from a custom role. Needs `roles/manage`, and a privileged permission itself.',
  })
  revokePermissions(
    @Ctx() context: RequestContext,
    @Arg('input', () => RevokePermissionsInput, { description: 'What to revoke.' })
    input: RevokePermissionsInput,
  ): Promise<RolePayload> {
    return change(context, input, (role) => ({
      type: 'revokePermissions',
      role,
      permissions: input.permissions,
    }));
  }

  @Mutation(() => RolePayload, {
    description: 'Select all of a section, or nothing of it. Needs `roles/manage`.',
  })
  selectSection(
    @Ctx() context: RequestContext,
    @Arg('input', () => SelectSectionInput, { description: 'Which section.' }) input: SelectSectionInput,
  ): Promise<RolePayload> {
    const { section, selected } = input;
    return change(context, input, (role) => ({ type: 'selectSection', role, section, selected }));
  }

  @Mutation(() => RolePayload, {
    description: 'Sets which scopes are kept with a permission that the role grants. Needs `roles/manage`.',
  })
  setPermissionScopes(
    @Ctx() context: RequestContext,
    @Arg('input', () => SetPermissionScopesInput, { description: 'Which scopes.' })
    input: SetPermissionScopesInput,
  ): Promise<RolePayload> {
    const { permission, scopes } = input;
    return change(context, input, (role) => ({ type: 'setPermissionScopes', role, permission, scopes }));
  }

  @Mutation(() => RolePayload, {
    description:
      'Assigns users to a role, default or custom. Needs `roles/assign`, and every privileged permission that the role grants.',
  })
  async assignUsers(
    @Ctx() context: RequestContext,
    @Arg('input', () => AssignUsersInput, { description: 'Whom to assign.' }) input: AssignUsersInput,
  ): Promise<RolePayload> {
    const settled = await execute(
      context,
      input,
      (ids) => ({
        type: 'assignUsers',
        role: ids.target('Role', input.roleId, 'roleId'),
        userIds: ids.users(input.userIds, 'userIds') ?? [],
      }),
      'roleId',
    );
    return rolePayload(settled);
  }

  @Mutation(() => RolePayload, {
    description:
      'Unassigns users from a role, default or custom. Needs `roles/assign`, and every privileged permission that the role grants.',
  })
  async unassignUsers(
    @Ctx() context: RequestContext,
    @Arg('input', () => UnassignUsersInput, { description: 'Whom to unassign.' }) input: UnassignUsersInput,
  ): Promise<RolePayload> {
    const settled = await execute(
      context,
      input,
      (ids) => ({
        type: 'unassignUsers',
        role: ids.target('Role', input.roleId, 'roleId'),
        userIds: ids.users(input.userIds, 'userIds') ?? [],
      }),
      'roleId',
    );
    return rolePayload(settled);
  }
}

async function change(
  context: RequestContext,
  input: RoleChangeInput & { readonly roleId: string },
  command: (role: string) => Command,
): Promise<RolePayload> {
  const settled = await execute(
    context,
    input,
    (ids) => command(ids.target('Role', input.roleId, 'roleId')),
    'roleId',
  );
  return rolePayload(settled);
}
