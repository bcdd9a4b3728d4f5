import { ArgsType, Field, ID, registerEnumType } from 'type-graphql';
import { AS_OF, AsOfInput } from '../as-of';
import { PageArgs } from '../connection';
import type { Ref } from '../ref';
import { UserStatus } from './type';

export const UserOrder = {
  NAME_ASC: 'NAME_ASC',
  NAME_DESC: 'NAME_DESC',
  USERNAME_ASC: 'USERNAME_ASC',
  USERNAME_DESC: 'USERNAME_DESC',
} as const;
export type UserOrder = keyof typeof UserOrder;
registerEnumType(UserOrder, {
  name: 'UserOrder',
  description: 'Orders of the user list.',
  valuesConfig: {
    NAME_ASC: { description: 'By name, A first.' },
    NAME_DESC: { description: 'By name, Z first.' },
    USERNAME_ASC: { description: 'By username, A first.' },
    USERNAME_DESC: { description: 'By username, Z first.' },
  },
});

@ArgsType()
export class UsersArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description: 'Only users whose name or username has this anywhere in it, ignoring case and accents.',
  })
  search?: string | null;

  @Field(() => UserStatus, { nullable: true, description: 'Only users with this status.' })
  status?: UserStatus | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Only users who are not in this role: whom to assign next.',
  })
  notInRole?: string | null;

  @Field(() => UserOrder, { nullable: true, description: 'Order of the list; left out: `NAME_ASC`.' })
  orderBy?: UserOrder | null;

  @Field(() => AsOfInput, { nullable: true, description: AS_OF })
  asOf?: Ref<AsOfInput> | null;
}
