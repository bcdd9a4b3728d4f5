import { Arg, Ctx, Field, ID, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import { globalId, idOf } from '../global-id';
import { execute } from '../mutation/execute';
import { Payload, type Settled } from '../mutation/payload.type';
import { copy, creation, deletion, update } from './role-commands';
import { CreateRoleInput, DeleteRoleInput, DuplicateRoleInput, UpdateRoleInput } from './role-inputs';
import { Role, roleById } from './role.type';

@ObjectType({ simpleResolvers: true, description: 'Result of a change of a role.' })
export class RolePayload extends Payload {
  @Field(() => Role, {
    nullable: true,
    description: 'The role as it is now; null where nothing was changed, and while `projected` is false.',
  })
  role: Role | null = null;
}

@ObjectType({ simpleResolvers: true, description: 'Result of deleting a role.' })
export class DeleteRolePayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Global id of the role that is deleted; null where none is.',
  })
  deletedRoleId: string | null = null;

  @Field(() => Role, {
    nullable: true,
    description:
      'The deleted role, with `deletedAt`; null where none was deleted, and while `projected` is false.',
  })
  role: Role | null = null;
}

export const rolePayload = (settled: Settled): Promise<RolePayload> =>
  withRole(settled, new RolePayload(settled));

/** A payload with the role that was changed. */
export async function withRole<P extends RolePayload>(settled: Settled, payload: P): Promise<P> {
  return Object.assign(payload, { role: await roleOf(settled) });
}

export async function deleteRolePayload(settled: Settled, role: string | null): Promise<DeleteRolePayload> {
  const deletedRoleId = settled.errors.length > 0 || role === null ? null : globalId('Role', role);
  return Object.assign(new DeleteRolePayload(settled), { deletedRoleId, role: await roleOf(settled) });
}

const roleOf = async ({ changed }: Settled): Promise<Role | null> =>
  changed && roleById(changed.moment, changed.owner.id);

@Resolver()
export class RoleMutations {
  @Mutation(() => RolePayload, {
    description: 'Creates a custom role. Needs `roles/manage`, and `roles/assign` to assign users with it.',
  })
  async createRole(
    @Ctx() context: RequestContext,
    @Arg('input', () => CreateRoleInput, { description: 'The role.' }) input: CreateRoleInput,
  ): Promise<RolePayload> {
    return rolePayload(await execute(context, input, creation(input)));
  }

  @Mutation(() => RolePayload, {
    description:
      'Saves the whole role page at once: name, description, permissions, scopes and users, all or nothing. Details and permissions need `roles/manage`, users `roles/assign`; privileged permissions are given, and taken away, only by callers who have them (`ESCALATION`).',
  })
  async updateRole(
    @Ctx() context: RequestContext,
    @Arg('input', () => UpdateRoleInput, { description: 'The form of the role page.' })
    input: UpdateRoleInput,
  ): Promise<RolePayload> {
    return rolePayload(await execute(context, input, update(input)));
  }

  @Mutation(() => RolePayload, {
    description:
      'Makes a custom role of any role, as it is or, by an id of the past, as it was: so a role that was deleted comes back. Grants are copied as they are, those of permissions that left the catalogue too, which are withheld. Needs `roles/manage`, and `roles/assign` to take its users along. Conflicts that the catalogue declares between default roles are not copied: nothing keeps a user from holding copies of two roles in conflict, or a copy of one with the other.',
  })
  async duplicateRole(
    @Ctx() context: RequestContext,
    @Arg('input', () => DuplicateRoleInput, { description: 'The role to duplicate.' })
    input: DuplicateRoleInput,
  ): Promise<RolePayload> {
    return rolePayload(await execute(context, input, copy(input)));
  }

  @Mutation(() => DeleteRolePayload, {
    description:
      'Deletes a custom role, and with it its grants and assignments. Its history stays. Needs `roles/manage`, and every privileged permission that the role grants.',
  })
  async deleteRole(
    @Ctx() context: RequestContext,
    @Arg('input', () => DeleteRoleInput, { description: 'The role to delete.' }) input: DeleteRoleInput,
  ): Promise<DeleteRolePayload> {
    const settled = await execute(context, input, deletion(input));
    return deleteRolePayload(settled, idOf('Role', input.id));
  }
}
