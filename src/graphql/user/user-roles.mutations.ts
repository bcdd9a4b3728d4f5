import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { MAX_USER_ROLES } from '../../commands/batch/memberships';
import type { RequestContext } from '../context';
import { globalId } from '../global-id';
import { Cost } from '../limits/field-cost';
import { DRY_RUN, MutationInput } from '../mutation/input.type';
import {
  executeMemberships,
  MembershipsPayload,
  membershipsCost,
  type MembershipResult,
  type SettledMemberships,
} from '../mutation/memberships';
import { MutationError } from '../mutation/payload.type';
import { Role, roleById } from '../role/role.type';
import type { PinnedView } from '../pinned-view';
import { User, userById } from './user.type';

@InputType({ description: 'Roles that a user is to have, and to have no longer.' })
export class UpdateUserRolesInput extends MutationInput {
  @Field(() => ID, { description: 'Global id of the user.' })
  userId!: string;

  @Field(() => [ID], {
    nullable: true,
    description: `Global ids of roles to assign to the user; left out, empty or null: none. Together with \`unassignRoleIds\` up to ${MAX_USER_ROLES}, each role once (\`INVALID_INPUT\`).`,
  })
  assignRoleIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Global ids of roles to take from the user; left out, empty or null: none.',
  })
  unassignRoleIds?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: DRY_RUN })
  dryRun?: boolean | null;
}

@ObjectType({ simpleResolvers: true, description: 'Outcome of one role of `updateUserRoles`.' })
export class UserRoleResult {
  constructor(
    private readonly result: MembershipResult,
    private readonly moment: PinnedView | null,
  ) {}

  @Field(() => ID, { description: 'Global id of the role, as the input names it.' })
  get roleId(): string {
    return globalId('Role', this.result.id);
  }

  @Field(() => Role, {
    nullable: true,
    description:
      'The role as it is now; null where there is none under the id, and while `projected` is false.',
  })
  async role(): Promise<Role | null> {
    return this.moment && roleById(this.moment, this.result.id);
  }

  @Field(() => Boolean, {
    description:
      'True if the user got or lost the role by this request, or would by a dry run. False where it is refused, and where nothing was left to do, as when the request is sent again.',
  })
  get changed(): boolean {
    return this.result.changed;
  }

  @Field(() => [MutationError], {
    description: 'Reasons why this role was refused; the others are not held up. Empty where it was not.',
  })
  @Cost({ size: 1 })
  get errors(): MutationError[] {
    return this.result.errors;
  }
}

@ObjectType({ simpleResolvers: true, description: 'Result of changing the roles of a user.' })
export class UpdateUserRolesPayload extends MembershipsPayload {
  @Field(() => [UserRoleResult], {
    description:
      'One result a role, in the order asked: those to assign, then those to unassign. Empty where `errors` is not.',
  })
  @Cost({ size: 5 })
  results: UserRoleResult[];

  @Field(() => User, {
    nullable: true,
    description: 'The user as of now; null where there is none under the id, and while `projected` is false.',
  })
  user: User | null;

  constructor(settled: SettledMemberships, user: User | null) {
    super(settled);
    this.results = settled.results.map((each) => new UserRoleResult(each, settled.moment));
    this.user = user;
  }
}

@Resolver()
export class UserRolesMutations {
  @Mutation(() => UpdateUserRolesPayload, {
    description:
      'Assigns roles to a user and takes others away, each for itself: one that is refused does not hold up the others. Those to take away come first, so that one request swaps two roles in conflict. All are judged by the rights that the caller has when it begins. Needs `roles/assign`, and for each role every privileged permission that it grants. An idempotency key holds for each role of the user: sent again, the request carries out what is left of it, and nothing twice. Where it fails on the way, what was changed stays, and the error says so.',
  })
  @Cost<{ readonly input: UpdateUserRolesInput }>(({ input }) =>
    membershipsCost(input?.assignRoleIds, input?.unassignRoleIds),
  )
  async updateUserRoles(
    @Ctx() context: RequestContext,
    @Arg('input', () => UpdateUserRolesInput, { description: 'The roles to assign and to unassign.' })
    input: UpdateUserRolesInput,
  ): Promise<UpdateUserRolesPayload> {
    const settled = await executeMemberships(
      context,
      input,
      (ids) => ({
        type: 'updateUserRoles',
        of: ids.target('User', input.userId, 'userId'),
        assign: ids.roles(input.assignRoleIds, 'assignRoleIds') ?? [],
        unassign: ids.roles(input.unassignRoleIds, 'unassignRoleIds') ?? [],
      }),
      { user: 'userId', assign: 'assignRoleIds', unassign: 'unassignRoleIds' },
    );
    const { moment, of } = settled;
    return new UpdateUserRolesPayload(settled, moment && (await userById(moment, of)));
  }
}
