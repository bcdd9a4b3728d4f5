import { Args, Field, ObjectType, registerEnumType } from 'type-graphql';
import type { Grant, MemberFilter } from '../../../projections/view';
import { Open } from '../guard';
import { Cost } from '../limits/field-cost';
import { Permission } from '../permission/permission.type';
import type { PinnedView, RoleUsers } from '../pinned-view';
import { grantDiffs, type GrantDiff } from './role-diff';
import { costOfRoleUsers, RoleUserConnection, roleUserConnection, RoleUsersArgs } from './role-users.type';
import { Role } from './role.type';

/** A role at a moment at which it may not be there. */
export interface RoleSide {
  readonly moment: PinnedView;
  /** Its id, also where it is not there. */
  readonly id: string;
  readonly role: Role | null;
  /** Users in it and not on the other side, where that is known already; left out: they are found. */
  readonly beyond?: RoleUsers;
}

export const GrantChange = { GRANTED: 'GRANTED', REVOKED: 'REVOKED', SCOPES: 'SCOPES' } as const;
export type GrantChange = keyof typeof GrantChange;
registerEnumType(GrantChange, {
  name: 'GrantChange',
  description: 'Kinds of differences between two grants of a permission.',
  valuesConfig: {
    GRANTED: { description: 'The target grants it, the base does not.' },
    REVOKED: { description: 'The base grants it, the target does not.' },
    SCOPES: { description: 'Both grant it, with different scopes.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'Texts that differ.' })
export class TextDiff {
  @Field(() => String, { nullable: true, description: 'Text in the base; null where it has none.' })
  base!: string | null;

  @Field(() => String, { nullable: true, description: 'Text in the target; null where it has none.' })
  target!: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'A permission that is granted on one side alone, or with other scopes.',
})
export class RolePermissionDiff {
  constructor(
    private readonly base: PinnedView,
    private readonly target: PinnedView,
    private readonly diff: GrantDiff,
  ) {}

  @Field(() => Permission, {
    description:
      'The permission as of the target, or as of the base where the catalogue of the target does not have it yet.',
  })
  get permission(): Permission {
    const key = this.diff.permission;
    // Nothing leaves a catalogue: who grants it has it.
    const moment = this.target.catalogue.permission.has(key) ? this.target.others : this.base;
    return new Permission(moment, moment.catalogue.permission.get(key)!);
  }

  @Field(() => String, { description: 'Key of the permission.' })
  get key(): string {
    return this.diff.permission;
  }

  @Field(() => GrantChange, { description: 'Kind of the difference.' })
  get change(): GrantChange {
    const { before, after } = this.diff;
    if (before && after) return 'SCOPES';
    return after ? 'GRANTED' : 'REVOKED';
  }

  @Field(() => [String], { description: 'Scopes that the target’s grant keeps and the base’s does not.' })
  get gainedScopes(): readonly string[] {
    return this.diff.gained;
  }

  @Field(() => [String], { description: 'Scopes that the base’s grant keeps and the target’s does not.' })
  get lostScopes(): readonly string[] {
    return this.diff.lost;
  }
}

@ObjectType({
  simpleResolvers: true,
  description:
    'Differences between two roles, or between two moments of one role. A role that is deleted grants nothing and has no users.',
})
export class RoleDiff {
  constructor(
    private readonly from: RoleSide,
    private readonly to: RoleSide,
  ) {}

  @Field(() => Role, { nullable: true, description: 'The role to compare with; null where there was none.' })
  @Open()
  get base(): Role | null {
    return this.from.role;
  }

  @Field(() => Role, { nullable: true, description: 'The role that is compared; null where there was none.' })
  @Open()
  get target(): Role | null {
    return this.to.role;
  }

  @Field(() => TextDiff, { nullable: true, description: 'Names; null where they are the same.' })
  get name(): TextDiff | null {
    return textDiff(this.from.role?.name, this.to.role?.name);
  }

  @Field(() => TextDiff, { nullable: true, description: 'Descriptions; null where they are the same.' })
  get description(): TextDiff | null {
    return textDiff(this.from.role?.description, this.to.role?.description);
  }

  @Field(() => [RolePermissionDiff], {
    description:
      'Permissions that differ, in the order of the target’s catalogue, those that it does not grant last. Both are compared as they are granted, withheld or not.',
  })
  @Cost({ work: 20, size: 20 })
  async permissions(): Promise<RolePermissionDiff[]> {
    const [before, after] = await Promise.all([this.from, this.to].map(grantsOf));
    return grantDiffs(before!, after!).map(
      (diff) => new RolePermissionDiff(this.from.moment, this.to.moment, diff),
    );
  }

  @Field(() => RoleUserConnection, {
    nullable: true,
    description: 'Users in the target and not in the base, as of the target.',
  })
  @Open()
  @Cost<RoleUsersArgs>((args) => ({ ...costOfRoleUsers(args), work: DIFF_WORK, count: DIFF_WORK }))
  gainedUsers(@Args(() => RoleUsersArgs) args: RoleUsersArgs): RoleUserConnection {
    return usersBeyond(this.to, this.from, args);
  }

  @Field(() => RoleUserConnection, {
    nullable: true,
    description: 'Users in the base and not in the target, as of the base.',
  })
  @Open()
  @Cost<RoleUsersArgs>((args) => ({ ...costOfRoleUsers(args), work: DIFF_WORK, count: DIFF_WORK }))
  lostUsers(@Args(() => RoleUsersArgs) args: RoleUsersArgs): RoleUserConnection {
    return usersBeyond(this.from, this.to, args);
  }
}

/** Work of a list that may have to read every user of a role. */
const DIFF_WORK = 1_000;

function textDiff(base: string | null = null, target: string | null = null): TextDiff | null {
  return base === target ? null : Object.assign(new TextDiff(), { base, target });
}

const isLive = ({ role }: RoleSide): boolean => role !== null && role.row.deletedAt === null;

const grantsOf = async (side: RoleSide): Promise<readonly Grant[]> =>
  isLive(side) ? ((await side.moment.grants.load(side.id)) ?? []) : [];

function usersBeyond(side: RoleSide, other: RoleSide, args: RoleUsersArgs): RoleUserConnection {
  if (side.beyond) return roleUserConnection(side.moment, side.beyond, args);
  const notIn: MemberFilter['notIn'] = isLive(other)
    ? { role: other.id, at: other.moment.view.pin.ordinal }
    : null;
  return roleUserConnection(side.moment, side.moment.usersOf(side.id), args, notIn);
}
