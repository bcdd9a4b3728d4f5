import { Field, ObjectType } from 'type-graphql';
import type { Settled } from '../mutation/execute';
import { Payload } from '../mutation/payload';
import type { Ref } from '../ref';
import { Account } from './type';

@ObjectType({ simpleResolvers: true, description: 'What came of a change of the account.' })
export class AccountPayload extends Payload {
  @Field(() => Account, {
    nullable: true,
    description: 'The account as it is now; null where nothing was changed, and while `projected` is false.',
  })
  account: Ref<Account> | null = null;
}

export const accountPayload = (settled: Settled): AccountPayload =>
  Object.assign(new AccountPayload(settled), {
    account: settled.changed && new Account(settled.changed.moment),
  });
