import { Args, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { RoleRow } from '../../../projections/view';
import { VIEW_HISTORY, VIEW_ROLES } from '../caller';
import { PageArgs, pageRequest } from '../connection';
import { globalId, Node } from '../global-id';
import { Guarded, Open } from '../guard';
import { Actor } from '../history/actor.type';
import { HistoryConnection, historyConnection } from '../history/history.queries';
import { Cost } from '../limits/field-cost';
import { Moment, SHOWN_AS_OF } from '../moment.type';
import { Permission, permissionOf, RoleGroup } from '../permission/permission.type';
import type { PinnedView } from '../pinned-view';
import { RoleAction, roleActions } from './role-actions';
import { RoleSection, roleSections } from './role-section.type';
import { costOfRoleUsers, RoleUserConnection, roleUserConnection, RoleUsersArgs } from './role-users.type';

export const RoleKind = { DEFAULT: 'DEFAULT', CUSTOM: 'CUSTOM' } as const;
export type RoleKind = keyof typeof RoleKind;
registerEnumType(RoleKind, {
  name: 'RoleKind',
  description: 'Kinds of roles, by their origin.',
  valuesConfig: {
    DEFAULT: {
      description:
        'A role that the catalogue defines, the same for every account; only its users can change.',
    },
    CUSTOM: { description: 'A role that was made in the account.' },
  },
});

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'A named set of permissions and of users who have them.',
})
export class Role implements Node {
  constructor(
    readonly row: RoleRow,
    readonly moment: PinnedView,
  ) {}

  @Field(() => ID, {
    description:
      'Global id, e.g. `Role:account-admin`; of the role as of the past `Role:account-admin@<position>`, and in a preview one of that preview alone.',
  })
  get id(): string {
    return this.moment.globalId('Role', this.row.id);
  }

  @Field(() => ID, {
    description:
      'Global id without the moment: that of the role now. Mutations take this one; `duplicateRole` takes both.',
  })
  get key(): string {
    return globalId('Role', this.row.id);
  }

  @Field(() => Moment, { nullable: true, description: SHOWN_AS_OF })
  get asOf(): Moment | null {
    return this.moment.asOf;
  }

  @Field(() => Role, {
    nullable: true,
    description:
      'The role as of now, with `deletedAt` if it was deleted since; null where the request reads an earlier position than this one.',
  })
  @Cost({ work: 5 })
  async current(): Promise<Role | null> {
    return this.moment.isPresent ? this : roleById(this.moment.request.now, this.row.id);
  }

  @Field(() => String, {
    nullable: true,
    description: 'Key of a default role in the catalogue; null for a custom role.',
  })
  get catalogueKey(): string | null {
    return this.row.kind === 'DEFAULT' ? this.row.id : null;
  }

  @Field(() => RoleKind, { description: 'Kind of the role, by its origin.' })
  get kind(): RoleKind {
    return this.row.kind;
  }

  @Field(() => RoleGroup, {
    nullable: true,
    description: 'Group that lists a default role; null where there is none.',
  })
  get group(): RoleGroup | null {
    const row = this.row.group === null ? undefined : this.moment.catalogue.group.get(this.row.group);
    return row ? new RoleGroup(this.moment.others, row) : null;
  }

  @Field(() => String, { description: 'Display name of the role.' })
  get name(): string {
    return this.row.name;
  }

  @Field(() => String, { nullable: true, description: 'Description of the role: what it is for.' })
  get description(): string | null {
    return this.row.description;
  }

  @Field(() => Int, { description: 'Number of users in it, inactive ones included.' })
  get userCount(): number {
    return this.row.userCount;
  }

  @Field(() => Int, {
    description:
      'Number of permissions that it grants, those withheld by a disabled feature or retired included.',
  })
  get permissionCount(): number {
    return this.row.permissionCount;
  }

  @Field(() => Int, { description: 'Number of different scopes that its grants keep.' })
  get scopeCount(): number {
    return this.row.scopeCount;
  }

  @Field(() => [RoleSection], {
    description:
      'Every section of the catalogue, with what this role selects in it: the permissions of the role page.',
  })
  @Cost({ work: 20, size: 14 })
  sections(): Promise<RoleSection[]> {
    return roleSections(this.moment, this.row.id);
  }

  @Field(() => [Permission], {
    nullable: true,
    description:
      'Permissions that the catalogue took up after the last edit of a custom role (of its name, description, permissions or scopes; assignments are none), in the order of the catalogue: nobody has decided yet if it is to grant them. None of a deleted role; null for a default role. Needs `roles/view`.',
  })
  @Guarded(VIEW_ROLES)
  @Cost({ work: 20, size: 5 })
  async publishedSinceEdit(): Promise<Permission[] | null> {
    if (this.row.kind === 'DEFAULT') return null;
    const keys = (await this.moment.publishedSinceEdit.load(this.row.id)) ?? [];
    return keys.map((key) => permissionOf(this.moment.others, key));
  }

  @Field(() => RoleUserConnection, {
    nullable: true,
    description: 'Users in the role, by name where no order is given. Needs `roles/view`.',
  })
  @Guarded(VIEW_ROLES)
  @Cost<RoleUsersArgs>(costOfRoleUsers)
  users(@Args(() => RoleUsersArgs) args: RoleUsersArgs): RoleUserConnection {
    return roleUserConnection(this.moment, this.moment.usersOf(this.row.id), args);
  }

  @Field(() => HistoryConnection, {
    nullable: true,
    description:
      'History of the role, newest first; of a default role also what publications of the catalogue changed in it, those before the account was opened too. Needs `audit-log/view`.',
  })
  @Guarded(VIEW_HISTORY)
  @Cost({ work: 20, count: 400 })
  history(@Args(() => PageArgs) args: PageArgs): HistoryConnection {
    return historyConnection(this.moment.others, { role: this.row.id }, pageRequest(args));
  }

  @Field(() => [RoleAction], {
    description:
      'Actions that this caller may take on the role: its three-dot menu. None on a role as of the past, or in a preview; `current` leads to those of now.',
  })
  @Cost({ work: 5 })
  allowedActions(): RoleAction[] | Promise<RoleAction[]> {
    const isPresent = this.moment.isPresent && this.row.deletedAt === null;
    return isPresent ? roleActions(this.moment, this.row) : [];
  }

  @Field(() => Int, {
    description:
      'Version of the role, which grows with each change; 0: a default role never changed in this account. For `expectedVersion`.',
  })
  get version(): number {
    return this.row.version;
  }

  @Field(() => Date, { nullable: true, description: 'Time of its creation; null for a default role.' })
  get createdAt(): Date | null {
    return this.row.createdAt;
  }

  @Field(() => Actor, { nullable: true, description: 'Actor who created it; null for a default role.' })
  @Open()
  get createdBy(): Actor | null {
    return this.row.createdBy && new Actor(this.row.createdBy, this.moment.others);
  }

  @Field(() => Date, {
    nullable: true,
    description:
      'Time of its last change in this account; of a default role the time of the last publication that changed it, if that is later. Null if there was none.',
  })
  get updatedAt(): Date | null {
    return this.row.updatedAt;
  }

  @Field(() => Actor, { nullable: true, description: 'Actor of the change of `updatedAt`.' })
  @Open()
  get updatedBy(): Actor | null {
    return this.row.updatedBy && new Actor(this.row.updatedBy, this.moment.others);
  }

  @Field(() => Date, {
    nullable: true,
    description:
      'Time of its deletion, which ended its grants and assignments (`asOf` an earlier time shows them); null while it is not deleted.',
  })
  get deletedAt(): Date | null {
    return this.row.deletedAt;
  }
}

/** The role of an id; null where the view shows none. */
export async function roleById(moment: PinnedView, id: string): Promise<Role | null> {
  const row = await moment.roles.load(id);
  return row && new Role(row, moment);
}

/** Roles by id, in the order of the ids; unknown ones are left out. */
export async function rolesById(moment: PinnedView, ids: readonly string[]): Promise<Role[]> {
  const rows = await Promise.all(ids.map((id) => moment.roles.load(id)));
  return rows.flatMap((row) => (row ? [new Role(row, moment)] : []));
}
