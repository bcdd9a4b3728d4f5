import { Args, ArgsType, Ctx, Field, ID, Query, Resolver } from 'type-graphql';
import type { AccessDiffFilter } from '../../../projections/view';
import { AS_OF, AsOfInput } from '../as-of';
import { VIEW_ROLES } from '../caller';
import type { RequestContext } from '../context';
import { badInput } from '../errors';
import { idOf } from '../global-id';
import { Guarded } from '../guard';
import { Cost } from '../limits/field-cost';
import { momentsOf } from '../two-moments';
import { AccessDiff } from './access-diff.type';

@ArgsType()
export class AccessDiffArgs {
  @Field(() => ID, {
    nullable: true,
    description: 'Only this user, by global id; a moment in it is passed over. Not together with `role`.',
  })
  user?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Only users who were in this role at one of the two moments, by global id; a moment in it is passed over. Their access is compared as a whole, whatever role gave it. Not together with `user`.',
  })
  role?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Only differences of this permission, by its key. One that neither catalogue has is BAD_USER_INPUT.',
  })
  permission?: string | null;

  @Field(() => AsOfInput, { description: 'Time, position or event: the earlier moment.' })
  from!: AsOfInput;

  @Field(() => AsOfInput, { nullable: true, description: `${AS_OF} The later moment.` })
  to?: AsOfInput | null;
}

@Resolver()
export class AccessDiffQueries {
  @Query(() => AccessDiff, {
    nullable: true,
    description:
      'Differences between what users effectively may do at two moments, each with the events that made it: of everybody, of one user or of the users of a role. A `from` after `to` is BAD_USER_INPUT. Needs `roles/view`.',
  })
  @Guarded(VIEW_ROLES)
  @Cost({ work: 20 })
  async accessDiff(
    @Ctx() context: RequestContext,
    @Args(() => AccessDiffArgs) args: AccessDiffArgs,
  ): Promise<AccessDiff> {
    const among = amongOf(args);
    const [from, to] = await momentsOf(context, args);
    const { permission = null } = args;
    // Nothing leaves a catalogue: the later one has what either has.
    if (permission !== null && !to.catalogue.permission.has(permission))
      throw badInput('The catalogue has no such `permission`.');
    return new AccessDiff(from, to, { from: from.view.pin.ordinal, among, permission });
  }
}

/** @throws GraphQLError `BAD_USER_INPUT` */
function amongOf({ user, role }: AccessDiffArgs): AccessDiffFilter['among'] {
  if (user != null && role != null) throw badInput('Give either `user` or `role`, not both.');
  if (user != null) return { user: idOf('User', user) ?? malformed('user') };
  return role == null ? null : { role: idOf('Role', role) ?? malformed('role') };
}

function malformed(field: string): never {
  throw badInput(`\`${field}\` is not an id of that type.`);
}
