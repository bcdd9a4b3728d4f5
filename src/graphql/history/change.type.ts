import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { ChangeRow } from '../../../projections/view';
import { countedInWords } from '../../domain/description/counted';
import { globalId, Node } from '../global-id';
import { Open } from '../guard';
import { Cost } from '../limits/field-cost';
import { Moment } from '../moment.type';
import type { PinnedView } from '../pinned-view';
import { Actor } from './actor.type';
import { entryId, HistoryEntry } from './history.type';

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description:
    'All that one command recorded at once on one role, user or the account, or one publication of the catalogue: it took effect together. A command that changes several roles or users records a change for each; they share the `requestId`.',
})
export class Change implements Node {
  private readonly begin: HistoryEntry;

  constructor(
    private readonly row: ChangeRow,
    private readonly view: PinnedView,
  ) {
    this.begin = new HistoryEntry(row.entry, view);
  }

  @Field(() => ID, {
    description:
      'Global id, made of the number of its first entry: the same in every copy of the log, good for the account that it was given to.',
  })
  get id(): string {
    return globalId('Change', entryId(this.row.entry, this.view));
  }

  @Field(() => Moment, {
    description:
      'Moment at which it took effect: `asOf` its position shows it as a whole, and no earlier one shows any of it.',
  })
  get moment(): Moment {
    const { shown } = this.row.entry;
    return { position: this.view.request.encode(shown), time: new Date(shown.time) };
  }

  @Field(() => Actor, { description: 'Actor who made the change, with the name of that time.' })
  @Open()
  get actor(): Actor {
    return this.begin.actor;
  }

  @Field(() => String, {
    nullable: true,
    description: 'Reason of the change, in the actor’s words: a ticket, an approval.',
  })
  get reason(): string | null {
    return this.row.entry.reason;
  }

  @Field(() => String, {
    description: 'The command that led to it, e.g. `updateRole`; empty where a void event does not say it.',
  })
  get command(): string {
    return this.row.entry.command;
  }

  @Field(() => String, {
    description: 'Correlation id of the request: the same for all that one request did.',
  })
  get requestId(): string {
    return this.row.entry.requestId;
  }

  @Field(() => String, {
    description:
      'The change as one sentence, with the names of that time: its first entry, and the number of the others by type.',
  })
  @Cost({ work: 10 })
  async summary(): Promise<string> {
    const { others, entry } = this.row;
    const sentence = await this.begin.summary();
    if (others.size === 0) return sentence;
    return `${sentence.replace(/\.$/, '')}, with ${countedInWords(others, entry.type)}.`;
  }

  @Field(() => Int, { description: 'Number of its entries.' })
  get entryCount(): number {
    return [...this.row.others.values()].reduce((sum, count) => sum + count, 1);
  }

  @Field(() => [HistoryEntry], {
    description:
      'Its entries, in the order in which they were recorded: all of them, also those that a filter of the list does not match. Some thousand at most.',
  })
  @Open()
  @Cost({ work: 20, size: 5 })
  async entries(): Promise<HistoryEntry[]> {
    const rows = await this.view.view.changeEntries(this.row);
    return rows.map((row) => new HistoryEntry(row, this.view));
  }
}

/** The change that begins with an entry, by the number of the entry; null where none does. */
export async function changeOf(
  moment: PinnedView,
  number: { readonly ordinal: number; readonly part: number },
): Promise<Change | null> {
  const row = await moment.changes.load(number);
  const begins = row?.entry.ordinal === number.ordinal && number.part === 0;
  return row && begins ? new Change(row, moment) : null;
}
