import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { pageRequest } from '../connection';
import type { RequestContext } from '../context';
import { Cost, COUNT_WORK } from '../limits/field-cost';
import { VIEW_HISTORY } from '../rights';
import { HistoryConnection, historyConnection } from './connection';
import { asHistoryFilter, HistoryArgs } from './filter';

@Resolver()
export class HistoryResolver {
  @Query(() => HistoryConnection, {
    description:
      'What happened in the account, newest first: who changed what, when and why. Needs `audit-log/view`.',
  })
  @Cost({ work: 50, count: COUNT_WORK })
  history(@Ctx() context: RequestContext, @Args(() => HistoryArgs) args: HistoryArgs): HistoryConnection {
    context.caller.need(VIEW_HISTORY);
    return historyConnection(context.now, asHistoryFilter(args.filter), pageRequest(args));
  }
}
