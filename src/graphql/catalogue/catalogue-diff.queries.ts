import { Args, ArgsType, Ctx, Field, Query, Resolver } from 'type-graphql';
import { AS_OF, AsOfInput } from '../as-of';
import { VIEW_ROLES } from '../caller';
import type { RequestContext } from '../context';
import { Guarded } from '../guard';
import { Cost } from '../limits/field-cost';
import { momentsOf } from '../two-moments';
import { CatalogueDiff } from './catalogue-diff.type';

@ArgsType()
export class CatalogueDiffArgs {
  @Field(() => AsOfInput, { description: 'Time, position or event: the earlier moment.' })
  from!: AsOfInput;

  @Field(() => AsOfInput, { nullable: true, description: `${AS_OF} The later moment.` })
  to?: AsOfInput | null;
}

@Resolver()
export class CatalogueDiffQueries {
  @Query(() => CatalogueDiff, {
    nullable: true,
    description:
      'Differences between the catalogues of two moments, each with the publications that made it. A `from` after `to` is BAD_USER_INPUT. Needs `roles/view`.',
  })
  @Guarded(VIEW_ROLES)
  @Cost({ work: 20 })
  async catalogueDiff(
    @Ctx() context: RequestContext,
    @Args(() => CatalogueDiffArgs) args: CatalogueDiffArgs,
  ): Promise<CatalogueDiff> {
    return new CatalogueDiff(...(await momentsOf(context, args)));
  }
}
