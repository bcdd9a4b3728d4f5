import { Field, ObjectType } from 'type-graphql';
import type { HistoryFilter, HistoryRow, PageRequest } from '../../../projections/view';
import { connectionOf } from '../connection';
import type { PinnedView } from '../pinned-view';
import type { Ref } from '../ref';
import { HistoryEntry } from './entry';

@ObjectType({ simpleResolvers: true, description: 'An entry in a list.' })
export class HistoryEdge {
  @Field({ description: 'Continue behind this edge with `after`.' })
  cursor!: string;

  @Field(() => HistoryEntry, { description: 'The entry.' })
  node!: Ref<HistoryEntry>;
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
