import { Args, Field, ObjectType } from 'type-graphql';
import type { RolePreview } from '../../../projections/view';
import { once } from '../../shared/once';
import { UserAccessDiff, UserAccessDiffConnection } from '../access/access-diff.type';
import { PageArgs, pageRequest } from '../connection';
import { Open } from '../guard';
import { Cost } from '../limits/field-cost';
import type { Rehearsed } from '../mutation/preview';
import { MutationError } from '../mutation/payload.type';
import type { PinnedView } from '../pinned-view';
import { PositionScalar } from '../scalars';
import { PreviewedMoment, usersOfPreview } from './previewed-moment';
import { RoleDiff } from './role-diff.type';
import { Role, roleById } from './role.type';

/** Work of a question that may have to compare every user of a role. */
const DIFF_WORK = 1_000;

@ObjectType({
  simpleResolvers: true,
  description: 'Effect that a change of a role would have. Nothing of it is written.',
})
export class RoleChangePreview {
  constructor(private readonly rehearsed: Rehearsed) {}

  @Field(() => [MutationError], {
    description:
      'Errors that the mutation would answer; of `updateRoleUsers` those of all its results too. Empty where it would be accepted.',
  })
  @Cost({ size: 3 })
  get errors(): MutationError[] {
    return this.rehearsed.errors;
  }

  @Field(() => PositionScalar, {
    description:
      'Position that the preview is as of. Sent as the mutation’s `expectedBasis`, it does exactly what is previewed here, or answers `PREVIEW_STALE`.',
  })
  get basis(): string {
    return this.rehearsed.moment.shown.position;
  }

  @Field(() => Role, {
    nullable: true,
    description:
      'The role as it would be; null where it would be deleted, and where the mutation would be refused. It alone is as it would be: what it leads to, users and permissions, is as of `basis`. Its `id` is the preview’s own, `key` the role’s; that of a role to be made is drawn anew when it is made, unless there is an idempotency key. `createdAt` and `updatedAt` tell what is recorded.',
  })
  @Open()
  @Cost({ work: 25 })
  role(): Role | null {
    const row = this.preview?.row();
    return row && this.target ? new Role(row, this.target) : null;
  }

  @Field(() => RoleDiff, {
    nullable: true,
    description:
      'Differences between the role as of `basis` and as it would be; null where the mutation would be refused. Its `base` is null where the role would be made, its `target` where it would be deleted.',
  })
  @Open()
  @Cost({ work: 25 })
  async diff(): Promise<RoleDiff | null> {
    const { preview, target } = this;
    const { moment, change } = this.rehearsed;
    if (!change || !preview || !target) return null;
    const [base, role] = [await roleById(moment, change.role), this.role()];
    if (base === null && role === null) return null;
    const leaving = role === null ? undefined : usersOfPreview(preview, 'LEAVING');
    return new RoleDiff(
      { moment, id: change.role, role: base, beyond: leaving },
      { moment: target, id: change.role, role, beyond: usersOfPreview(preview, 'JOINING') },
    );
  }

  @Field(() => UserAccessDiffConnection, {
    nullable: true,
    description:
      'Users whose effective permissions or scopes would change, in the order of their registration, as of `basis`. Nothing has caused it yet: `causes` are null.',
  })
  @Open()
  @Cost({ work: DIFF_WORK, count: DIFF_WORK })
  affectedUsers(@Args(() => PageArgs) args: PageArgs): UserAccessDiffConnection {
    const { preview } = this;
    const { moment } = this.rehearsed;
    return new UserAccessDiffConnection(moment, pageRequest(args), {
      read: (page) => preview?.affected(page) ?? Promise.resolve(NOBODY),
      count: async () => (preview ? ((await preview.countAffected())?.users ?? null) : 0),
      edge: (row, cursor) => ({ cursor, node: new UserAccessDiff(row, moment, () => Promise.resolve(null)) }),
    });
  }

  @once
  private get preview(): RolePreview | null {
    const { change, moment } = this.rehearsed;
    return change && moment.view.preview(change);
  }

  /** The role as it would be. */
  @once
  private get target(): PinnedView | null {
    const { change, moment } = this.rehearsed;
    return change && this.preview ? new PreviewedMoment(moment, change, this.preview) : null;
  }
}

const NOBODY = { items: [], hasMore: false };
