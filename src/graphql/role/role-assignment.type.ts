import { Field, ID, ObjectType } from 'type-graphql';
import type { Assignment } from '../../../projections/view';
import { VIEW_HISTORY } from '../caller';
import { Guarded, Open } from '../guard';
import { Actor } from '../history/actor.type';
import { HistoryEntry } from '../history/history.type';
import { Cost } from '../limits/field-cost';
import type { PinnedView } from '../pinned-view';
import { Role } from './role.type';

@ObjectType({
  simpleResolvers: true,
  description: 'The assignment of a user to a role: since when, by whom and why the user is in it.',
})
export class RoleAssignment {
  constructor(
    private readonly user: string,
    private readonly roleId: string,
    private readonly moment: PinnedView,
  ) {}

  @Field(() => ID, {
    description: 'Id for caches, of what this user has in this role; `node` does not find it.',
  })
  get id(): string {
    return this.moment.globalId('RoleAssignment', `${this.user}/${this.roleId}`);
  }

  @Field(() => Role, { description: 'The role.' })
  async role(): Promise<Role> {
    return new Role((await this.moment.roles.load(this.roleId))!, this.moment);
  }

  @Field(() => Date, { description: 'Time since which the user is in the role.' })
  async assignedAt(): Promise<Date> {
    return (await this.load()).assignedAt;
  }

  @Field(() => Actor, { description: 'Actor who assigned the user.' })
  @Open()
  async assignedBy(): Promise<Actor> {
    return new Actor((await this.load()).assignedBy, this.moment);
  }

  @Field(() => String, {
    nullable: true,
    description:
      'Reason of the assignment, in the actor’s words; null where none was given. Needs `audit-log/view`.',
  })
  @Guarded(VIEW_HISTORY)
  @Cost({ work: 5 })
  async reason(): Promise<string | null> {
    return (await this.event())?.reason ?? null;
  }

  @Field(() => HistoryEntry, {
    nullable: true,
    description: 'The entry of the history that tells of the assignment. Needs `audit-log/view`.',
  })
  @Guarded(VIEW_HISTORY)
  @Cost({ work: 5 })
  async event(): Promise<HistoryEntry | null> {
    return HistoryEntry.ofEvent(this.moment, (await this.load()).event);
  }

  private async load(): Promise<Assignment> {
    return (await this.moment.assignments.load({ user: this.user, role: this.roleId }))!;
  }
}

/** Assignments of a user to roles, in the order of their ids. */
export const assignmentsTo = (moment: PinnedView, user: string, roles: readonly string[]): RoleAssignment[] =>
  roles.map((role) => new RoleAssignment(user, role, moment));
