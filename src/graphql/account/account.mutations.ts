import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import { execute } from '../mutation/execute';
import { MutationInput, PlainText } from '../mutation/input.type';
import { Payload, type Settled } from '../mutation/payload.type';
import { Account } from './account.type';

@InputType({ description: 'A feature to enable in the account.' })
export class EnableFeatureInput extends MutationInput {
  @Field(() => String, { description: 'Key of the feature.' })
  @PlainText()
  feature!: string;
}

@InputType({ description: 'A feature to disable in the account.' })
export class DisableFeatureInput extends MutationInput {
  @Field(() => String, { description: 'Key of the feature.' })
  @PlainText()
  feature!: string;
}

@ObjectType({ simpleResolvers: true, description: 'Result of a change of the account.' })
export class AccountPayload extends Payload {
  @Field(() => Account, {
    nullable: true,
    description: 'The account as it is now; null where nothing was changed, and while `projected` is false.',
  })
  account: Account | null = null;
}

export const accountPayload = (settled: Settled): AccountPayload =>
  Object.assign(new AccountPayload(settled), {
    account: settled.changed && new Account(settled.changed.moment),
  });

@Resolver()
export class AccountMutations {
  @Mutation(() => AccountPayload, {
    description:
      'Enables a feature: the permissions of it that roles grant have effect. Needs `accounts/manage`.',
  })
  async enableFeature(
    @Ctx() context: RequestContext,
    @Arg('input', () => EnableFeatureInput, { description: 'The feature to enable.' })
    input: EnableFeatureInput,
  ): Promise<AccountPayload> {
    const { feature } = input;
    return accountPayload(await execute(context, input, () => ({ type: 'enableFeature', feature })));
  }

  @Mutation(() => AccountPayload, {
    description:
      'Disables a feature: the permissions of it that roles grant are withheld, not revoked. Needs `accounts/manage`.',
  })
  async disableFeature(
    @Ctx() context: RequestContext,
    @Arg('input', () => DisableFeatureInput, { description: 'The feature to disable.' })
    input: DisableFeatureInput,
  ): Promise<AccountPayload> {
    const { feature } = input;
    return accountPayload(await execute(context, input, () => ({ type: 'disableFeature', feature })));
  }
}
