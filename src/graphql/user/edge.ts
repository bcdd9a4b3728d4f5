import { Field, ObjectType } from 'type-graphql';
import type { UserRow } from '../../../projections/view';
import type { PinnedView } from '../pinned-view';
import type { Ref } from '../ref';
import { User } from './type';

/** The base of edges that lead to a user and say more of how. */
@ObjectType({ simpleResolvers: true })
export abstract class EdgeToUser<Row extends { readonly user: UserRow }> {
  constructor(
    protected readonly row: Row,
    protected readonly moment: PinnedView,
    private readonly place: string,
  ) {}

  @Field(() => String, { description: 'Continue behind this edge with `after`.' })
  get cursor(): string {
    return this.place;
  }

  @Field(() => User, { description: 'The user.' })
  get node(): Ref<User> {
    return new User(this.row.user, this.moment);
  }
}
