import { ArgsType, Field, ObjectType } from 'type-graphql';
import type { PageRequest, PermissionHolder } from '../../../projections/view';
import { AS_OF, AsOfInput } from '../as-of';
import { connectionOf, PageArgs } from '../connection';
import { Cost } from '../limits/field-cost';
import type { PinnedView } from '../pinned-view';
import type { Ref } from '../ref';
import { Role, rolesById } from '../role/type';
import { EdgeToUser } from '../user/edge';

@ObjectType({ simpleResolvers: true, description: 'A user who has a permission, and where from.' })
export class PermissionHolderEdge extends EdgeToUser<PermissionHolder> {
  @Field(() => [Role], { description: 'The roles that grant it to the user.' })
  @Cost({ size: 3 })
  via(): Promise<Ref<Role>[]> {
    return rolesById(this.moment, this.row.via);
  }

  @Field(() => [String], { description: 'Scopes that the user has with it.' })
  get scopes(): readonly string[] {
    return this.row.scopes;
  }
}

@ObjectType({ simpleResolvers: true, description: 'Users who have a permission, by name, page by page.' })
export class PermissionHolderConnection extends connectionOf<PermissionHolder, PermissionHolderEdge>(
  () => PermissionHolderEdge,
) {}

export const holderConnection = (
  moment: PinnedView,
  permission: string,
  scope: string | null,
  request: PageRequest,
): PermissionHolderConnection =>
  new PermissionHolderConnection(
    request,
    (page) => moment.view.holders(permission, scope, page),
    () => moment.view.countHolders(permission, scope),
    (row, cursor) => new PermissionHolderEdge(row, moment, cursor),
  );

@ArgsType()
export class HoldersArgs extends PageArgs {
  @Field(() => String, { description: 'Key of the permission.' })
  permission!: string;

  @Field(() => String, { nullable: true, description: 'Only users whose grant covers this scope too.' })
  scope?: string | null;

  @Field(() => AsOfInput, { nullable: true, description: AS_OF })
  asOf?: Ref<AsOfInput> | null;
}
