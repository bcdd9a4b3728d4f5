import { Field, ID, ObjectType } from 'type-graphql';
import type { ApiKeyRow } from '../../../projections/view';
import { Open } from '../guard';
import { Actor } from '../history/actor.type';
import type { PinnedView } from '../pinned-view';

@ObjectType({
  simpleResolvers: true,
  description:
    'A key by which a program calls as a service user: `Authorization: Bearer rbk_...`. Its text is shown once, by `createApiKey`.',
})
export class ApiKey {
  constructor(
    private readonly row: ApiKeyRow,
    private readonly moment: PinnedView,
  ) {}

  @Field(() => ID, {
    description: 'Id of the key, for caches and for `revokeApiKey`; `node` does not find it.',
  })
  get id(): string {
    return this.moment.globalId('ApiKey', `${this.row.user}/${this.row.id}`);
  }

  @Field(() => String, {
    nullable: true,
    description:
      'Name of the key, by which people know what uses it; null once its user was erased, also as of before the erasure.',
  })
  get name(): string | null {
    return this.row.name;
  }

  @Field(() => String, {
    description: 'First 8 characters of the key, by which people tell keys apart.',
  })
  get prefix(): string {
    return this.row.prefix;
  }

  @Field(() => Date, { description: 'Time of the creation.' })
  get createdAt(): Date {
    return this.row.created.at;
  }

  @Field(() => Actor, { description: 'Actor who created the key.' })
  @Open()
  get createdBy(): Actor {
    return new Actor(this.row.created.by, this.moment);
  }

  @Field(() => Date, { description: 'Time from which the key is refused.' })
  get expiresAt(): Date {
    return this.row.expiresAt;
  }

  @Field(() => Date, {
    nullable: true,
    description:
      'Time at which the key was revoked, or ended with the erasure of its user; null if neither was.',
  })
  get revokedAt(): Date | null {
    return this.row.revokedAt;
  }

  @Field(() => Date, {
    nullable: true,
    description:
      'The last use that this replica saw, even if the answer is as of the past; null if it saw none. Each replica knows its own; one that was killed forgets up to a day of uses.',
  })
  get lastUsedAt(): Date | null {
    return this.moment.request.lastUse(this.row.id);
  }
}

/** API keys of a user, as a view shows them. */
export const apiKeysOf = async (moment: PinnedView, user: string): Promise<ApiKey[]> =>
  ((await moment.apiKeysOf.load(user)) ?? []).map((row) => new ApiKey(row, moment));

/** One of them, by its id; null where the view does not list it. */
export async function apiKeyById(moment: PinnedView, user: string, id: string): Promise<ApiKey | null> {
  const row = (await moment.apiKeysOf.load(user))?.find((each) => each.id === id);
  return row ? new ApiKey(row, moment) : null;
}
