import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Field, Info, InputType, Query, Resolver } from 'type-graphql';
import { VIEW_ROLES } from '../caller';
import type { RequestContext } from '../context';
import { badInput, RequestError } from '../errors';
import { Guarded, need } from '../guard';
import { Cost } from '../limits/field-cost';
import type { ChangeInput } from '../mutation/execute';
import { membershipsCost } from '../mutation/memberships';
import { rehearse, type Previewed } from '../mutation/preview';
import * as commands from './role-commands';
import {
  AssignUsersInput,
  CreateRoleInput,
  DeleteRoleInput,
  DuplicateRoleInput,
  GrantPermissionsInput,
  RevokePermissionsInput,
  SelectSectionInput,
  SetPermissionScopesInput,
  UnassignUsersInput,
  UpdateRoleInput,
  UpdateRoleUsersInput,
} from './role-inputs';
import { RoleChangePreview } from './role-preview.type';

const INPUT_OF = (mutation: string): string => `Input of \`${mutation}\`.`;

/** A mutation of roles. `@oneOf` is set on the built type (see schema.ts). */
@InputType('RoleChangeInput', {
  description:
    'A change of a role: exactly one mutation, with the input that it would be sent with. `dryRun` counts for nothing.',
})
export class RoleChangeInput {
  @Field(() => CreateRoleInput, { nullable: true, description: INPUT_OF('createRole') })
  createRole?: CreateRoleInput | null;

  @Field(() => UpdateRoleInput, { nullable: true, description: INPUT_OF('updateRole') })
  updateRole?: UpdateRoleInput | null;

  @Field(() => DuplicateRoleInput, { nullable: true, description: INPUT_OF('duplicateRole') })
  duplicateRole?: DuplicateRoleInput | null;

  @Field(() => DeleteRoleInput, { nullable: true, description: INPUT_OF('deleteRole') })
  deleteRole?: DeleteRoleInput | null;

  @Field(() => GrantPermissionsInput, { nullable: true, description: INPUT_OF('grantPermissions') })
  grantPermissions?: GrantPermissionsInput | null;

  @Field(() => RevokePermissionsInput, { nullable: true, description: INPUT_OF('revokePermissions') })
  revokePermissions?: RevokePermissionsInput | null;

  @Field(() => SelectSectionInput, { nullable: true, description: INPUT_OF('selectSection') })
  selectSection?: SelectSectionInput | null;

  @Field(() => SetPermissionScopesInput, { nullable: true, description: INPUT_OF('setPermissionScopes') })
  setPermissionScopes?: SetPermissionScopesInput | null;

  @Field(() => AssignUsersInput, { nullable: true, description: INPUT_OF('assignUsers') })
  assignUsers?: AssignUsersInput | null;

  @Field(() => UnassignUsersInput, { nullable: true, description: INPUT_OF('unassignUsers') })
  unassignUsers?: UnassignUsersInput | null;

  @Field(() => UpdateRoleUsersInput, { nullable: true, description: INPUT_OF('updateRoleUsers') })
  updateRoleUsers?: UpdateRoleUsersInput | null;
}

/** Rights of which each mutation of roles needs one at least; with its input it may need the other. */
const CHANGING = ['roles/manage', 'roles/assign'];

type Member = keyof RoleChangeInput;
type Preview<Input extends ChangeInput> = (input: Input) => Omit<Previewed, 'input'>;

/** A mutation whose input calls the role so. */
const of =
  <Input extends ChangeInput>(read: (input: Input) => Previewed['read'], role: string): Preview<Input> =>
  (input) => ({ read: read(input), names: { role } });

/** Mutations by their names, and what their inputs are read to. */
const PREVIEWS: { readonly [Name in Member]-?: Preview<NonNullable<RoleChangeInput[Name]>> } = {
  createRole: of(commands.creation, 'id'),
  updateRole: of(commands.update, 'id'),
  duplicateRole: of(commands.copy, 'id'),
  deleteRole: of(commands.deletion, 'id'),
  grantPermissions: of(commands.granting, 'roleId'),
  revokePermissions: of(commands.revoking, 'roleId'),
  selectSection: of(commands.selecting, 'roleId'),
  setPermissionScopes: of(commands.scoping, 'roleId'),
  assignUsers: of(commands.assigning, 'roleId'),
  unassignUsers: of(commands.unassigning, 'roleId'),
  updateRoleUsers: (input) => ({ read: commands.reassigning(input), names: commands.REASSIGNED }),
};

@Resolver()
export class RolePreviewQueries {
  @Query(() => RoleChangePreview, {
    nullable: true,
    description:
      'Preview of a change of a role: the mutation itself decides it, and ends before it writes. Nothing is written. Needs `roles/view`, and what the mutation needs with that input.',
  })
  @Guarded(VIEW_ROLES, [{ anyOf: [VIEW_ROLES] }, { anyOf: CHANGING }])
  @Cost<{ readonly change: RoleChangeInput }>(({ change }) =>
    membershipsCost(change?.updateRoleUsers?.assignUserIds, change?.updateRoleUsers?.unassignUserIds),
  )
  async roleChangePreview(
    @Ctx() context: RequestContext,
    @Arg('change', () => RoleChangeInput, { description: 'The change.' }) change: RoleChangeInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RoleChangePreview> {
    need(context.caller, CHANGING, info);
    const given = Object.entries(change).filter(([, input]) => input != null);
    const [name, input] = given[0] ?? [];
    if (given.length !== 1 || name === undefined) throw badInput('`change` takes exactly one mutation.');
    const preview = PREVIEWS[name as Member] as Preview<ChangeInput>;
    const mutation = input as ChangeInput;
    try {
      return new RoleChangePreview(await rehearse(context, { input: mutation, ...preview(mutation) }));
    } catch (error) {
      // One who may change something of roles, and not this.
      if (error instanceof RequestError && error.code === 'FORBIDDEN')
        context.caller.refused.add(`${info.parentType.name}.${info.fieldName}`);
      throw error;
    }
  }
}
