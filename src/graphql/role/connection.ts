import { Field, ObjectType } from 'type-graphql';
import type { PageRequest, RoleFilter, RoleRow } from '../../../projections/view';
import { connectionOf } from '../connection';
import type { PinnedView } from '../pinned-view';
import type { Ref } from '../ref';
import type { RoleOrder } from './enums';
import { Role } from './type';

@ObjectType({ simpleResolvers: true, description: 'A role in a list.' })
export class RoleEdge {
  @Field({ description: 'Continue behind this edge with `after`.' })
  cursor!: string;

  @Field(() => Role, { description: 'The role.' })
  node!: Ref<Role>;
}

@ObjectType({ simpleResolvers: true, description: 'Roles, page by page.' })
export class RoleConnection extends connectionOf<RoleRow, RoleEdge>(() => RoleEdge) {}

export const roleConnection = (
  moment: PinnedView,
  filter: RoleFilter,
  orderBy: RoleOrder,
  request: PageRequest,
): RoleConnection =>
  new RoleConnection(
    request,
    (page) => moment.view.roleList(filter, orderBy, page),
    () => moment.view.countRoles(filter),
    (row, cursor) => {
      moment.roles.prime(row.id, row);
      return { cursor, node: new Role(row, moment) };
    },
  );
