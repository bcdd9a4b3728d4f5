import DataLoader from 'dataloader';
import { Args, Field, ID, Int, ObjectType } from 'type-graphql';
import type {
  AccessCauses,
  AccessChange as ChangeRow,
  AccessDiffCounts,
  AccessDiffFilter,
  UserAccessDiff as DiffRow,
} from '../../../projections/view';
import { once } from '../../shared/once';
import { VIEW_HISTORY } from '../caller';
import { connectionOf, PageArgs, pageRequest } from '../connection';
import { globalId } from '../global-id';
import { Guarded, Open } from '../guard';
import { HistoryEntry } from '../history/history.type';
import { Cost } from '../limits/field-cost';
import type { EdgeCursor } from '../list-pages';
import { Moment } from '../moment.type';
import { Permission, permissionOf } from '../permission/permission.type';
import type { PinnedView } from '../pinned-view';
import { User, userById } from '../user/user.type';

/** Work of a question that may have to compare every user. */
const DIFF_WORK = 1_000;
/** Users whose causes are found at once. */
const CAUSES_AT_ONCE = 10;

/** Null: nothing has made the change yet. */
type FindCauses = () => Promise<AccessCauses | null>;

@ObjectType({
  simpleResolvers: true,
  description:
    'A permission that a user effectively has at one of the moments alone, or with scopes that differ.',
})
export class AccessChange {
  constructor(
    private readonly row: ChangeRow,
    private readonly moment: PinnedView,
    private readonly findCauses: () => Promise<AccessCauses['gained'][number] | null>,
  ) {}

  @Field(() => Permission, { description: 'The permission, as of the later moment.' })
  get permission(): Permission {
    return permissionOf(this.moment, this.row.permission);
  }

  @Field(() => [String], {
    description:
      'Scopes gained or lost with it; of a permission that the user has at both moments only those that differ.',
  })
  get scopes(): readonly string[] {
    return this.row.scopes;
  }

  @Field(() => [HistoryEntry], {
    nullable: true,
    description:
      'Entries of the history that made the change, oldest first: for the permission and for each of the scopes the last event between the moments that gave it (or took it). Of a publication of the catalogue those entries that tell of the permission, or of it in a default role of the user. Null in a preview: nothing has made the change yet. Needs `audit-log/view`.',
  })
  @Guarded(VIEW_HISTORY)
  @Cost({ work: 10, size: 2 })
  async causes(): Promise<HistoryEntry[] | null> {
    const numbers = await this.findCauses();
    if (numbers === null) return null;
    const rows = await Promise.all(numbers.map((number) => this.moment.entries.load(number)));
    return rows.flatMap((row) => (row ? [new HistoryEntry(row, this.moment)] : []));
  }
}

@ObjectType({
  simpleResolvers: true,
  description:
    'Differences between what a user effectively may do at two moments, or now and after a change that is previewed: what is withheld counts as not had.',
})
export class UserAccessDiff {
  constructor(
    private readonly row: DiffRow,
    private readonly moment: PinnedView,
    private readonly findCauses: FindCauses,
  ) {}

  @Field(() => User, {
    nullable: true,
    description:
      'The user, as of the later moment, in a preview as of its basis; null where that does not have the user.',
  })
  @Open()
  user(): Promise<User | null> {
    return userById(this.moment, this.row.user);
  }

  @Field(() => ID, { description: 'Global id of the user, as of now.' })
  get userId(): string {
    return globalId('User', this.row.user);
  }

  @Field(() => [AccessChange], {
    description: 'Permissions and scopes that the user has at the later moment alone, in catalogue order.',
  })
  @Cost({ size: 4 })
  get gained(): AccessChange[] {
    return this.changes('gained');
  }

  @Field(() => [AccessChange], {
    description: 'Permissions and scopes that the user has at the earlier moment alone, in catalogue order.',
  })
  @Cost({ size: 4 })
  get lost(): AccessChange[] {
    return this.changes('lost');
  }

  private changes(side: 'gained' | 'lost'): AccessChange[] {
    return this.row[side].map(
      (row, index) =>
        new AccessChange(row, this.moment, async () => {
          const causes = await this.findCauses();
          return causes && (causes[side][index] ?? []);
        }),
    );
  }
}

@ObjectType({ simpleResolvers: true, description: 'A user in a list of differences.' })
export class UserAccessDiffEdge {
  @Field(() => String, {
    description: 'Cursor of this edge. Pass it as `after` to continue behind the edge.',
  })
  cursor!: EdgeCursor;

  @Field(() => UserAccessDiff, { description: 'The user’s differences.' })
  node!: UserAccessDiff;
}

@ObjectType({
  simpleResolvers: true,
  description: 'Users whose access differs, in the order of their registration, page by page.',
})
export class UserAccessDiffConnection extends connectionOf<DiffRow, UserAccessDiffEdge, UserAccessDiff>(
  () => UserAccessDiffEdge,
  () => UserAccessDiff,
) {}

@ObjectType({
  simpleResolvers: true,
  description: 'Differences between what the users of the account effectively may do at two moments.',
})
export class AccessDiff {
  constructor(
    private readonly earlier: PinnedView,
    private readonly later: PinnedView,
    private readonly filter: AccessDiffFilter,
  ) {}

  @Field(() => Moment, { description: 'The earlier moment.' })
  get from(): Moment {
    return this.earlier.shown;
  }

  @Field(() => Moment, { description: 'The later moment; where none was given that of this request.' })
  get to(): Moment {
    return this.later.shown;
  }

  @Field(() => UserAccessDiffConnection, {
    nullable: true,
    description:
      'Users whose access differs. One without any difference is left out, whatever happened in between.',
  })
  @Open()
  @Cost({ work: DIFF_WORK, count: DIFF_WORK })
  users(@Args(() => PageArgs) args: PageArgs): UserAccessDiffConnection {
    const { later, filter } = this;
    return new UserAccessDiffConnection(later, pageRequest(args), {
      read: (page) => later.view.accessDiffs(filter, page),
      count: async () => (await this.counts)?.users ?? null,
      edge: (row, cursor) => ({
        cursor,
        node: new UserAccessDiff(row, later, () => this.causes.load(row)),
      }),
    });
  }

  @Field(() => Int, {
    nullable: true,
    description:
      'Number of users who gained something; null where more than 10,000 users would have to be compared.',
  })
  @Cost({ work: DIFF_WORK })
  async gainingUserCount(): Promise<number | null> {
    return (await this.counts)?.gaining ?? null;
  }

  @Field(() => Int, {
    nullable: true,
    description:
      'Number of users who lost something; null where more than 10,000 users would have to be compared.',
  })
  @Cost({ work: DIFF_WORK })
  async losingUserCount(): Promise<number | null> {
    return (await this.counts)?.losing ?? null;
  }

  @once
  private get counts(): Promise<AccessDiffCounts | null> {
    return this.later.view.countAccessDiffs(this.filter);
  }

  /** Causes by the differences that they are of. */
  @once
  private get causes(): DataLoader<DiffRow, AccessCauses> {
    const { view, request } = this.later;
    return new DataLoader((rows) => view.accessCauses(this.filter.from, rows), {
      maxBatchSize: CAUSES_AT_ONCE,
      batchScheduleFn: (callback) => request.work.whenIdle(callback),
    });
  }
}
