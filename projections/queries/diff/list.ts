import type { AccessDiffCounts, AccessDiffFilter, UserAccessDiff } from '../../diff-rows';
import type { UserNumber } from '../../numbers';
import { userIds } from '../../tables/users';
import { EXACT_COUNT_LIMIT, type Page, type PageRequest } from '../../view';
import type { Asking, AsOfContext } from '../as-of-context';
import { decodeCursor, encodeCursor, pageOf, walkOf } from '../cursor';
import { candidates, type UserWalk } from './candidates';
import { AccessComparison, MomentSide, type Changes } from './compare';

/** Users whose access differs between two moments, in order of registration. */

/** Candidates compared at once. */
const AT_ONCE = 50;

type Found = readonly [user: UserNumber, changes: Changes];

/** Users of whom each may differ, and how they are compared. */
export interface DiffSource {
  /** Name of the list, for its cursors. */
  readonly name: string;
  readonly comparison: AccessComparison;
  readonly candidates: (walk: UserWalk) => AsyncIterable<readonly UserNumber[]>;
}

/** Users whose access differs from that at an earlier moment. `from`: the account at that moment. */
export const differingSince = (asking: Asking, from: AsOfContext, filter: AccessDiffFilter): DiffSource => {
  const { permission = null } = filter;
  const earlier = new MomentSide({ reading: from, question: asking.question }, permission);
  return {
    name: 'access-diff',
    comparison: new AccessComparison(asking, earlier, new MomentSide(asking, permission)),
    candidates: (walk) => candidates(asking, from, filter, walk),
  };
};

/** @throws InvalidCursorError */
export async function listAccessDiffs(
  asking: Asking,
  source: DiffSource,
  page: PageRequest,
): Promise<Page<UserAccessDiff>> {
  const { size, backward, start, end } = walkOf<UserNumber>(
    page,
    (cursor) => decodeCursor<readonly [UserNumber]>(source.name, cursor, ['number'])![0],
    (n, by) => (n + by) as UserNumber,
  );
  const walk: UserWalk = { direction: backward ? -1 : 1, behind: start, until: end };
  const found: Found[] = [];
  for await (const { differing } of steps(source, walk)) {
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
      cursor: encodeCursor(source.name, [n]),
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
  source: DiffSource,
  limit = EXACT_COUNT_LIMIT,
): Promise<AccessDiffCounts | null> {
  let [compared, users, gaining, losing] = [0, 0, 0, 0];
  for await (const { looked, differing } of steps(source, ALL)) {
    compared += looked;
    if (compared > limit) return null;
    users += differing.length;
    gaining += differing.filter(([, { gained }]) => gained.length > 0).length;
    losing += differing.filter(([, { lost }]) => lost.length > 0).length;
  }
  return { users, gaining, losing };
}

const ALL: UserWalk = { direction: 1, behind: null, until: null };

/** Compares candidates, some at a time. */
async function* steps(
  source: DiffSource,
  walk: UserWalk,
): AsyncGenerator<{ readonly looked: number; readonly differing: readonly Found[] }> {
  for await (const users of source.candidates(walk))
    for (let at = 0; at < users.length; at += AT_ONCE) {
      const some = users.slice(at, at + AT_ONCE);
      const changes = await source.comparison.of(some);
      const differing = some.flatMap((user): Found[] => {
        const found = changes.get(user);
        return found ? [[user, found]] : [];
      });
      yield { looked: some.length, differing };
    }
}
