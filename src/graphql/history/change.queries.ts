import { Args, Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import type { ChangeRow } from '../../../projections/view';
import { VIEW_HISTORY } from '../caller';
import { connectionOf, pageRequest } from '../connection';
import type { RequestContext } from '../context';
import { Guarded } from '../guard';
import { Cost, COUNT_WORK } from '../limits/field-cost';
import type { EdgeCursor } from '../list-pages';
import { Change } from './change.type';
import { asHistoryFilter, HistoryArgs } from './history.queries';

@ObjectType({ simpleResolvers: true, description: 'A change in a list.' })
export class ChangeEdge {
  @Field(() => String, {
    description: 'Cursor of this edge. Pass it as `after` to continue behind the edge.',
  })
  cursor!: EdgeCursor;

  @Field(() => Change, { description: 'The change.' })
  node!: Change;
}

@ObjectType({ simpleResolvers: true, description: 'Changes, newest first, page by page.' })
export class ChangeConnection extends connectionOf<ChangeRow, ChangeEdge, Change>(
  () => ChangeEdge,
  () => Change,
) {}

@Resolver()
export class ChangeQueries {
  @Query(() => ChangeConnection, {
    nullable: true,
    description:
      'History of the account, newest first, with all that was recorded at once as one change. A change is listed if one of its entries matches the filter. Pages stay as they are while new changes come: these are before the first one. Needs `audit-log/view`.',
  })
  @Guarded(VIEW_HISTORY)
  @Cost({ work: 100, count: 2 * COUNT_WORK })
  changes(@Ctx() context: RequestContext, @Args(() => HistoryArgs) args: HistoryArgs): ChangeConnection {
    const { now } = context;
    const filter = asHistoryFilter(args.filter, now.catalogue);
    return new ChangeConnection(now, pageRequest(args), {
      read: (page) => now.view.changes(filter, page),
      count: () => now.view.countChanges(filter),
      edge: (row, cursor) => ({ cursor, node: new Change(row, now) }),
    });
  }
}
