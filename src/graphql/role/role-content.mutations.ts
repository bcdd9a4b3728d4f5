import { ValidateNested } from 'class-validator';
import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import type { Command } from '../../commands/command';
import type { RequestContext } from '../context';
import { execute } from '../mutation/execute';
import type { InputIds } from '../mutation/input-refusals';
import { PlainText, RoleVersionInput } from '../mutation/input.type';
import { granting, revoking, scoping, selecting } from './role-commands';
import { GrantInput, RolePayload, rolePayload } from './role.mutations';

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

/** Single steps on the role page: permissions and scopes. */
@Resolver()
export class RoleContentMutations {
  @Mutation(() => RolePayload, { description: 'Grants permissions to a custom role. Needs `roles/manage`.' })
  grantPermissions(
    @Ctx() context: RequestContext,
    @Arg('input', () => GrantPermissionsInput, { description: 'The permissions to grant.' })
    input: GrantPermissionsInput,
  ): Promise<RolePayload> {
    return change(context, input, granting(input));
  }

  @Mutation(() => RolePayload, {
    description:
      'Revokes permissions from a custom role. Needs `roles/manage`, and a privileged permission itself.',
  })
  revokePermissions(
    @Ctx() context: RequestContext,
    @Arg('input', () => RevokePermissionsInput, { description: 'The permissions to revoke.' })
    input: RevokePermissionsInput,
  ): Promise<RolePayload> {
    return change(context, input, revoking(input));
  }

  @Mutation(() => RolePayload, {
    description: 'Selects all of a section, or nothing of it. Needs `roles/manage`.',
  })
  selectSection(
    @Ctx() context: RequestContext,
    @Arg('input', () => SelectSectionInput, { description: 'The section to select or to clear.' })
    input: SelectSectionInput,
  ): Promise<RolePayload> {
    return change(context, input, selecting(input));
  }

  @Mutation(() => RolePayload, {
    description: 'Sets which scopes are kept with a permission that the role grants. Needs `roles/manage`.',
  })
  setPermissionScopes(
    @Ctx() context: RequestContext,
    @Arg('input', () => SetPermissionScopesInput, { description: 'The scopes to keep.' })
    input: SetPermissionScopesInput,
  ): Promise<RolePayload> {
    return change(context, input, scoping(input));
  }
}

const change = async (
  context: RequestContext,
  input: RoleContentInput,
  command: (ids: InputIds) => Command,
): Promise<RolePayload> => rolePayload(await execute(context, input, command, 'roleId'));
