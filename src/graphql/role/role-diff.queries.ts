import { Arg, Ctx, Field, ID, InputType, Query, Resolver } from 'type-graphql';
import { AS_OF, AsOfInput } from '../as-of';
import { VIEW_ROLES } from '../caller';
import type { RequestContext } from '../context';
import { badInput } from '../errors';
import { parseGlobalId } from '../global-id';
import { Guarded } from '../guard';
import { Cost } from '../limits/field-cost';
import { RoleDiff, type RoleSide } from './role-diff.type';
import { roleById } from './role.type';

@InputType('RoleAsOfInput', { description: 'A role at a moment.' })
export class RoleAsOfInput {
  @Field(() => ID, {
    description:
      'Global id of the role. One of the past is read as of its moment, unless `asOf` says another.',
  })
  role!: string;

  @Field(() => AsOfInput, { nullable: true, description: AS_OF })
  asOf?: AsOfInput | null;
}

@Resolver()
export class RoleDiffQueries {
  @Query(() => RoleDiff, {
    nullable: true,
    description:
      'Differences between two roles, or between two moments of one; null where neither is there. Needs `roles/view`.',
  })
  @Guarded(VIEW_ROLES)
  @Cost({ work: 20 })
  async roleDiff(
    @Ctx() context: RequestContext,
    @Arg('base', () => RoleAsOfInput, { description: 'The role to compare with.' }) base: RoleAsOfInput,
    @Arg('target', () => RoleAsOfInput, { description: 'The role that is compared.' }) target: RoleAsOfInput,
  ): Promise<RoleDiff | null> {
    const from = await sideOf(context, base, 'base');
    const to = await sideOf(context, target, 'target');
    return from.role === null && to.role === null ? null : new RoleDiff(from, to);
  }
}

async function sideOf(
  context: RequestContext,
  { role: text, asOf }: RoleAsOfInput,
  name: 'base' | 'target',
): Promise<RoleSide> {
  const named = parseGlobalId(text);
  if (named?.type !== 'Role') throw badInput(`\`${name}.role\` is not the id of a role.`);
  const moment = await context.viewOf(named, asOf);
  return { moment, id: named.id, role: await roleById(moment, named.id) };
}
