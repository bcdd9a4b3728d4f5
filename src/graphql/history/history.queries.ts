import { Args, ArgsType, Ctx, Field, ID, InputType, ObjectType, Query, Resolver } from 'type-graphql';
import type { HistoryFilter, HistoryRow, PageRequest } from '../../../projections/view';
import { VIEW_HISTORY } from '../caller';
import { connectionOf, PageArgs, pageRequest } from '../connection';
import type { RequestContext } from '../context';
import { badInput } from '../errors';
import { idOf } from '../global-id';
import { Cost, COUNT_WORK } from '../limits/field-cost';
import type { PinnedView } from '../pinned-view';
import { actorOf } from './actor.type';
import { HistoryEventType } from './history-event.type';
import { HistoryEntry } from './history.type';

@InputType('HistoryFilter', { description: 'Which entries to return: those that fit all that is given.' })
export class HistoryFilterInput {
  @Field(() => ID, { nullable: true, description: 'About this role.' })
  role?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'About this user: assigned, unassigned, deactivated and so on, and the deletions of roles that the user was in.',
  })
  user?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Done by this actor, by the id that `Actor` gives: `User:ana`, `Operator:root`, `Service:sync`.',
  })
  actor?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'About this permission, by key: granted, revoked, its scopes changed, and the deletions of roles that granted it.',
  })
  permission?: string | null;

  @Field(() => [HistoryEventType], { nullable: true, description: 'Of one of these types.' })
  types?: HistoryEventType[] | null;

  @Field(() => Date, { nullable: true, description: 'Whose `at` is this time or later.' })
  since?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Whose `at` is this time or before.' })
  until?: Date | null;
}

@ArgsType()
export class HistoryArgs extends PageArgs {
  @Field(() => HistoryFilterInput, { nullable: true, description: 'Which entries; left out: all.' })
  filter?: HistoryFilterInput | null;
}

/** @throws GraphQLError `BAD_USER_INPUT` */
export function asHistoryFilter(input: HistoryFilterInput | null | undefined): HistoryFilter {
  if (input == null) return {};
  const { role, user, actor, permission, types, since, until } = input;
  return {
    role: role == null ? null : (idOf('Role', role) ?? malformed('role')),
    user: user == null ? null : (idOf('User', user) ?? malformed('user')),
    actor: actor == null ? null : (actorOf(actor) ?? malformed('actor')),
    permission: permission ?? null,
    types: types ?? null,
    since: since ?? null,
    until: until ?? null,
  };
}

function malformed(field: string): never {
  throw badInput(`\`filter.${field}\` is not an id of that type.`);
}

@ObjectType({ simpleResolvers: true, description: 'An entry in a list.' })
export class HistoryEdge {
  @Field({ description: 'Continue behind this edge with `after`.' })
  cursor!: string;

  @Field(() => HistoryEntry, { description: 'The entry.' })
  node!: HistoryEntry;
}

@ObjectType({ simpleResolvers: true, description: 'Entries of the history, newest first, page by page.' })
export class HistoryConnection extends connectionOf<HistoryRow, HistoryEdge>(() => HistoryEdge) {}

export const historyConnection = (
  moment: PinnedView,
  filter: HistoryFilter,
  request: PageRequest,
): HistoryConnection =>
  new HistoryConnection(
    request,
    (page) => moment.view.history(filter, page),
    () => moment.view.countHistory(filter),
    (row, cursor) => ({ cursor, node: new HistoryEntry(row, moment) }),
  );

@Resolver()
export class HistoryQueries {
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
