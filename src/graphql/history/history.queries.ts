import { Args, ArgsType, Ctx, Field, ID, InputType, ObjectType, Query, Resolver } from 'type-graphql';
import { historyCursor } from '../../../projections';
import {
  InvalidCursorError,
  type HistoryFilter,
  type HistoryRow,
  type PageRequest,
} from '../../../projections/view';
import { VIEW_HISTORY } from '../caller';
import { connectionOf, PageArgs, pageRequest } from '../connection';
import type { EdgeCursor, PageCursors } from '../list-pages';
import type { RequestContext } from '../context';
import type { Catalogue } from '../../domain/catalogue/catalogue';
import { areSealed } from '../entry-number';
import { badInput } from '../errors';
import { idOf } from '../global-id';
import { Guarded } from '../guard';
import { Cost, COUNT_WORK } from '../limits/field-cost';
import type { PinnedView } from '../pinned-view';
import { actorOf } from './actor.type';
import { HistoryEventType } from './history-event.type';
import { HistoryEntry } from './history.type';

@InputType('HistoryFilter', {
  description: 'Filter of history entries: an entry must match every field that is given.',
})
export class HistoryFilterInput {
  @Field(() => ID, {
    nullable: true,
    description: 'Role that the entries are about; of a default role also what publications changed in it.',
  })
  role?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'User that the entries are about: assigned, unassigned, deactivated and so on, and the deletions of roles that the user was in.',
  })
  user?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Actor who made the changes, by the id that `Actor` gives: `User:ana`, `Operator:root`, `Service:sync`. An actor who never was has no entries.',
  })
  actor?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Permission that the entries are about, by key: granted, revoked, its scopes changed, the deletions of roles that granted it, and what publications of the catalogue changed in it and in its grants by default roles. A key that the catalogue never had is BAD_USER_INPUT, so that a misspelt one is not read as “nothing happened”.',
  })
  permission?: string | null;

  @Field(() => [HistoryEventType], {
    nullable: true,
    description:
      'Types of the entries. Left out or null: any type. An empty list: no type, so that nothing is found.',
  })
  types?: HistoryEventType[] | null;

  @Field(() => Date, { nullable: true, description: 'Earliest `at` of the entries, this time included.' })
  since?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Latest `at` of the entries, this time included.' })
  until?: Date | null;
}

@ArgsType()
export class HistoryArgs extends PageArgs {
  @Field(() => HistoryFilterInput, {
    nullable: true,
    description: 'Filter of the entries; left out: all entries.',
  })
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
  @Field(() => String, {
    description: 'Cursor of this edge. Pass it as `after` to continue behind the edge.',
  })
  cursor!: EdgeCursor;

  @Field(() => HistoryEntry, { description: 'The entry.' })
  node!: HistoryEntry;
}

@ObjectType({ simpleResolvers: true, description: 'Entries of the history, newest first, page by page.' })
export class HistoryConnection extends connectionOf<HistoryRow, HistoryEdge, HistoryEntry>(
  () => HistoryEdge,
  () => HistoryEntry,
) {}

export const historyConnection = (
  moment: PinnedView,
  filter: HistoryFilter,
  request: PageRequest,
): HistoryConnection =>
  new HistoryConnection(moment, request, {
    read: (page) => moment.view.history(filter, page),
    count: () => moment.view.countHistory(filter),
    edge: (row, cursor) => ({ cursor, node: new HistoryEntry(row, moment) }),
    cursors: historyCursors(moment),
  });

/** Cursors of history are the ids of its entries: each holds the number of one, which is not shown in clear. */
const historyCursors = ({ request: { numbers } }: PinnedView): PageCursors<HistoryRow> => ({
  seal: (cursor, entry) => numbers.seal(entry) ?? cursor,
  open(text) {
    const number = numbers.open(text);
    if (number !== null) return historyCursor(number);
    if (areSealed(numbers)) throw new InvalidCursorError('the cursor is not one of this account');
    return text;
  },
});

@Resolver()
export class HistoryQueries {
  @Query(() => HistoryConnection, {
    nullable: true,
    description:
      'History of the account, newest first: who changed what, when and why. Needs `audit-log/view`.',
  })
  @Guarded(VIEW_HISTORY)
  @Cost({ work: 50, count: COUNT_WORK })
  history(@Ctx() context: RequestContext, @Args(() => HistoryArgs) args: HistoryArgs): HistoryConnection {
    const { now } = context;
    return historyConnection(now, asHistoryFilter(args.filter, now.catalogue), pageRequest(args));
  }
}
