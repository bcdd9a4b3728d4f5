import { Field, ObjectType } from 'type-graphql';
import { ordinalFrom, type AccessCauses, type UserAccessChange as Row } from '../../../projections/view';
import { once } from '../../shared/once';
import { connectionOf } from '../connection';
import { Open } from '../guard';
import { Change } from '../history/change.type';
import { HistoryUser } from '../history/history.type';
import { MomentThen } from '../history/moment-then';
import { Cost } from '../limits/field-cost';
import type { EdgeCursor } from '../list-pages';
import { Moment } from '../moment.type';
import type { PinnedView } from '../pinned-view';
import { AccessChange } from './access-diff.type';

@ObjectType({
  simpleResolvers: true,
  description:
    'Access of one user that one change gave or took: the difference between what had effect right before it, and at its moment.',
})
export class UserAccessChange {
  constructor(
    private readonly row: Row,
    private readonly view: PinnedView,
  ) {}

  @Field(() => Moment, {
    description:
      'Moment at which it took effect: `asOf` its position shows the access as it was from then on.',
  })
  get moment(): Moment {
    return this.after.shown;
  }

  @Field(() => Change, {
    nullable: true,
    description:
      'The change that did it, whatever it was: an assignment, the deletion of a role, a grant, a feature, a publication, a deactivation, an erasure. By whom and why is on it.',
  })
  @Open()
  @Cost({ work: 10 })
  async change(): Promise<Change | null> {
    const row = await this.view.changes.load({ ordinal: this.row.entry, part: 0 });
    return row && new Change(row, this.view);
  }

  @Field(() => HistoryUser, { description: 'The user, as the change left them.' })
  @Open()
  get user(): HistoryUser {
    const { position, time, ordinal } = this.after.view.pin;
    const shown = { ordinal, position: position ?? 0n, time: time?.getTime() ?? 0 };
    return new HistoryUser(
      this.row.user,
      new MomentThen({ ordinal: this.row.append.first, shown }, this.view),
    );
  }

  @Field(() => [AccessChange], {
    description:
      'Permissions that the user had from then on, and scopes of those had before, in catalogue order.',
  })
  @Cost({ size: 4 })
  get gained(): AccessChange[] {
    return this.changes('gained');
  }

  @Field(() => [AccessChange], {
    description:
      'Permissions that the user had no longer, and scopes of those still had, in catalogue order.',
  })
  @Cost({ size: 4 })
  get lost(): AccessChange[] {
    return this.changes('lost');
  }

  private changes(side: 'gained' | 'lost'): AccessChange[] {
    return this.row[side].map(
      (row, index) => new AccessChange(row, this.after, async () => (await this.causes)[side][index] ?? []),
    );
  }

  /** The first view that shows the change. */
  @once
  private get after(): PinnedView {
    return this.view.request.showing({ showing: this.row.append.last });
  }

  @once
  private get causes(): Promise<AccessCauses> {
    const { row, after } = this;
    return after.view
      .accessCauses(ordinalFrom(row.append.first, -1), [row])
      .then(([found]) => found ?? { gained: [], lost: [] });
  }
}

@ObjectType({ simpleResolvers: true, description: 'A change of access in a list.' })
export class UserAccessChangeEdge {
  @Field(() => String, {
    description: 'Cursor of this edge. Pass it as `after` to continue behind the edge.',
  })
  cursor!: EdgeCursor;

  @Field(() => UserAccessChange, { description: 'The change of access.' })
  node!: UserAccessChange;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'Changes of access, newest first, page by page. Those that one change made for several users are in the order of their registration.',
})
export class UserAccessChangeConnection extends connectionOf<Row, UserAccessChangeEdge, UserAccessChange>(
  () => UserAccessChangeEdge,
  () => UserAccessChange,
) {}
