import { Field, ObjectType } from 'type-graphql';
import type { PageRequest, UserFilter, UserOrder, UserRow } from '../../../projections/view';
import { connectionOf } from '../connection';
import type { PinnedView } from '../pinned-view';
import type { Ref } from '../ref';
import { User } from './type';

@ObjectType({ simpleResolvers: true, description: 'A user in a list.' })
export class UserEdge {
  @Field({ description: 'Continue behind this edge with `after`.' })
  cursor!: string;

  @Field(() => User, { description: 'The user.' })
  node!: Ref<User>;
}

@ObjectType({ simpleResolvers: true, description: 'Users, page by page.' })
export class UserConnection extends connectionOf<UserRow, UserEdge>(() => UserEdge) {}

export const userConnection = (
  moment: PinnedView,
  filter: UserFilter,
  orderBy: UserOrder,
  request: PageRequest,
): UserConnection =>
  new UserConnection(
    request,
    (page) => moment.view.userList(filter, orderBy, page),
    () => moment.view.countUsers(filter),
    (row, cursor) => {
      moment.users.prime(row.id, row);
      return { cursor, node: new User(row, moment) };
    },
  );
