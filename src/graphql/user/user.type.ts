import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { UserRow } from '../../../projections/view';
import { MANAGE_USERS } from '../caller';
import type { EdgeCursor } from '../list-pages';
import { globalId, Node } from '../global-id';
import { Guarded, Open } from '../guard';
import { Actor } from '../history/actor.type';
import { Cost } from '../limits/field-cost';
import { Moment, SHOWN_AS_OF } from '../moment.type';
import type { PinnedView } from '../pinned-view';
import { ApiKey, apiKeysOf } from './api-key.type';
import { UserAction, userActions } from './user-actions';
import { UserIdentity } from './user-identity.type';

export const UserStatus = { ACTIVE: 'ACTIVE', INACTIVE: 'INACTIVE', ERASED: 'ERASED' } as const;
export type UserStatus = keyof typeof UserStatus;
registerEnumType(UserStatus, {
  name: 'UserStatus',
  description: 'Statuses of a user: whether the roles held have effect.',
  valuesConfig: {
    ACTIVE: { description: 'The roles held have effect.' },
    INACTIVE: { description: 'The roles are kept and have no effect.' },
    ERASED: {
      description:
        'The roles ended, the names are gone for ever, and the id is never used again. Lists of users leave these out, unless this status is asked for.',
    },
  },
});

export const UserKind = { PERSON: 'PERSON', SERVICE: 'SERVICE' } as const;
export type UserKind = keyof typeof UserKind;
registerEnumType(UserKind, {
  name: 'UserKind',
  description: 'Kinds of users, which never change.',
  valuesConfig: {
    PERSON: { description: 'A person, who signs in.' },
    SERVICE: {
      description:
        'A program, which calls by API keys. It holds roles as anybody does, signs in nowhere, and does not count as the account admin who must stay.',
    },
  },
});

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'A person of the account, or a service user.',
})
export class User implements Node {
  constructor(
    readonly row: UserRow,
    readonly moment: PinnedView,
  ) {}

  @Field(() => ID, {
    description: 'Global id, e.g. `User:ana`; of the user as of the past `User:ana@<position>`.',
  })
  get id(): string {
    return this.moment.globalId('User', this.row.id);
  }

  @Field(() => ID, {
    description: 'Global id without the moment: that of the user now. Mutations take this one.',
  })
  get key(): string {
    return globalId('User', this.row.id);
  }

  @Field(() => Moment, { nullable: true, description: SHOWN_AS_OF })
  get asOf(): Moment | null {
    return this.moment.asOf;
  }

  @Field(() => User, {
    nullable: true,
    description: 'The user as of now; null where the request reads an earlier position than this one.',
  })
  @Open()
  @Cost({ work: 2 })
  async current(): Promise<User | null> {
    return this.asOf === null ? this : userById(this.moment.request.now, this.row.id);
  }

  @Field(() => String, {
    description:
      'Name that the user signs in with; unique in the account, ignoring case. Of an erased user `erased-<id>`, also as of before the erasure: a text to show, which no query finds.',
  })
  get username(): string {
    return this.row.username;
  }

  @Field(() => String, {
    description: 'Display name of the user; `Erased user` of an erased one, also as of before the erasure.',
  })
  get name(): string {
    return this.row.name;
  }

  @Field(() => String, {
    nullable: true,
    description:
      'Id by which another directory of the company (personnel, identity provider) knows the user, in Unicode’s form NFC; unique in the account, case included. Null where there is none, and of an erased user, also as of before the erasure.',
  })
  get externalId(): string | null {
    return this.row.externalId;
  }

  @Field(() => [UserIdentity], {
    nullable: true,
    description:
      'Identities linked to the user, in the order of that; none of an erased user, also as of before the erasure. Needs `users/manage`.',
  })
  @Guarded('users/manage')
  @Cost({ work: 5, size: 2 })
  async identities(): Promise<readonly UserIdentity[]> {
    return (await this.moment.identities.load(this.row.id)) ?? [];
  }

  @Field(() => UserKind, { description: 'Kind of the user: a person or a service. It never changes.' })
  get kind(): UserKind {
    return this.row.kind;
  }

  @Field(() => [ApiKey], {
    nullable: true,
    description:
      'API keys of a service user, none of a person: at most 100, first those that are not revoked, then by expiry, the latest first. Needs `users/manage`.',
  })
  @Guarded(MANAGE_USERS)
  @Cost({ work: 20, size: 3 })
  apiKeys(): Promise<ApiKey[]> {
    return apiKeysOf(this.moment, this.row.id);
  }

  @Field(() => UserStatus, { description: 'Status of the user: whether the roles held have effect.' })
  get status(): UserStatus {
    return this.row.status;
  }

  @Field(() => Date, {
    nullable: true,
    description:
      'The latest known sign-in, even if the answer is as of the past; null if there was none, and of a service user. The record has the first sign-in of each UTC day; later ones of the day are known to the replica that saw them, and lists are in the order of the record.',
  })
  get lastLoginAt(): Date | null {
    const { id, lastLoginAt, kind, status } = this.row;
    const seen = kind === 'PERSON' && status !== 'ERASED' ? this.moment.request.lastSignIn(id) : null;
    return seen !== null && (lastLoginAt === null || seen > lastLoginAt) ? seen : lastLoginAt;
  }

  @Field(() => Date, {
    nullable: true,
    description:
      'Time of the last change of name, username, external id or status, at least that of the registration.',
  })
  async updatedAt(): Promise<Date | null> {
    return (await this.moment.userChanges.load(this.row.id))?.at ?? null;
  }

  @Field(() => Actor, { nullable: true, description: 'Actor of the change of `updatedAt`.' })
  @Open()
  async updatedBy(): Promise<Actor | null> {
    const change = await this.moment.userChanges.load(this.row.id);
    return change && new Actor(change.by, this.moment);
  }

  @Field(() => [UserAction], {
    description:
      'Actions that this caller may take on the user: the buttons of the user’s page. None on a user as of the past; `current` leads to those of now.',
  })
  @Cost({ work: 10 })
  allowedActions(): UserAction[] | Promise<UserAction[]> {
    return this.asOf === null ? userActions(this.moment, this.row) : [];
  }
}

/** The user of an id; null where the view shows none. */
export async function userById(moment: PinnedView, id: string): Promise<User | null> {
  const row = await moment.users.load(id);
  return row && new User(row, moment);
}

/** The base of edges that lead to a user and add details of the relation. */
@ObjectType({ simpleResolvers: true })
export abstract class EdgeToUser<Row extends { readonly user: UserRow }> {
  constructor(
    protected readonly row: Row,
    protected readonly moment: PinnedView,
    private readonly place: EdgeCursor,
  ) {}

  @Field(() => String, {
    description: 'Cursor of this edge. Pass it as `after` to continue behind the edge.',
  })
  get cursor(): string {
    return this.place();
  }

  @Field(() => User, { description: 'The user.' })
  get node(): User {
    return new User(this.row.user, this.moment);
  }
}
