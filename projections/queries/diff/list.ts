import type { AccessDiffCounts, AccessDiffFilter, UserAccessDiff } from '../../diff-rows';
import type { UserNumber } from '../../numbers';
import { userIds } from '../../tables/users';
import { EXACT_COUNT_LIMIT, type Page, type PageRequest } from '../../view';
import type { Asking, AsOfContext } from '../as-of-context';
import { decodeCursor, encodeCursor, pageOf, walkOf } from '../cursor';
import { candidates, type UserWalk } from './candidates';
import { AccessComparison, type Changes } from './compare';

/** Users whose access differs between two moments, in order of registration. */

const LIST = 'access-diff';
/** Candidates compared at once. */
const AT_ONCE = 50;

type Found = readonly [user: UserNumber, changes: Changes];

/** `from`: the account at the earlier moment. @throws InvalidCursorError */
export async function listAccessDiffs(
  asking: Asking,
  from: AsOfContext,
  filter: AccessDiffFilter,
  page: PageRequest,
): Promise<Page<UserAccessDiff>> {
  const { size, backward, start, end } = walkOf<UserNumber>(
    page,
    (cursor) => decodeCursor<readonly [UserNumber]>(LIST, cursor, ['number'])![0],
    (n, by) => (n + by) as UserNumber,
  );
  const walk: UserWalk = { direction: backward ? -1 : 1, behind: start, until: end };
  const found: Found[] = [];
  for await (const { differing } of steps(asking, from, filter, walk)) {
    found.push(...differing);
    if (found.length > size) break;
  }
  const some = found.slice(0, size + 1);
  const ids = await asking.question.step(
    () => idsOf(asking.reading, some),
    ({ size: rows }) => rows,
  );
  return pageOf(
    { size, backward },
    some.map(([n, changes]) => ({
      item: { user: ids.get(n)!, ...changes },
      cursor: encodeCursor(LIST, [n]),
    })),
  );
}

const idsOf = (reading: AsOfContext, found: readonly Found[]): ReadonlyMap<UserNumber, string> =>
  userIds(
    reading,
    found.map(([user]) => user),
  );

/** Null where more users would have to be compared than the limit. */
export async function countAccessDiffs(
  asking: Asking,
  from: AsOfContext,
  filter: AccessDiffFilter,
): Promise<AccessDiffCounts | null> {
  let [compared, users, gaining, losing] = [0, 0, 0, 0];
  for await (const { looked, differing } of steps(asking, from, filter, ALL)) {
    compared += looked;
    if (compared > EXACT_COUNT_LIMIT) return null;
    users += differing.length;
    gaining += differing.filter(([, { gained }]) => gained.length > 0).length;
    losing += differing.filter(([, { lost }]) => lost.length > 0).length;
  }
  return { users, gaining, losing };
}

const ALL: UserWalk = { direction: 1, behind: null, until: null };

/** Compares candidates, some at a time. */
async function* steps(
  asking: Asking,
  from: AsOfContext,
  filter: AccessDiffFilter,
  walk: UserWalk,
): AsyncGenerator<{ readonly looked: number; readonly differing: readonly Found[] }> {
  const comparison = new AccessComparison(asking, from, filter.permission ?? null);
  for await (const users of candidates(asking, from, filter, walk))
    for (let at = 0; at < users.length; at += AT_ONCE) {
      const some = users.slice(at, at + AT_ONCE);
      const changes = await comparison.of(some);
      const differing = some.flatMap((user): Found[] => {
        const found = changes.get(user);
        return found ? [[user, found]] : [];
      });
      yield { looked: some.length, differing };
    }
}
