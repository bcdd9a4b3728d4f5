import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Ctx,
  Field,
  ID,
  Info,
  InputType,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
} from 'type-graphql';
import type { DenialReason as Reason, PermissionDecision as Decision } from '../../../projections/view';
import { AS_OF, AsOfInput } from '../as-of';
import { VIEW_ROLES } from '../caller';
import type { RequestContext } from '../context';
import { badInput } from '../errors';
import { idOf } from '../global-id';
import { BY_ARGUMENTS, Guarded, need } from '../guard';
import { Cost } from '../limits/field-cost';
import type { PinnedView } from '../pinned-view';
import { assignmentsTo, RoleAssignment } from '../role/role-assignment.type';

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

@InputType({ description: 'A user, by exactly one of id, username or external id.' })
export class UserRef {
  @Field(() => ID, { nullable: true, description: 'Global id of the user.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'Username, ignoring case.' })
  username?: string | null;

  @Field(() => String, { nullable: true, description: 'External id, case included.' })
  externalId?: string | null;
}

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
  ) {}

  @Field(() => Boolean, {
    description: 'True if the user has the permission, and the scope where one was asked for.',
  })
  get allowed(): boolean {
    return this.row.allowed;
  }

  @Field(() => [RoleAssignment], {
    description: 'Assignments to the roles that grant it, also where it is withheld.',
  })
  @Cost({ size: 3 })
  get via(): RoleAssignment[] {
    return assignmentsTo(this.moment, this.user, this.row.via);
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

const UNKNOWN: Decision = { allowed: false, via: [], reason: 'UNKNOWN_USER' };

@Resolver()
export class PermissionCheckQueries {
  @Query(() => [PermissionDecision], {
    nullable: true,
    description: `Up to ${MAX_CHECKS.toLocaleString('en')} checks at once, answered in their order. Needs \`roles/view\`, but not for checks about oneself.`,
  })
  @Guarded(BY_ARGUMENTS)
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
    const users = usersOf(moment, checks);
    if (users.some((user) => user !== context.caller.user)) need(context.caller, VIEW_ROLES, field);
    const asked = checks.flatMap(({ permission, scope }, index) => {
      const user = users[index];
      return user == null ? [] : [{ user, permission, scope: scope ?? null }];
    });
    const decisions = moment.view.checks(asked).values();
    return users.map((user) => {
      const decision = user === null ? UNKNOWN : decisions.next().value!;
      return new PermissionDecision(user ?? '', decision, moment);
    });
  }
}

/** Ids of the users of the checks; null if there is none. */
function usersOf(moment: PinnedView, checks: readonly PermissionCheckInput[]): (string | null)[] {
  for (const { user } of checks) {
    if ([user.id, user.username, user.externalId].filter((each) => each != null).length !== 1)
      throw badInput('A user is named by either id, username or external id.');
  }
  const given = (field: 'username' | 'externalId'): string[] => [
    ...new Set(checks.flatMap(({ user }) => user[field] ?? [])),
  ];
  const [usernames, externalIds] = [given('username'), given('externalId')];
  const byUsername = usernames.length === 0 ? NOBODY : moment.view.userIds(usernames);
  const byExternalId = externalIds.length === 0 ? NOBODY : moment.view.userIdsByExternalId(externalIds);
  return checks.map(({ user: { id, username, externalId } }) => {
    if (username != null) return byUsername.get(username) ?? null;
    return externalId == null ? idOf('User', id ?? '') : (byExternalId.get(externalId) ?? null);
  });
}

const NOBODY: ReadonlyMap<string, string> = new Map();
