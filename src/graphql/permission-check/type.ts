import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { DenialReason as Reason, PermissionDecision as Decision } from '../../../projections/view';
import { Cost } from '../limits/field-cost';
import type { PinnedView } from '../pinned-view';
import type { Ref } from '../ref';
import { Role, rolesById } from '../role/type';

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
  description: 'Why a check says no.',
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

@InputType({ description: 'A user, by exactly one of id or username.' })
export class UserRef {
  @Field(() => ID, { nullable: true, description: 'Global id of the user.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'Username, ignoring case.' })
  username?: string | null;
}

@InputType({ description: 'May this user do this?' })
export class PermissionCheckInput {
  @Field(() => UserRef, { description: 'Who.' })
  user!: Ref<UserRef>;

  @Field(() => String, { description: 'Key of the permission.' })
  permission!: string;

  @Field(() => String, { nullable: true, description: 'A scope that the grant must cover too.' })
  scope?: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'The answer to a check, and why.' })
export class PermissionDecision {
  constructor(
    private readonly row: Decision,
    private readonly moment: PinnedView,
  ) {}

  @Field(() => Boolean, { description: 'Whether the user may.' })
  get allowed(): boolean {
    return this.row.allowed;
  }

  @Field(() => [Role], { description: 'The roles that grant it, also where it is withheld.' })
  @Cost({ size: 3 })
  via(): Promise<Ref<Role>[]> {
    return rolesById(this.moment, this.row.via);
  }

  @Field(() => DenialReason, { nullable: true, description: 'Why not; null where the user may.' })
  get reason(): Reason | null {
    return this.row.reason;
  }
}
