import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import { idOf } from '../ids';
import { execute } from '../mutation/execute';
import { CreateRoleInput, DeleteRoleInput, DuplicateRoleInput, UpdateRoleInput } from './inputs';
import { DeleteRolePayload, deleteRolePayload, RolePayload, rolePayload } from './payload';

@Resolver()
export class RoleMutations {
  @Mutation(() => RolePayload, {
    description: 'Creates a custom role. Needs `roles/manage`, and `roles/assign` to assign users with it.',
  })
  async createRole(
    @Ctx() context: RequestContext,
    @Arg('input', () => CreateRoleInput, { description: 'The role.' }) input: CreateRoleInput,
  ): Promise<RolePayload> {
    const { name, description, grants } = input;
    const settled = await execute(context, input, (ids) => ({
      type: 'createRole',
      name,
      description,
      grants,
      userIds: ids.users(input.userIds, 'userIds'),
    }));
    return rolePayload(settled);
  }

  @Mutation(() => RolePayload, {
    description:
      'Saves the whole role page at once: name, description, permissions, scopes and users, all or nothing. Details and permissions need `roles/manage`, users `roles/assign`; what is privileged is given, and taken away, only by who has it (`ESCALATION`).',
  })
  async updateRole(
    @Ctx() context: RequestContext,
    @Arg('input', () => UpdateRoleInput, { description: 'The form.' }) input: UpdateRoleInput,
  ): Promise<RolePayload> {
    const { name, description, grants } = input;
    const settled = await execute(context, input, (ids) => ({
      type: 'updateRole',
      role: ids.target('Role', input.id, 'id'),
      name,
      description,
      grants: ids.wholeSet(grants, 'grants'),
      assignUserIds: ids.users(input.assignUserIds, 'assignUserIds'),
      unassignUserIds: ids.users(input.unassignUserIds, 'unassignUserIds'),
    }));
    return rolePayload(settled);
  }

  @Mutation(() => RolePayload, {
    description:
      'Makes a custom role of any role. Needs `roles/manage`, and `roles/assign` to take its users along. Conflicts that the catalogue declares between default roles are not copied: nothing keeps a user from holding copies of two roles in conflict, or a copy of one with the other.',
  })
  async duplicateRole(
    @Ctx() context: RequestContext,
    @Arg('input', () => DuplicateRoleInput, { description: 'Which role.' }) input: DuplicateRoleInput,
  ): Promise<RolePayload> {
    const { name, withUsers } = input;
    const settled = await execute(context, input, (ids) => ({
      type: 'duplicateRole',
      role: ids.target('Role', input.id, 'id'),
      name,
      withUsers,
    }));
    return rolePayload(settled);
  }

  @Mutation(() => DeleteRolePayload, {
    description:
      'Deletes a custom role, and with it its grants and assignments. Its history stays. Needs `roles/manage`, and every privileged permission that the role grants.',
  })
  async deleteRole(
    @Ctx() context: RequestContext,
    @Arg('input', () => DeleteRoleInput, { description: 'Which role.' }) input: DeleteRoleInput,
  ): Promise<DeleteRolePayload> {
    const settled = await execute(context, input, (ids) => ({
      type: 'deleteRole',
      role: ids.target('Role', input.id, 'id'),
    }));
    return deleteRolePayload(settled, idOf('Role', input.id));
  }
}
