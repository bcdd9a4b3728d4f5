import { Args, ArgsType, Ctx, Field, ID, InputType, ObjectType, Query, Resolver } from 'type-graphql';
import type { HistoryFilter, HistoryRow, PageRequest } from '../../../projections/view';
import { VIEW_HISTORY } from '../caller';
import { connectionOf, PageArgs, pageRequest } from '../connection';
import type { RequestContext } from '../context';
import type { Catalogue } from '../../domain/catalogue/catalogue';
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
      'Done by this actor, by the id that `Actor` gives: `User:ana`, `Operator:root`, `Service:sync`. Of one who never was there is nothing.',
  })
  actor?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'About this permission, by key: granted, revoked, its scopes changed, and the deletions of roles that granted it. A key that the catalogue never had is BAD_USER_INPUT, so that a misspelt one is not read as “nothing happened”.',
  })
  permission?: string | null;

  @Field(() => [HistoryEventType], {
    nullable: true,
    description:
      'Of one of these types. Left out or null: of any. An empty list: of none, so that nothing is found.',
  })
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
export function asHistoryFilter(
  input: HistoryFilterInput | null | undefined,
  catalogue: Catalogue,
): HistoryFilter {
  if (input == null) return {};
  const { role, user, actor, permission, types, since, until } = input;
  if (permission != null && !catalogue.permission.has(permission))
    throw badInput('`filter.permission` is no permission that the catalogue ever had.');
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
    const { now } = context;
    return historyConnection(now, asHistoryFilter(args.filter, now.catalogue), pageRequest(args));
  }
}
