import { Arg, Ctx, Field, ID, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { Command } from '../../commands/command';
import type { RequestContext } from '../context';
import { globalId } from '../global-id';
import { Open } from '../guard';
import { Cost } from '../limits/field-cost';
import { execute } from '../mutation/execute';
import type { InputIds } from '../mutation/input-refusals';
import { DRY_RUN_DONE } from '../mutation/input.type';
import {
  executeMemberships,
  MembershipsPayload,
  membershipsCost,
  type MembershipResult,
  type SettledMemberships,
} from '../mutation/memberships';
import { MutationError, type Settled } from '../mutation/payload.type';
import type { PinnedView } from '../pinned-view';
import { User, userById } from '../user/user.type';
import { assigning, reassigning, REASSIGNED, unassigning } from './role-commands';
import {
  AssignUsersInput,
  UnassignUsersInput,
  UpdateRoleUsersInput,
  type RoleUsersInput,
} from './role-inputs';
import { RolePayload, withRole } from './role.mutations';
import { Role, roleById } from './role.type';

@ObjectType({
  simpleResolvers: true,
  description: 'Result of assigning users to a role, or unassigning them.',
})
export class RoleUsersPayload extends RolePayload {
  @Field(() => Int, {
    description:
      'Number of users who joined or left the role by this request, or would by a dry run. Those who were in it already, or not in it, do not count; nor does anybody where the request is sent again.',
  })
  changeCount: number;

  @Field(() => Boolean, { description: DRY_RUN_DONE })
  dryRun: boolean;

  constructor(settled: Settled, dryRun: boolean) {
    super(settled);
    this.changeCount = settled.changes;
    this.dryRun = dryRun;
  }
}

@ObjectType({ simpleResolvers: true, description: 'Outcome of one user of `updateRoleUsers`.' })
export class RoleUserResult {
  constructor(
    private readonly result: MembershipResult,
    private readonly moment: PinnedView | null,
  ) {}

  @Field(() => ID, { description: 'Global id of the user, as the input names it.' })
  get userId(): string {
    return globalId('User', this.result.id);
  }

  @Field(() => User, {
    nullable: true,
    description: 'The user as of now; null where there is none under the id, and while `projected` is false.',
  })
  @Open()
  async user(): Promise<User | null> {
    return this.moment && userById(this.moment, this.result.id);
  }

  @Field(() => Boolean, {
    description:
      'True if the user joined or left the role by this request, or would by a dry run. False where the user is refused, and where nothing was left to do, as when the request is sent again.',
  })
  get changed(): boolean {
    return this.result.changed;
  }

  @Field(() => [MutationError], {
    description: 'Reasons why this user was refused; the others are not held up. Empty where none was.',
  })
  @Cost({ size: 1 })
  get errors(): MutationError[] {
    return this.result.errors;
  }
}

@ObjectType({
  simpleResolvers: true,
  description: 'Result of changing the users of a role, each for itself.',
})
export class UpdateRoleUsersPayload extends MembershipsPayload {
  @Field(() => [RoleUserResult], {
    description:
      'One result a user, in the order asked: those to assign, then those to unassign. Empty where `errors` is not.',
  })
  @Cost({ size: 20 })
  results: RoleUserResult[];

  @Field(() => Role, {
    nullable: true,
    description:
      'The role as it is now; null where there is none under the id, and while `projected` is false.',
  })
  role: Role | null;

  constructor(settled: SettledMemberships, role: Role | null) {
    super(settled);
    this.results = settled.results.map((each) => new RoleUserResult(each, settled.moment));
    this.role = role;
  }
}

/** Changes of who is in a role: all or nothing, or each for itself. */
@Resolver()
export class RoleUsersMutations {
  @Mutation(() => RoleUsersPayload, {
    description:
      'Assigns users to a role, default or custom, all or nothing. Needs `roles/assign`, and every privileged permission that the role grants.',
  })
  assignUsers(
    @Ctx() context: RequestContext,
    @Arg('input', () => AssignUsersInput, { description: 'The users to assign.' }) input: AssignUsersInput,
  ): Promise<RoleUsersPayload> {
    return changeUsers(context, input, assigning(input));
  }

  @Mutation(() => RoleUsersPayload, {
    description:
      'Unassigns users from a role, default or custom, all or nothing. Needs `roles/assign`, and every privileged permission that the role grants.',
  })
  unassignUsers(
    @Ctx() context: RequestContext,
    @Arg('input', () => UnassignUsersInput, { description: 'The users to unassign.' })
    input: UnassignUsersInput,
  ): Promise<RoleUsersPayload> {
    return changeUsers(context, input, unassigning(input));
  }

  @Mutation(() => UpdateRoleUsersPayload, {
    description:
      'Assigns users to a role and unassigns others, each for itself: one who is refused does not hold up the others. Those to assign come first, so that one request replaces the last account admin. All are judged by the rights that the caller has when it begins. Needs `roles/assign`, and every privileged permission that the role grants. An idempotency key holds for each user of the role: sent again, the request carries out what is left of it, and nothing twice. Where it fails on the way, what was changed stays, and the error says so.',
  })
  @Cost<{ readonly input: UpdateRoleUsersInput }>(({ input }) =>
    membershipsCost(input?.assignUserIds, input?.unassignUserIds),
  )
  async updateRoleUsers(
    @Ctx() context: RequestContext,
    @Arg('input', () => UpdateRoleUsersInput, { description: 'The users to assign and to unassign.' })
    input: UpdateRoleUsersInput,
  ): Promise<UpdateRoleUsersPayload> {
    const settled = await executeMemberships(context, input, reassigning(input), REASSIGNED);
    const { moment, of } = settled;
    return new UpdateRoleUsersPayload(settled, moment && (await roleById(moment, of)));
  }
}

async function changeUsers(
  context: RequestContext,
  input: RoleUsersInput,
  command: (ids: InputIds) => Command,
): Promise<RoleUsersPayload> {
  const settled = await execute(context, input, command, 'roleId');
  return withRole(settled, new RoleUsersPayload(settled, input.dryRun === true));
}
