import type { RoleNumber, UserNumber } from '../../numbers';
import { membersAlong } from '../../tables/memberships';
import { userNumbers } from '../../tables/users';
import type { Asking, AsOfContext } from '../as-of-context';
import type { UserWalk } from '../diff/candidates';
import { AccessComparison, MomentSide, type AccessSide, type Roles } from '../diff/compare';
import type { DiffSource } from '../diff/list';
import { accessBy, type Access } from '../diff/role-access';
import type { PreviewedRole } from './previewed-role';

/** Users whose access a change of a role would change: of those who would join or leave it, and those in it if it grants otherwise. */

/** Memberships that one step passes over. */
const MEMBERS = 500;

/** The moment as the change would leave it. */
class PreviewedSide implements AccessSide {
  private readonly access: Access;

  constructor(
    private readonly now: AccessSide,
    private readonly role: PreviewedRole,
    private readonly moved: Moved,
  ) {
    this.access = accessBy(now.reading, role.grants());
  }

  get reading(): AsOfContext {
    return this.now.reading;
  }

  async rolesOf(users: readonly UserNumber[]): Promise<ReadonlyMap<UserNumber, Roles>> {
    const { n } = this.role;
    const { joining, leaving } = this.moved;
    const held = await this.now.rolesOf(users);
    return new Map(
      [...held].map(([user, roles]): [UserNumber, Roles] => {
        if (joining.has(user)) return [user, [...roles, n]];
        return [user, leaving.has(user) ? roles.filter((each) => each !== n) : roles];
      }),
    );
  }

  load(roles: Iterable<RoleNumber>): Promise<void> {
    return this.now.load([...roles].filter((n) => n !== this.role.n));
  }

  of(role: RoleNumber): Access {
    return role === this.role.n ? this.access : this.now.of(role);
  }
}

/** Numbers of the users who would join and leave. */
interface Moved {
  readonly joining: ReadonlySet<UserNumber>;
  readonly leaving: ReadonlySet<UserNumber>;
}

export function affectedBy(asking: Asking, role: PreviewedRole): DiffSource {
  const { reading } = asking;
  const numbersOf = (ids: readonly string[]): ReadonlySet<UserNumber> =>
    new Set(userNumbers(reading, ids).values());
  const moved = { joining: numbersOf(role.joining), leaving: numbersOf(role.leaving) };
  const now = new MomentSide(asking, null);
  return {
    name: 'affected-users',
    comparison: new AccessComparison(asking, now, new PreviewedSide(now, role, moved)),
    candidates: (walk) => candidates(asking, role, moved, walk),
  };
}

/** In order of registration, each once. */
async function* candidates(
  asking: Asking,
  role: PreviewedRole,
  { joining, leaving }: Moved,
  walk: UserWalk,
): AsyncGenerator<readonly UserNumber[]> {
  const { direction, behind, until } = walk;
  const inOrder = (users: Iterable<UserNumber>): UserNumber[] =>
    [...users].sort((a, b) => (a - b) * direction);
  const isWanted = (user: UserNumber): boolean =>
    (behind === null || (user - behind) * direction > 0) &&
    (until === null || (until - user) * direction > 0);
  if (!role.isRegranting) return yield inOrder([...joining, ...leaving]).filter(isWanted);
  let others = inOrder(joining).filter(isWanted);
  for await (const { users, last } of members(asking, role.n, walk)) {
    const isBefore = (user: UserNumber): boolean => last === null || (last - user) * direction >= 0;
    yield inOrder([...users.filter(isWanted), ...others.filter(isBefore)]);
    others = others.filter((user) => !isBefore(user));
    if (last !== null && !isWanted(last)) return;
  }
}

/** Users in the role, in steps; `last`: the user whom a step came to, null for the end. */
async function* members(
  { reading, question }: Asking,
  role: RoleNumber,
  { direction, behind }: UserWalk,
): AsyncGenerator<{ readonly users: readonly UserNumber[]; readonly last: UserNumber | null }> {
  let after: readonly [user: number, since: number] | null =
    behind === null ? null : [behind, direction === 1 ? Number.MAX_SAFE_INTEGER : 0];
  for (;;) {
    const from = after;
    const rows = await question.step(
      () => membersAlong(reading, role, { direction, after: from, limit: MEMBERS }),
      ({ length }) => length,
    );
    const end = rows.length < MEMBERS ? null : rows.at(-1)!;
    yield { users: rows.flatMap(({ user, held }) => (held ? [user] : [])), last: end && end.user };
    if (end === null) return;
    after = [end.user, end.valid_from];
  }
}
