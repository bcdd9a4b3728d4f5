import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Command } from '../../commands/command';
import type { RequestContext } from '../context';
import { execute } from '../mutation/execute';
import type { InputIds } from '../mutation/input-refusals';
import { granting, revoking, scoping, selecting } from './role-commands';
import {
  GrantPermissionsInput,
  RevokePermissionsInput,
  SelectSectionInput,
  SetPermissionScopesInput,
  type RoleContentInput,
} from './role-inputs';
import { RolePayload, rolePayload } from './role.mutations';

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
