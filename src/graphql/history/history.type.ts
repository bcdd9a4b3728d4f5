import { Field, ID, ObjectType } from 'type-graphql';
import type { HistoryRow } from '../../../projections/view';
import { globalId, Node } from '../global-id';
import { Open } from '../guard';
import { Cost } from '../limits/field-cost';
import type { PinnedView } from '../pinned-view';
import { PositionScalar } from '../scalars';
import { Actor } from './actor.type';
import { MomentThen } from './moment-then';
import { changesOf, EventVoid, HistoryChange, HistoryEventType, summaryOf } from './history-event.type';

@ObjectType({
  simpleResolvers: true,
  description:
    'The role that an entry is about, as the event left it. A value without an `id`, which caches keep in its entry.',
})
export class HistoryRole {
  constructor(
    readonly role: string,
    readonly then: MomentThen,
  ) {}

  @Field(() => ID, {
    description:
      'Global id of the role as the event left it: `Role:<id>@<position>`. `node` finds it, and `duplicateRole` takes it.',
  })
  get pastId(): string {
    return globalId('Role', this.role, this.then.position);
  }

  @Field(() => ID, { description: 'Global id without the moment: that of the role now.' })
  get key(): string {
    return globalId('Role', this.role);
  }

  @Field(() => String, { nullable: true, description: 'Name of the role at the time of the event.' })
  name(): Promise<string | null> {
    return this.then.nameOf('role', this.role);
  }
}

@ObjectType({
  simpleResolvers: true,
  description:
    'The user that an entry is about, as the event left them. A value without an `id`, which caches keep in its entry.',
})
export class HistoryUser {
  constructor(
    readonly user: string,
    readonly then: MomentThen,
  ) {}

  @Field(() => ID, {
    description: 'Global id of the user as the event left them: `User:<id>@<position>`. `node` finds it.',
  })
  get pastId(): string {
    return globalId('User', this.user, this.then.position);
  }

  @Field(() => ID, { description: 'Global id without the moment: that of the user now.' })
  get key(): string {
    return globalId('User', this.user);
  }

  @Field(() => String, { nullable: true, description: 'Name of the user at the time of the event.' })
  name(): Promise<string | null> {
    return this.then.nameOf('user', this.user);
  }
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description:
    'One event: who changed what, when and why. It reads alone. A publication of the catalogue has an entry of its own, and one for each default role and each permission that it changed, with its time, position, actor and reason.',
})
export class HistoryEntry implements Node {
  private readonly then: MomentThen;

  constructor(
    private readonly row: HistoryRow,
    private readonly moment: PinnedView,
  ) {
    this.then = new MomentThen(row, moment);
  }

  /** The entry of an event as a whole; null where the history does not show it. */
  static async ofEvent(moment: PinnedView, ordinal: number): Promise<HistoryEntry | null> {
    const row = await moment.entries.load({ ordinal, part: 0 });
    return row && new HistoryEntry(row, moment);
  }

  @Field(() => ID, {
    description:
      'Global id, the same in every copy of the log; good for the account that it was given to. Each change that a publication of the catalogue made has one of its own.',
  })
  get id(): string {
    return globalId('HistoryEntry', entryId(this.row, this.moment));
  }

  @Field(() => HistoryEventType, { description: 'Type of the event.' })
  get type(): HistoryEventType {
    return this.row.type as HistoryEventType;
  }

  @Field(() => Date, {
    description:
      'Time when it was recorded, along the log’s own time line, which never goes back: `asOf` this time shows it, and `since` and `until` compare this time.',
  })
  get at(): Date {
    return this.row.at;
  }

  @Field(() => Date, {
    description:
      'Time by the clock of the machine that recorded it. Earlier than `at` where that clock was behind one that had written before.',
  })
  get recordedAt(): Date {
    return this.row.recordedAt;
  }

  @Field(() => PositionScalar, {
    description:
      'Position of the event in the log. Events that were written at once take effect at once: `asOf` the last of them shows them all.',
  })
  get position(): string {
    const { ordinal, position, at } = this.row;
    return this.moment.request.encode({ ordinal, position, time: at.getTime() });
  }

  @Field(() => Actor, { description: 'Actor who made the change, with the name of that time.' })
  @Open()
  get actor(): Actor {
    return new Actor(this.row.actor, this.moment, this.then);
  }

  @Field(() => String, {
    nullable: true,
    description: 'Reason of the change, in the actor’s words: a ticket, an approval.',
  })
  get reason(): string | null {
    return this.row.reason;
  }

  @Field(() => String, {
    description: 'The command that led to it, e.g. `updateRole`; empty where a void event does not say it.',
  })
  get command(): string {
    return this.row.command;
  }

  @Field(() => String, {
    description: 'Correlation id of the request: the same for all that one request did.',
  })
  get requestId(): string {
    return this.row.requestId;
  }

  @Field(() => EventVoid, {
    nullable: true,
    description:
      'Declaration of an operator that the event is void; null where there is none. A void event stays in the log, no role or user was ever changed by it, and its content may not be readable.',
  })
  get voided(): EventVoid | null {
    const { voided } = this.row;
    return voided && new EventVoid(voided, this.moment);
  }

  @Field(() => String, { description: 'The event as one sentence, with the names of that time.' })
  @Cost({ work: 10 })
  async summary(): Promise<string> {
    const { row } = this;
    const by = row.actor;
    const [actor, role, user] = await Promise.all([
      by?.type === 'user' ? this.then.nameOf('user', by.id) : null,
      row.role === null ? null : this.then.nameOf('role', row.role),
      row.user === null ? null : this.then.nameOf('user', row.user),
    ]);
    return summaryOf(row, { actor: actor ?? by?.id ?? 'Someone', role, user });
  }

  @Field(() => HistoryRole, {
    nullable: true,
    description: 'The role that it is about; null if it is about none.',
  })
  get role(): HistoryRole | null {
    const { role } = this.row;
    return role === null ? null : new HistoryRole(role, this.then);
  }

  @Field(() => HistoryUser, {
    nullable: true,
    description: 'The user that it is about; null if it is about none.',
  })
  @Open()
  get user(): HistoryUser | null {
    const { user } = this.row;
    return user === null ? null : new HistoryUser(user, this.then);
  }

  @Field(() => String, {
    nullable: true,
    description: 'Key of the permission that it is about; null if it is about none.',
  })
  get permission(): string | null {
    return this.row.permission;
  }

  @Field(() => [HistoryChange], { description: 'Changes that it made, field by field.' })
  @Cost({ size: 3 })
  get changes(): HistoryChange[] {
    return changesOf(this.row);
  }
}

/** The number of an entry as ids show it to the account. */
export const entryId = ({ ordinal, part }: HistoryRow, { request }: PinnedView): string =>
  request.numbers.seal({ ordinal, part }) ?? (part === 0 ? String(ordinal) : `${ordinal}.${part}`);
