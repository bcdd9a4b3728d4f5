import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import { execute } from '../mutation/execute';
import { DisableFeatureInput, EnableFeatureInput } from './inputs';
import { AccountPayload, accountPayload } from './payload';

@Resolver()
export class AccountMutations {
  @Mutation(() => AccountPayload, {
    description: 'Enables a feature: what roles grant of it has effect. Needs `accounts/manage`.',
  })
  async enableFeature(
    @Ctx() context: RequestContext,
    @Arg('input', () => EnableFeatureInput, { description: 'Which feature.' }) input: EnableFeatureInput,
  ): Promise<AccountPayload> {
    const { feature } = input;
    return accountPayload(await execute(context, input, () => ({ type: 'enableFeature', feature })));
  }

  @Mutation(() => AccountPayload, {
    description:
      'Disables a feature: what roles grant of it is withheld, not revoked. Needs `accounts/manage`.',
  })
  async disableFeature(
    @Ctx() context: RequestContext,
    @Arg('input', () => DisableFeatureInput, { description: 'Which feature.' }) input: DisableFeatureInput,
  ): Promise<AccountPayload> {
    const { feature } = input;
    return accountPayload(await execute(context, input, () => ({ type: 'disableFeature', feature })));
  }
}
