import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { AS_OF, AsOfInput } from '../as-of';
import { VIEW_ROLES } from '../caller';
import type { RequestContext } from '../context';
import { PermissionCatalogue } from './catalogue.type';

@Resolver()
export class CatalogueQueries {
  @Query(() => PermissionCatalogue, {
    description: 'The catalogue that roles of the account are made of. Needs `roles/view`.',
  })
  async permissionCatalogue(
    @Ctx() context: RequestContext,
    @Arg('asOf', () => AsOfInput, { nullable: true, description: AS_OF }) asOf?: AsOfInput | null,
  ): Promise<PermissionCatalogue> {
    context.caller.need(VIEW_ROLES);
    return new PermissionCatalogue(await context.at(asOf));
  }
}
