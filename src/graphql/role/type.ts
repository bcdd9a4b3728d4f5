import { Args, Field, ID, Int, ObjectType } from 'type-graphql';
import type { RoleRow } from '../../../projections/view';
import { Actor } from '../actor/type';
import { RoleGroup } from '../catalogue/type';
import { PageArgs, pageRequest, searchText } from '../connection';
import { HistoryConnection, historyConnection } from '../history/connection';
import { globalId } from '../ids';
import { Cost, COUNT_WORK, SEARCH_WORK, searches } from '../limits/field-cost';
import type { PinnedView } from '../pinned-view';
import { Node } from '../node/type';
import type { Ref } from '../ref';
import { VIEW_HISTORY, VIEW_ROLES } from '../rights';
import { RoleUsersArgs } from './args';
import { RoleAction, roleActions, RoleKind } from './enums';
import { RoleSection, roleSections } from './section';
import { RoleUserConnection, roleUserConnection } from './users';

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
  get group(): Ref<RoleGroup> | null {
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
  async sections(): Promise<Ref<RoleSection>[]> {
    return roleSections(this.moment, (await this.moment.grants.load(this.row.id)) ?? []);
  }

  @Field(() => RoleUserConnection, { description: 'Users in the role, by name. Needs `roles/view`.' })
  @Cost<RoleUsersArgs>((args) =>
    searches(args) ? { work: SEARCH_WORK, count: COUNT_WORK } : { work: 20, count: 20 },
  )
  users(@Args(() => RoleUsersArgs) args: RoleUsersArgs): Ref<RoleUserConnection> {
    this.moment.request.caller.need(VIEW_ROLES);
    return roleUserConnection(this.moment, this.row.id, searchText(args.search), pageRequest(args));
  }

  @Field(() => HistoryConnection, {
    description: 'What happened to the role, newest first. Needs `audit-log/view`.',
  })
  @Cost({ work: 20, count: 400 })
  history(@Args(() => PageArgs) args: PageArgs): Ref<HistoryConnection> {
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
  get createdBy(): Ref<Actor> | null {
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
