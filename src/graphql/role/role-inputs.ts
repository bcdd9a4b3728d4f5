import { IsOptional, ValidateNested } from 'class-validator';
import { Field, ID, InputType } from 'type-graphql';
import { MAX_ROLE_USERS } from '../../commands/batch/memberships';
import { DRY_RUN, JudgedText, PlainText, RoleMutationInput, RoleVersionInput } from '../mutation/input.type';

/** Inputs of the mutations of roles. */

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

/** Base of the inputs of single steps on the role page: the role that they change. */
@InputType()
export abstract class RoleContentInput extends RoleVersionInput {
  @Field(() => ID, { description: 'Global id of the role.' })
  roleId!: string;
}

@InputType({ description: 'Permissions to grant to a custom role.' })
export class GrantPermissionsInput extends RoleContentInput {
  @Field(() => [GrantInput], { description: 'Permissions to grant.' })
  @ValidateNested({ each: true })
  grants!: GrantInput[];
}

@InputType({ description: 'Permissions to revoke from a custom role.' })
export class RevokePermissionsInput extends RoleContentInput {
  @Field(() => [String], { description: 'Keys of the permissions.' })
  @PlainText({ each: true })
  permissions!: string[];
}

@InputType({ description: 'A section to select all of, or nothing of.' })
export class SelectSectionInput extends RoleContentInput {
  @Field(() => String, { description: 'Key of the section.' })
  @PlainText()
  section!: string;

  @Field(() => Boolean, {
    description:
      'True grants every permission of the section whose feature is enabled; false revokes all of the section.',
  })
  selected!: boolean;
}

@InputType({ description: 'Scopes to keep with a permission that a custom role grants.' })
export class SetPermissionScopesInput extends RoleContentInput {
  @Field(() => String, { description: 'Key of the permission.' })
  @PlainText()
  permission!: string;

  @Field(() => [String], { description: 'Scopes to keep; empty: no API access.' })
  @PlainText({ each: true })
  scopes!: string[];
}

@InputType()
export abstract class RoleUsersInput extends RoleContentInput {
  @Field(() => [ID], { description: 'Global ids of the users.' })
  userIds!: string[];

  @Field(() => Boolean, { nullable: true, description: DRY_RUN })
  dryRun?: boolean | null;
}

@InputType({ description: 'Users to assign to a role.' })
export class AssignUsersInput extends RoleUsersInput {}

@InputType({ description: 'Users to unassign from a role.' })
export class UnassignUsersInput extends RoleUsersInput {}

@InputType({ description: 'Users who are to have a role, and to have it no longer.' })
export class UpdateRoleUsersInput extends RoleMutationInput {
  @Field(() => ID, { description: 'Global id of the role.' })
  roleId!: string;

  @Field(() => [ID], {
    nullable: true,
    description: `Global ids of users to assign; left out, empty or null: nobody. Together with \`unassignUserIds\` up to ${MAX_ROLE_USERS}, each user once (\`INVALID_INPUT\`).`,
  })
  assignUserIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Global ids of users to unassign; left out, empty or null: nobody.',
  })
  unassignUserIds?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: DRY_RUN })
  dryRun?: boolean | null;
}
