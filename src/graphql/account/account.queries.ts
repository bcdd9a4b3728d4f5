import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { AS_OF, AsOfInput } from '../as-of';
import type { RequestContext } from '../context';
import { Open } from '../guard';
import { Account } from './account.type';

@Resolver()
export class AccountQueries {
  // Nullable: a fault in `asOf` takes nothing else of the answer along.
  @Query(() => Account, { nullable: true, description: 'The account that the caller’s token names.' })
  @Open()
  async account(
    @Ctx() context: RequestContext,
    @Arg('asOf', () => AsOfInput, { nullable: true, description: AS_OF }) asOf?: AsOfInput | null,
  ): Promise<Account> {
    return new Account(await context.at(asOf));
  }
}
