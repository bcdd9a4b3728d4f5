import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { PermissionDecision as Decision } from '../../../projections/view';
import { AS_OF, AsOfInput } from '../as-of';
import type { RequestContext } from '../context';
import { badInput } from '../errors';
import { idOf } from '../ids';
import { Cost } from '../limits/field-cost';
import type { PinnedView } from '../pinned-view';
import { VIEW_ROLES } from '../rights';
import { PermissionCheckInput, PermissionDecision } from './type';

export const MAX_CHECKS = 1_000;

const UNKNOWN: Decision = { allowed: false, via: [], reason: 'UNKNOWN_USER' };

@Resolver()
export class PermissionCheckResolver {
  @Query(() => [PermissionDecision], {
    description: `Up to ${MAX_CHECKS.toLocaleString('en')} checks at once, answered in their order. Needs \`roles/view\`, but not for checks about oneself.`,
  })
  @Cost<{ readonly checks: readonly unknown[] }>(({ checks }) => ({
    work: 10 * (checks?.length ?? 1),
    size: checks?.length,
  }))
  async checkPermissions(
    @Ctx() context: RequestContext,
    @Arg('checks', () => [PermissionCheckInput], { description: 'What to check.' })
    checks: PermissionCheckInput[],
    @Arg('asOf', () => AsOfInput, { nullable: true, description: AS_OF }) asOf?: AsOfInput | null,
  ): Promise<PermissionDecision[]> {
    if (checks.length > MAX_CHECKS) throw badInput(`\`checks\` has at most ${MAX_CHECKS} entries.`);
    const moment = await context.at(asOf);
    const users = usersOf(moment, checks);
    if (users.some((user) => user !== context.caller.user)) context.caller.need(VIEW_ROLES);
    const asked = checks.flatMap(({ permission, scope }, index) => {
      const user = users[index];
      return user == null ? [] : [{ user, permission, scope: scope ?? null }];
    });
    const decisions = moment.view.checks(asked).values();
    return users.map((user) => {
      const decision = user === null ? UNKNOWN : decisions.next().value!;
      return new PermissionDecision(decision, moment);
    });
  }
}

/** Ids of the users that the checks are about; null where there is none. */
function usersOf(moment: PinnedView, checks: readonly PermissionCheckInput[]): (string | null)[] {
  for (const { user } of checks) {
    if ((user.id == null) === (user.username == null))
      throw badInput('A user is named by either id or username.');
  }
  const usernames = checks.flatMap(({ user }) => (user.username == null ? [] : [user.username]));
  const byUsername =
    usernames.length === 0 ? new Map<string, string>() : moment.view.userIds([...new Set(usernames)]);
  return checks.map(({ user }) =>
    user.username == null ? idOf('User', user.id ?? '') : (byUsername.get(user.username) ?? null),
  );
}
