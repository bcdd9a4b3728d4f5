import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { EffectivePermissions as Effective, WithheldReason as Reason } from '../../../projections/view';
import { Cost } from '../limits/field-cost';
import { Moment, SHOWN_AS_OF } from '../moment.type';
import type { PinnedView } from '../pinned-view';
import { assignmentsTo, RoleAssignment } from '../role/role-assignment.type';
import { Feature, Permission, permissionOf } from './permission.type';

export const WithheldReason = {
  FEATURE_DISABLED: 'FEATURE_DISABLED',
  RETIRED: 'RETIRED',
  USER_INACTIVE: 'USER_INACTIVE',
} as const;
registerEnumType(WithheldReason, {
  name: 'WithheldReason',
  description: 'Reasons why a granted permission has no effect.',
  valuesConfig: {
    FEATURE_DISABLED: { description: 'The account has not enabled the feature of the permission.' },
    RETIRED: { description: 'The permission left the catalogue.' },
    USER_INACTIVE: { description: 'The user is not active.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: 'A permission that a user has, with the roles that grant it.',
})
export class GrantedPermission {
  constructor(
    private readonly user: string,
    private readonly row: Effective['granted'][number],
    private readonly moment: PinnedView,
  ) {}

  @Field(() => ID, { description: 'Id for caches, of the permission of this user; `node` does not find it.' })
  get id(): string {
    return this.moment.globalId('GrantedPermission', `${this.user}/${this.row.permission}`);
  }

  @Field(() => Permission, { description: 'The permission.' })
  get permission(): Permission {
    return permissionOf(this.moment, this.row.permission);
  }

  @Field(() => [String], { description: 'Scopes that some role kept with it.' })
  get scopes(): readonly string[] {
    return this.row.scopes;
  }

  @Field(() => [RoleAssignment], { description: 'Assignments to the roles that grant it.' })
  @Cost({ size: 3 })
  get via(): RoleAssignment[] {
    return assignmentsTo(this.moment, this.user, this.row.via);
  }
}

@ObjectType({ simpleResolvers: true, description: 'A permission that a role grants and that has no effect.' })
export class WithheldPermission {
  constructor(
    private readonly user: string,
    private readonly row: Effective['withheld'][number],
    private readonly moment: PinnedView,
  ) {}

  @Field(() => ID, { description: 'Id for caches, of the permission of this user; `node` does not find it.' })
  get id(): string {
    return this.moment.globalId('WithheldPermission', `${this.user}/${this.row.permission}`);
  }

  @Field(() => Permission, { description: 'The permission.' })
  get permission(): Permission {
    return permissionOf(this.moment, this.row.permission);
  }

  @Field(() => WithheldReason, { description: 'Reason why it has no effect.' })
  get reason(): Reason {
    return this.row.reason;
  }

  @Field(() => [RoleAssignment], { description: 'Assignments to the roles that grant it.' })
  @Cost({ size: 3 })
  get via(): RoleAssignment[] {
    return assignmentsTo(this.moment, this.user, this.row.via);
  }
}

@ObjectType({
  simpleResolvers: true,
  description: 'The union of the grants of a user’s roles, less what is withheld.',
})
export class EffectivePermissions {
  constructor(
    private readonly user: string,
    private readonly row: Effective | null,
    private readonly moment: PinnedView,
  ) {}

  @Field(() => ID, { description: 'Id for caches, of what this user may do; `node` does not find it.' })
  get id(): string {
    return this.moment.globalId('EffectivePermissions', this.user);
  }

  @Field(() => Moment, { nullable: true, description: SHOWN_AS_OF })
  get asOf(): Moment | null {
    return this.moment.asOf;
  }

  @Field(() => [GrantedPermission], {
    description: 'Permissions that the user has, in the order of the catalogue.',
  })
  @Cost({ size: 60 })
  get granted(): GrantedPermission[] {
    return (this.row?.granted ?? []).map((row) => new GrantedPermission(this.user, row, this.moment));
  }

  @Field(() => [WithheldPermission], { description: 'Permissions that roles grant without effect, and why.' })
  @Cost({ size: 20 })
  get withheld(): WithheldPermission[] {
    return (this.row?.withheld ?? []).map((row) => new WithheldPermission(this.user, row, this.moment));
  }

  @Field(() => [Feature], {
    description: 'Features that the user can use at all: those of the permissions granted.',
  })
  @Cost({ size: 20 })
  get features(): Feature[] {
    const { catalogue } = this.moment;
    const used = new Set(
      this.row?.granted.map(({ permission }) => catalogue.permission.get(permission)?.feature),
    );
    return catalogue.content.features
      .filter(({ key }) => used.has(key))
      .map((row) => new Feature(this.moment, row));
  }
}
