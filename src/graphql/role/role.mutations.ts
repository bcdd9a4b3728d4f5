import { IsOptional, ValidateNested } from 'class-validator';
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import { globalId, idOf } from '../global-id';
import { execute } from '../mutation/execute';
import { JudgedText, PlainText, RoleMutationInput, RoleVersionInput } from '../mutation/input.type';
import { Payload, type Settled } from '../mutation/payload.type';
import { copy, creation, deletion, update } from './role-commands';
import { Role, roleById } from './role.type';

const ROLE_ID = 'Global id of the role.';

@InputType({ description: 'A permission to grant.' })
export class GrantInput {
  @Field(() => String, { description: 'Key of the permission.' })
  @PlainText()
  permission!: string;

  @Field(() => [String], {
    nullable: true,
    description:
      'Scopes to keep; left out: all that come with the permission, or, where it is granted already, those it has; empty or null: none, so no API access.',
  })
  @IsOptional()
  @PlainText({ each: true })
  scopes?: string[] | null;
}

@InputType({ description: 'A custom role to create.' })
export class CreateRoleInput extends RoleMutationInput {
  @Field(() => String, {
    description:
      'Name: 1 to 100 characters, unique in the account, ignoring case, Unicode form and invisible characters. White space around it and invisible characters without effect are left out.',
  })
  @PlainText({ multiline: true })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Description of the role: up to 1,000 characters.' })
  @IsOptional()
  @PlainText({ multiline: true })
  description?: string | null;

  @Field(() => [GrantInput], {
    nullable: true,
    description: 'Permissions to grant; left out, empty or null: none.',
  })
  @IsOptional()
  @ValidateNested({ each: true })
  grants?: GrantInput[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Global ids of users to assign; left out, empty or null: nobody. Needs `roles/assign` too.',
  })
  userIds?: string[] | null;
}

@InputType({
  description: 'The whole form of a role. What is left out stays; the difference becomes events.',
})
export class UpdateRoleInput extends RoleVersionInput {
  @Field(() => ID, { description: ROLE_ID })
  id!: string;

  @Field(() => String, { nullable: true, description: 'New name; left out: it stays.' })
  @IsOptional()
  @JudgedText()
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'New description; null: none; left out: it stays.' })
  @IsOptional()
  @JudgedText()
  description?: string | null;

  @Field(() => [GrantInput], {
    nullable: true,
    description:
      'The whole set of grants: what is not in it is revoked, retired permissions excepted. Left out: they stay; empty: all are revoked; null is refused, for it could mean either.',
  })
  @IsOptional()
  @ValidateNested({ each: true })
  grants?: GrantInput[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Global ids of users to assign; left out, empty or null: nobody.',
  })
  assignUserIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Global ids of users to unassign; left out, empty or null: nobody.',
  })
  unassignUserIds?: string[] | null;
}

@InputType({ description: 'A role to make a custom role of.' })
export class DuplicateRoleInput extends RoleVersionInput {
  @Field(() => ID, {
    description:
      'Global id of the role; that of a role as of the past copies what it was then, deleted since or not: `expectedVersion` is the version of then.',
  })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Name of the copy; left out: “Copy of …”.' })
  @IsOptional()
  @PlainText({ multiline: true })
  name?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True to assign its users to the copy too, those who are active now; left out: false. Needs `roles/assign` too.',
  })
  withUsers?: boolean | null;
}

@InputType({ description: 'A custom role to delete.' })
export class DeleteRoleInput extends RoleVersionInput {
  @Field(() => ID, { description: ROLE_ID })
  id!: string;
}

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
