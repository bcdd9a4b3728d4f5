import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { AS_OF, AsOfInput } from '../as-of';
import type { RequestContext } from '../context';
import { VIEW_ROLES } from '../rights';
import { PermissionCatalogue } from './permission-catalogue';

@Resolver()
export class CatalogueResolver {
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
