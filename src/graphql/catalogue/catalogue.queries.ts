import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { AS_OF, AsOfInput } from '../as-of';
import { VIEW_ROLES } from '../caller';
import type { RequestContext } from '../context';
import { Guarded } from '../guard';
import { PermissionCatalogue } from './catalogue.type';

@Resolver()
export class CatalogueQueries {
  @Query(() => PermissionCatalogue, {
    nullable: true,
    description: 'The catalogue that roles of the account are made of. Needs `roles/view`.',
  })
  @Guarded(VIEW_ROLES)
  async permissionCatalogue(
    @Ctx() context: RequestContext,
    @Arg('asOf', () => AsOfInput, { nullable: true, description: AS_OF }) asOf?: AsOfInput | null,
  ): Promise<PermissionCatalogue> {
    return new PermissionCatalogue(await context.at(asOf));
  }
}
