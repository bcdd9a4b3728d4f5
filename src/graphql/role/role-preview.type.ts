import { Args, Field, ObjectType } from 'type-graphql';
import { UserAccessDiffConnection } from '../access/access-diff.type';
import { PageArgs, pageRequest } from '../connection';
import { Open } from '../guard';
import { Cost } from '../limits/field-cost';
import type { Rehearsed } from '../mutation/preview';
import { MutationError } from '../mutation/payload.type';
import { PositionScalar } from '../scalars';
import { RoleDiff } from './role-diff.type';
import { Role } from './role.type';

/** Work of a question that may have to compare every user of a role. */
const DIFF_WORK = 1_000;

@ObjectType({ simpleResolvers: true, description: 'What a change of a role would do. Nothing of it is written.' })
export class RoleChangePreview {
  constructor(private readonly rehearsed: Rehearsed) {}

  @Field(() => [MutationError], {
    description:
      'What the mutation would answer as its errors; of `updateRoleUsers` those of all its results too. Empty where it would be accepted.',
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
  role(): Promise<Role | null> {
    return Promise.resolve(null);
  }

  @Field(() => RoleDiff, {
    nullable: true,
    description:
      'Differences between the role as of `basis` and as it would be; null where the mutation would be refused. Its `base` is null where the role would be made, its `target` where it would be deleted.',
  })
  @Open()
  @Cost({ work: 25 })
  diff(): Promise<RoleDiff | null> {
    return Promise.resolve(null);
  }

  @Field(() => UserAccessDiffConnection, {
    nullable: true,
    description:
      'Users whose effective permissions or scopes would change, in the order of their registration, as of `basis`. Nothing has caused it yet: `causes` are null.',
  })
  @Open()
  @Cost({ work: DIFF_WORK, count: DIFF_WORK })
  affectedUsers(@Args(() => PageArgs) args: PageArgs): UserAccessDiffConnection {
    return new UserAccessDiffConnection(this.rehearsed.moment, pageRequest(args), {
      read: () => Promise.resolve({ items: [], hasMore: false }),
      count: () => Promise.resolve(0),
      edge: () => {
        throw new Error('nobody');
      },
    });
  }
}
