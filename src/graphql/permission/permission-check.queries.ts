import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Ctx,
  Field,
  Info,
  InputType,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
} from 'type-graphql';
import type { DenialReason as Reason, PermissionDecision as Decision } from '../../../projections/view';
import { AS_OF, AsOfInput } from '../as-of';
import { CHECK_ACCESS, VIEW_ROLES } from '../caller';
import type { RequestContext } from '../context';
import { badInput } from '../errors';
import { BY_ARGUMENTS, Guarded, need } from '../guard';
import { Cost } from '../limits/field-cost';
import { Moment, SHOWN_AS_OF } from '../moment.type';
import type { PinnedView } from '../pinned-view';
import { assignmentsTo, RoleAssignment } from '../role/role-assignment.type';
import { UserRef, usersNamed } from '../user/user-ref';

export const DenialReason = {
  NOT_GRANTED: 'NOT_GRANTED',
  SCOPE_NOT_GRANTED: 'SCOPE_NOT_GRANTED',
  FEATURE_DISABLED: 'FEATURE_DISABLED',
  RETIRED: 'RETIRED',
  USER_INACTIVE: 'USER_INACTIVE',
  UNKNOWN_USER: 'UNKNOWN_USER',
  UNKNOWN_PERMISSION: 'UNKNOWN_PERMISSION',
} as const;
registerEnumType(DenialReason, {
  name: 'DenialReason',
  description: 'Reasons why a check is denied.',
  valuesConfig: {
    NOT_GRANTED: { description: 'No role of the user grants the permission.' },
    SCOPE_NOT_GRANTED: {
      description: 'The permission is granted, without a scope that covers the one asked for.',
    },
    FEATURE_DISABLED: { description: 'The account has not enabled the feature of the permission.' },
    RETIRED: { description: 'The permission left the catalogue.' },
    USER_INACTIVE: { description: 'The user is not active.' },
    UNKNOWN_USER: { description: 'The account has no such user.' },
    UNKNOWN_PERMISSION: { description: 'The catalogue has no such permission.' },
  },
});

@InputType({ description: 'One check: does the user have the permission?' })
export class PermissionCheckInput {
  @Field(() => UserRef, { description: 'The user to check.' })
  user!: UserRef;

  @Field(() => String, { description: 'Key of the permission.' })
  permission!: string;

  @Field(() => String, { nullable: true, description: 'A scope that the grant must cover too.' })
  scope?: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'The answer to a check, with its reason.' })
export class PermissionDecision {
  constructor(
    private readonly user: string,
    private readonly row: Decision,
    private readonly moment: PinnedView,
    private readonly showsRoles: boolean,
  ) {}

  @Field(() => Moment, { nullable: true, description: SHOWN_AS_OF })
  get asOf(): Moment | null {
    return this.moment.asOf;
  }

  @Field(() => Boolean, {
    description: 'True if the user has the permission, and the scope where one was asked for.',
  })
  get allowed(): boolean {
    return this.row.allowed;
  }

  @Field(() => [RoleAssignment], {
    nullable: true,
    description:
      'Assignments to the roles that grant it, also where it is withheld; null for callers who may ask about others (`access/check`) and not see their roles (`roles/view`).',
  })
  @Cost({ size: 3 })
  get via(): RoleAssignment[] | null {
    return this.showsRoles ? assignmentsTo(this.moment, this.user, this.row.via) : null;
  }

  @Field(() => DenialReason, {
    nullable: true,
    description: 'Reason of the denial; null where `allowed` is true.',
  })
  get reason(): Reason | null {
    return this.row.reason;
  }
}

export const MAX_CHECKS = 1_000;

/** Rights of which one is needed to ask about others. */
const ASKING_ABOUT_OTHERS = [CHECK_ACCESS, VIEW_ROLES];

const UNKNOWN: Decision = { allowed: false, via: [], reason: 'UNKNOWN_USER' };

@Resolver()
export class PermissionCheckQueries {
  @Query(() => [PermissionDecision], {
    nullable: true,
    description: `Up to ${MAX_CHECKS.toLocaleString('en')} checks at once, answered in their order. Needs \`access/check\` or \`roles/view\`, but not for checks about oneself.`,
  })
  @Guarded(BY_ARGUMENTS, [{ anyOf: ASKING_ABOUT_OTHERS, orSelf: true }])
  @Cost<{ readonly checks: readonly unknown[] }>(({ checks }) => ({
    work: 10 * (checks?.length ?? 1),
    size: checks?.length,
  }))
  async checkPermissions(
    @Ctx() context: RequestContext,
    @Info() field: GraphQLResolveInfo,
    @Arg('checks', () => [PermissionCheckInput], { description: 'The checks to answer.' })
    checks: PermissionCheckInput[],
    @Arg('asOf', () => AsOfInput, { nullable: true, description: AS_OF }) asOf?: AsOfInput | null,
  ): Promise<PermissionDecision[]> {
    if (checks.length > MAX_CHECKS) throw badInput(`\`checks\` has at most ${MAX_CHECKS} entries.`);
    const moment = await context.at(asOf);
    const { caller } = context;
    const users = usersNamed(
      moment,
      checks.map(({ user }) => user),
    );
    const seesRoles = caller.may(VIEW_ROLES);
    if (users.some((user) => user !== caller.user)) need(caller, ASKING_ABOUT_OTHERS, field);
    const asked = checks.flatMap(({ permission, scope }, index) => {
      const user = users[index];
      return user == null ? [] : [{ user, permission, scope: scope ?? null }];
    });
    const decisions = moment.view.checks(asked).values();
    return users.map((user) => {
      const decision = user === null ? UNKNOWN : decisions.next().value!;
      return new PermissionDecision(user ?? '', decision, moment, seesRoles || user === caller.user);
    });
  }
}
