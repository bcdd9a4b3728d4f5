import { ArgsType, Field } from 'type-graphql';
import { AS_OF, AsOfInput } from '../as-of';
import { PageArgs } from '../connection';
import type { Ref } from '../ref';
import { RoleKind, RoleOrder } from './enums';

@ArgsType()
export class RolesArgs extends PageArgs {
  @Field(() => RoleKind, { nullable: true, description: 'Only roles of this kind.' })
  kind?: RoleKind | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only roles whose name has this anywhere in it, ignoring case and accents.',
  })
  search?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Deleted roles too; left out: no.' })
  includeDeleted?: boolean | null;

  @Field(() => RoleOrder, { nullable: true, description: 'Order of the list; left out: `DEFAULT_FIRST`.' })
  orderBy?: RoleOrder | null;

  @Field(() => AsOfInput, { nullable: true, description: AS_OF })
  asOf?: Ref<AsOfInput> | null;
}

@ArgsType()
export class RoleUsersArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description: 'Only users whose name or username has this anywhere in it, ignoring case and accents.',
  })
  search?: string | null;
}
