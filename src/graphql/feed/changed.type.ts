import { Field, ObjectType } from 'type-graphql';
import { VIEW_HISTORY } from '../caller';
import { Guarded, Open } from '../guard';
import { HistoryEntry } from '../history/history.type';
import type { PinnedView } from '../pinned-view';
import { Role, roleById } from '../role/role.type';
import { PositionScalar } from '../scalars';
import { User, userById } from '../user/user.type';
import type { FeedMessage } from './feed-source';

/** Changes of the account, or of one thing in it, and the thing as it is when the change is told. */

@ObjectType({ simpleResolvers: true, description: 'The position that the account has come to.' })
export class AccountChanged {
  constructor(private readonly message: FeedMessage) {}

  @Field(() => PositionScalar, {
    description:
      'Position to which they have come: an answer that shows an earlier one may be old. The same again where nothing changed for a while.',
  })
  get position(): string {
    return this.message.position;
  }
}

/** The part that both have. */
abstract class Changed {
  constructor(
    protected readonly message: FeedMessage,
    protected readonly moment: PinnedView,
    protected readonly subject: string,
  ) {}

  get position(): string {
    return this.message.position;
  }

  async event(): Promise<HistoryEntry | null> {
    const { event } = this.message;
    return event && HistoryEntry.ofEvent(this.moment, event.ordinal);
  }
}

const POSITION = {
  description: 'Position of the event. Pass it as `afterPosition` to go on behind it.',
};
const EVENT = {
  nullable: true,
  description:
    'The entry of history of the event; null where it has none, as claims on names. Needs `audit-log/view`.',
};

@ObjectType({
  simpleResolvers: true,
  description: 'An event of a role, and the role as it is now. A value without an `id`.',
})
export class RoleChanged extends Changed {
  @Field(() => PositionScalar, POSITION)
  override get position(): string {
    return super.position;
  }

  @Field(() => Role, {
    nullable: true,
    description: 'The role as of the event or later; of one that was deleted, what is left of it.',
  })
  role(): Promise<Role | null> {
    return roleById(this.moment, this.subject);
  }

  @Field(() => HistoryEntry, EVENT)
  @Guarded(VIEW_HISTORY)
  override event(): Promise<HistoryEntry | null> {
    return super.event();
  }
}

@ObjectType({
  simpleResolvers: true,
  description: 'An event of a user, and the user as they are now. A value without an `id`.',
})
export class UserChanged extends Changed {
  @Field(() => PositionScalar, POSITION)
  override get position(): string {
    return super.position;
  }

  @Field(() => User, {
    nullable: true,
    description: 'The user as of the event or later; null before they are registered.',
  })
  @Open()
  user(): Promise<User | null> {
    return userById(this.moment, this.subject);
  }

  @Field(() => HistoryEntry, EVENT)
  @Guarded(VIEW_HISTORY)
  override event(): Promise<HistoryEntry | null> {
    return super.event();
  }
}
