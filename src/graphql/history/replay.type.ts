import { Field, ObjectType } from 'type-graphql';
import type { ReplayRow } from '../../../projections/view';
import { VIEW_ROLES, VIEW_USERS } from '../caller';
import { connectionOf } from '../connection';
import { Guarded, Open } from '../guard';
import { Cost } from '../limits/field-cost';
import type { EdgeCursor } from '../list-pages';
import type { PinnedView } from '../pinned-view';
import { Role, roleById } from '../role/role.type';
import { User, userById } from '../user/user.type';
import { Change } from './change.type';
import { HistoryEntry } from './history.type';
import { MomentThen } from './moment-then';

/** Work of pinning a view, and reading an object of it. */
const SIDE_WORK = 50;

const CURSOR = 'Cursor of this edge. Pass it as `after` to continue behind the edge.';
const CHANGE =
  'The change, with all that was recorded at once, which took effect together: a replay has one step for it.';
const ENTRY = (what: string): string =>
  `The first entry of the change that is about the ${what}; \`change\` has all of them.`;
const BEFORE = (what: string): string =>
  `The ${what} as of the last moment before anything of the change was recorded; null where there was none.`;
const AFTER = (what: string): string =>
  `The ${what} as of the moment when the change had taken effect; null where a void event names one that never was.`;

abstract class ReplayStep {
  protected readonly then: MomentThen;

  constructor(
    private readonly row: ReplayRow,
    private readonly view: PinnedView,
    protected readonly of: string,
  ) {
    this.then = new MomentThen(row.entry, view);
  }

  protected get ownEntry(): HistoryEntry {
    return new HistoryEntry(this.row.entry, this.view);
  }

  protected get ownChange(): Change {
    return new Change(this.row.change, this.view);
  }
}

@ObjectType({
  simpleResolvers: true,
  description: 'A step of a role’s life: a change, and the role on both sides.',
})
export class RoleReplayStep extends ReplayStep {
  @Field(() => HistoryEntry, { description: ENTRY('role') })
  @Open()
  get entry(): HistoryEntry {
    return this.ownEntry;
  }

  @Field(() => Change, { description: CHANGE })
  get change(): Change {
    return this.ownChange;
  }

  @Field(() => Role, { nullable: true, description: `${BEFORE('role')} Needs \`roles/view\`.` })
  @Guarded(VIEW_ROLES)
  @Cost({ work: SIDE_WORK })
  before(): Promise<Role | null> {
    return roleById(this.then.before, this.of);
  }

  @Field(() => Role, { nullable: true, description: `${AFTER('role')} Needs \`roles/view\`.` })
  @Guarded(VIEW_ROLES)
  @Cost({ work: SIDE_WORK })
  after(): Promise<Role | null> {
    return roleById(this.then.after, this.of);
  }
}

@ObjectType({
  simpleResolvers: true,
  description: 'A step of a user’s life: a change, and the user on both sides.',
})
export class UserReplayStep extends ReplayStep {
  @Field(() => HistoryEntry, { description: ENTRY('user') })
  @Open()
  get entry(): HistoryEntry {
    return this.ownEntry;
  }

  @Field(() => Change, { description: CHANGE })
  get change(): Change {
    return this.ownChange;
  }

  @Field(() => User, { nullable: true, description: `${BEFORE('user')} Needs \`users/view\`.` })
  @Guarded(VIEW_USERS)
  @Cost({ work: SIDE_WORK })
  before(): Promise<User | null> {
    return userById(this.then.before, this.of);
  }

  @Field(() => User, { nullable: true, description: `${AFTER('user')} Needs \`users/view\`.` })
  @Guarded(VIEW_USERS)
  @Cost({ work: SIDE_WORK })
  after(): Promise<User | null> {
    return userById(this.then.after, this.of);
  }
}

@ObjectType({ simpleResolvers: true, description: 'A step in a replay of a role.' })
export class RoleReplayEdge {
  @Field(() => String, { description: CURSOR })
  cursor!: EdgeCursor;

  @Field(() => RoleReplayStep, { description: 'The step.' })
  node!: RoleReplayStep;
}

@ObjectType({ simpleResolvers: true, description: 'A step in a replay of a user.' })
export class UserReplayEdge {
  @Field(() => String, { description: CURSOR })
  cursor!: EdgeCursor;

  @Field(() => UserReplayStep, { description: 'The step.' })
  node!: UserReplayStep;
}

@ObjectType({ simpleResolvers: true, description: 'Steps of a role’s life, oldest first, page by page.' })
export class RoleReplayConnection extends connectionOf<ReplayRow, RoleReplayEdge, RoleReplayStep>(
  () => RoleReplayEdge,
  () => RoleReplayStep,
) {}

@ObjectType({
  simpleResolvers: true,
  description: 'Steps of a user’s life, oldest first, page by page.',
})
export class UserReplayConnection extends connectionOf<ReplayRow, UserReplayEdge, UserReplayStep>(
  () => UserReplayEdge,
  () => UserReplayStep,
) {}
