import { Args, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { RoleRow } from '../../../projections/view';
import { VIEW_HISTORY, VIEW_ROLES, type Caller } from '../caller';
import { PageArgs, pageRequest, searchText } from '../connection';
import { globalId, Node } from '../global-id';
import { Actor } from '../history/actor.type';
import { HistoryConnection, historyConnection } from '../history/history.queries';
import { Cost, COUNT_WORK, SEARCH_WORK, searches } from '../limits/field-cost';
import { RoleGroup } from '../permission/permission.type';
import type { PinnedView } from '../pinned-view';
import { RoleSection, roleSections } from './role-section.type';
import { RoleUserConnection, roleUserConnection, RoleUsersArgs } from './role-users.type';

export const RoleKind = { DEFAULT: 'DEFAULT', CUSTOM: 'CUSTOM' } as const;
export type RoleKind = keyof typeof RoleKind;
registerEnumType(RoleKind, {
  name: 'RoleKind',
  description: 'Where a role comes from.',
  valuesConfig: {
    DEFAULT: {
      description: 'Defined by the catalogue, the same for every account; only its users can change.',
    },
    CUSTOM: { description: 'Made in the account.' },
  },
});

export const RoleAction = {
  EDIT_DETAILS: 'EDIT_DETAILS',
  EDIT_PERMISSIONS: 'EDIT_PERMISSIONS',
  EDIT_MEMBERSHIP: 'EDIT_MEMBERSHIP',
  DUPLICATE: 'DUPLICATE',
  DELETE: 'DELETE',
} as const;
export type RoleAction = keyof typeof RoleAction;
registerEnumType(RoleAction, {
  name: 'RoleAction',
  description: 'What a caller may do with a role: the items of its three-dot menu.',
  valuesConfig: {
    EDIT_DETAILS: { description: 'Change name and description. Custom roles; needs `roles/manage`.' },
    EDIT_PERMISSIONS: { description: 'Change permissions and scopes. Custom roles; needs `roles/manage`.' },
    EDIT_MEMBERSHIP: { description: 'Assign and unassign users. Any role; needs `roles/assign`.' },
    DUPLICATE: { description: 'Make a custom role of it. Any role; needs `roles/manage`.' },
    DELETE: { description: 'Delete it. Custom roles; needs `roles/manage`.' },
  },
});

/** What a caller may do with a role that is there. */
export function roleActions(caller: Caller, kind: RoleKind): RoleAction[] {
  const manage = caller.may('roles/manage');
  const custom = manage && kind === 'CUSTOM';
  const allowed: Record<RoleAction, boolean> = {
    EDIT_DETAILS: custom,
    EDIT_PERMISSIONS: custom,
    EDIT_MEMBERSHIP: caller.may('roles/assign'),
    DUPLICATE: manage,
    DELETE: custom,
  };
  return (Object.keys(allowed) as RoleAction[]).filter((action) => allowed[action]);
}

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

  @Field(() => ID, { description: 'Global id, e.g. `Role:account-admin`.' })
  get id(): string {
    return globalId('Role', this.row.id);
  }

  @Field(() => String, {
    nullable: true,
    description: 'Of a default role its key in the catalogue; else null.',
  })
  get key(): string | null {
    return this.row.kind === 'DEFAULT' ? this.row.id : null;
  }

  @Field(() => RoleKind, { description: 'Where the role comes from.' })
  get kind(): RoleKind {
    return this.row.kind;
  }

  @Field(() => RoleGroup, {
    nullable: true,
    description: 'Of a default role the group that lists it; else null.',
  })
  get group(): RoleGroup | null {
    return this.row.group === null ? null : (this.moment.catalogue.group.get(this.row.group) ?? null);
  }

  @Field(() => String, { description: 'What people call it.' })
  get name(): string {
    return this.row.name;
  }

  @Field(() => String, { nullable: true, description: 'What it is for.' })
  get description(): string | null {
    return this.row.description;
  }

  @Field(() => Int, { description: 'How many users are in it, inactive ones included.' })
  get userCount(): number {
    return this.row.userCount;
  }

  @Field(() => Int, {
    description: 'How many permissions it grants, those withheld by a disabled feature or retired included.',
  })
  get permissionCount(): number {
    return this.row.permissionCount;
  }

  @Field(() => Int, { description: 'How many different scopes its grants keep.' })
  get scopeCount(): number {
    return this.row.scopeCount;
  }

  @Field(() => [RoleSection], {
    description:
      'Every section of the catalogue, with what this role selects in it: the permissions of the role page.',
  })
  @Cost({ work: 20, size: 14 })
  async sections(): Promise<RoleSection[]> {
    return roleSections(this.moment, (await this.moment.grants.load(this.row.id)) ?? []);
  }

  @Field(() => RoleUserConnection, { description: 'Users in the role, by name. Needs `roles/view`.' })
  @Cost<RoleUsersArgs>((args) =>
    searches(args) ? { work: SEARCH_WORK, count: COUNT_WORK } : { work: 20, count: 20 },
  )
  users(@Args(() => RoleUsersArgs) args: RoleUsersArgs): RoleUserConnection {
    this.moment.request.caller.need(VIEW_ROLES);
    return roleUserConnection(this.moment, this.row.id, searchText(args.search), pageRequest(args));
  }

  @Field(() => HistoryConnection, {
    description: 'What happened to the role, newest first. Needs `audit-log/view`.',
  })
  @Cost({ work: 20, count: 400 })
  history(@Args(() => PageArgs) args: PageArgs): HistoryConnection {
    this.moment.request.caller.need(VIEW_HISTORY);
    return historyConnection(this.moment, { role: this.row.id }, pageRequest(args));
  }

  @Field(() => [RoleAction], {
    description:
      'What this caller may do with the role now, whatever moment the answer is about: its three-dot menu.',
  })
  async allowedActions(): Promise<RoleAction[]> {
    const { request } = this.moment;
    const present = await request.now.roles.load(this.row.id);
    return present && present.deletedAt === null ? roleActions(request.caller, present.kind) : [];
  }

  @Field(() => Int, {
    description:
      'Grows with each change; 0: a default role never touched in this account. For `expectedVersion`.',
  })
  get version(): number {
    return this.row.version;
  }

  @Field(() => Date, { nullable: true, description: 'When it was created; null for a default role.' })
  get createdAt(): Date | null {
    return this.row.createdAt;
  }

  @Field(() => Actor, { nullable: true, description: 'Who created it; null for a default role.' })
  get createdBy(): Actor | null {
    return this.row.createdBy && new Actor(this.row.createdBy, this.moment);
  }

  @Field(() => Date, { nullable: true, description: 'When it last changed in this account; null if never.' })
  get updatedAt(): Date | null {
    return this.row.updatedAt;
  }

  @Field(() => Date, {
    nullable: true,
    description:
      'When it was deleted, which ended its grants and assignments (`asOf` before shows them); null while it is there.',
  })
  get deletedAt(): Date | null {
    return this.row.deletedAt;
  }
}

/** Roles by id, in the order of the ids; unknown ones are left out. */
export async function rolesById(moment: PinnedView, ids: readonly string[]): Promise<Role[]> {
  const rows = await Promise.all(ids.map((id) => moment.roles.load(id)));
  return rows.flatMap((row) => (row ? [new Role(row, moment)] : []));
}
