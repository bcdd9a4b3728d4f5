import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { pageRequest } from '../connection';
import type { RequestContext } from '../context';
import { VIEW_HISTORY } from '../rights';
import { HistoryConnection, historyConnection } from './connection';
import { asHistoryFilter, HistoryArgs } from './filter';

@Resolver()
export class HistoryResolver {
  @Query(() => HistoryConnection, {
    description:
      'What happened in the account, newest first: who changed what, when and why. Needs `audit-log/view`.',
  })
  history(@Ctx() context: RequestContext, @Args(() => HistoryArgs) args: HistoryArgs): HistoryConnection {
    context.caller.need(VIEW_HISTORY);
    const { now } = context;
    return historyConnection(now, asHistoryFilter(args.filter, now.catalogue), pageRequest(args));
  }
}
