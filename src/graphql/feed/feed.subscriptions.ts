import { Arg, Ctx, ID, Resolver, Root, Subscription, type SubscribeResolverData } from 'type-graphql';
import { isEventType } from '../../domain/schemas';
import { VIEW_HISTORY, VIEW_ROLES, VIEW_USERS } from '../caller';
import type { RequestContext } from '../context';
import { badInput } from '../errors';
import { idOf } from '../global-id';
import { Guarded, Open } from '../guard';
import { PositionScalar } from '../scalars';
import { AccountChanged, RoleChanged, UserChanged } from './changed.type';
import { SubscribingContext, type FeedMessage, type FeedWanted } from './feed-source';
import { LogEventFilter, LogEventMessage } from './log-event.type';

const AFTER =
  'Position, or id of an event, to begin behind: that of an answer of a query misses nothing that came after it. Null or left out: with the first event of the account. One beyond the end is POSITION_NOT_REACHED.';

/** Opens the feed that a field asks for by its arguments. */
const opening =
  <Args>(wanted: (args: Args) => Omit<FeedWanted, 'after'>) =>
  ({ args, context }: SubscribeResolverData): AsyncIterable<FeedMessage> => {
    const { afterPosition } = args as { afterPosition?: string | null };
    if (!(context instanceof SubscribingContext)) throw new Error('Subscriptions come by a socket.');
    const opened = context.open({ ...wanted(args as Args), after: afterPosition ?? null });
    // GraphQL waits for it; TypeGraphQL’s type leaves that out.
    return opened as unknown as AsyncIterable<FeedMessage>;
  };

const named = (type: 'Role' | 'User', id: string, at: string): string => {
  const found = idOf(type, id);
  if (found === null) throw badInput(`\`${at}\` is not the id of a ${type.toLowerCase()}.`);
  return found;
};

const EVERYTHING = { types: null, role: null, user: null, heartbeats: false } as const;

@Resolver()
export class FeedSubscriptions {
  @Subscription(() => LogEventMessage, {
    nullable: true,
    description:
      'The events of the account and of the catalogue, in the order of the log: from the past into what is recorded from now on. Names are told to those who have `users/view` too. Needs `audit-log/view`.',
    subscribe: opening<{ filter?: LogEventFilter | null }>(({ filter }) => ({
      ...{ field: 'logEvents', needs: VIEW_HISTORY, heartbeats: true },
      types: filter?.types == null ? null : typesOf(filter.types),
      role: filter?.roleId == null ? null : named('Role', filter.roleId, 'filter.roleId'),
      user: filter?.userId == null ? null : named('User', filter.userId, 'filter.userId'),
    })),
  })
  @Guarded(VIEW_HISTORY)
  logEvents(
    @Root() message: FeedMessage,
    @Arg('afterPosition', () => PositionScalar, { nullable: true, description: AFTER })
    _after?: string | null,
    @Arg('filter', () => LogEventFilter, {
      nullable: true,
      description: 'Choice among the events; left out: all.',
    })
    _filter?: LogEventFilter | null,
  ): LogEventMessage {
    return new LogEventMessage(message);
  }

  @Subscription(() => AccountChanged, {
    nullable: true,
    description:
      'The positions that the account has come to by its own events and those of the catalogue: for whoever reads anew what is old. Many changes at once are one message; the first message comes at once. Every active user may ask.',
    subscribe: opening(() => ({
      ...EVERYTHING,
      ...{ field: 'accountChanged', needs: null, heartbeats: true, positionsAlone: true },
    })),
  })
  @Open()
  accountChanged(
    @Root() message: FeedMessage,
    @Arg('afterPosition', () => PositionScalar, { nullable: true, description: AFTER })
    _after?: string | null,
  ): AccountChanged {
    return new AccountChanged(message);
  }

  @Subscription(() => RoleChanged, {
    nullable: true,
    description:
      'One message for each event of a role, with the role as it is then: pass the position of the query that showed it. Needs `roles/view`.',
    subscribe: opening<{ id: string }>(({ id }) => ({
      ...EVERYTHING,
      ...{ field: 'roleChanged', needs: VIEW_ROLES },
      role: named('Role', id, 'id'),
    })),
  })
  @Guarded(VIEW_ROLES)
  roleChanged(
    @Root() message: FeedMessage,
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'Global id of the role.' }) id: string,
    @Arg('afterPosition', () => PositionScalar, { nullable: true, description: AFTER })
    _after?: string | null,
  ): RoleChanged {
    return new RoleChanged(message, context.now, idOf('Role', id)!);
  }

  @Subscription(() => UserChanged, {
    nullable: true,
    description:
      'One message for each event of a user, roles given and taken among them, with the user as they are then. Needs `users/view`.',
    subscribe: opening<{ id: string }>(({ id }) => ({
      ...EVERYTHING,
      ...{ field: 'userChanged', needs: VIEW_USERS },
      user: named('User', id, 'id'),
    })),
  })
  @Guarded(VIEW_USERS)
  userChanged(
    @Root() message: FeedMessage,
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'Global id of the user.' }) id: string,
    @Arg('afterPosition', () => PositionScalar, { nullable: true, description: AFTER })
    _after?: string | null,
  ): UserChanged {
    return new UserChanged(message, context.now, idOf('User', id)!);
  }
}

function typesOf(types: readonly string[]): ReadonlySet<string> {
  if (!types.every(isEventType)) throw badInput('`filter.types` has one that is no type of event.');
  return new Set(types);
}
