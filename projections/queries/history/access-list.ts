import type { AccessHistoryFilter, UserAccessChange } from '../../diff-rows';
import { lastPlaceOf, mirrored, ordinalFrom, placeOf } from '../../numbers';
import type { HistoryPlace, Ordinal, Sense, UserNumber } from '../../numbers';
import { entriesPerType } from '../../tables/history';
import { userIds, userNumber } from '../../tables/users';
import { EXACT_COUNT_LIMIT, type Append, type Page, type PageRequest } from '../../view';
import { totalUsers, type Asking, type AsOfContext } from '../as-of-context';
import { along } from '../change-list';
import { decodeCursor, encodeCursor, pageOf, walkOf } from '../cursor';
import { isIn, type UserWalk } from '../diff/candidates';
import { AccessComparison, MomentSide, type Changes } from '../diff/compare';
import { range } from '../history-list';
import { everGranting, placesOfPermission, placesOfUser } from './access-places';
import { touched, type PermissionAsked } from './touched';

/**
 * Gains and losses of access, newest first: of one user, or of one permission by whomever. What an append changed is the
 * difference between the moments right before it and at its end, so that what it gave and took back is none.
 */

const LIST = 'access-history';
/** Users compared at once. */
const AT_ONCE = 50;
/** Work of looking at an append, in users compared. */
const AN_APPEND = 10;

/** Reads the account at another ordinal. */
export type ReadingAt = (ordinal: Ordinal) => AsOfContext;

/** A change in the list: of a user, by an append. */
interface Place extends Append {
  readonly user: number;
}
type Cursor = readonly [first: Ordinal, last: Ordinal, user: number];

interface Found {
  readonly append: Append;
  readonly user: UserNumber;
  readonly changes: Changes;
}

/** @throws InvalidCursorError */
export async function listAccessHistory(
  asking: Asking,
  readingAt: ReadingAt,
  filter: AccessHistoryFilter,
  page: PageRequest,
): Promise<Page<UserAccessChange>> {
  const { size, backward, start, end } = walkOf<Place>(
    page,
    (cursor) => {
      const [first, last, user] = decodeCursor<Cursor>(LIST, cursor, ['number', 'number', 'number'])!;
      return { first, last, user };
    },
    (place, by) => ({ ...place, user: place.user + by }),
  );
  const found: Found[] = [];
  const walk = { sense: backward ? (-1 as const) : (1 as const), expected: size + 1, start, end };
  for await (const { differing } of steps(asking, readingAt, filter, walk)) {
    found.push(...differing);
    if (found.length > size) break;
  }
  const rows = await rowsOf(asking, found.slice(0, size + 1));
  return pageOf(
    { size, backward },
    rows.map(([item, user]) => ({
      item,
      cursor: encodeCursor(LIST, [item.append.first, item.append.last, user]),
    })),
  );
}

async function rowsOf(
  { reading, question }: Asking,
  found: readonly Found[],
): Promise<[UserAccessChange, UserNumber][]> {
  const appends = [...new Set(found.map(({ append }) => append))];
  const { ids, begins } = await question.step(
    () => ({
      ids: userIds(
        reading,
        found.map(({ user }) => user),
      ),
      begins: entriesPerType(reading, appends),
    }),
    ({ ids: read }) => read.size + appends.length,
  );
  const entries = new Map(appends.map((append, index) => [append, begins[index]!.begin]));
  return found.map(({ append, user, changes }) => [
    { append, entry: entries.get(append)!, user: ids.get(user)!, ...changes },
    user,
  ]);
}

/** Null where more would have to be looked at than the limit. */
export async function countAccessHistory(
  asking: Asking,
  readingAt: ReadingAt,
  filter: AccessHistoryFilter,
): Promise<number | null> {
  let [looked, count] = [0, 0];
  const walk = { sense: 1, expected: 0, start: null, end: null } as const;
  for await (const step of steps(asking, readingAt, filter, walk)) {
    looked += step.looked;
    if (looked > EXACT_COUNT_LIMIT) return null;
    count += step.differing.length;
  }
  return count;
}

interface AppendWalk {
  readonly sense: Sense;
  readonly expected: number;
  readonly start: Place | null;
  readonly end: Place | null;
}

interface Step {
  readonly looked: number;
  readonly differing: readonly Found[];
}

/** Compares users around appends, some at a time. */
async function* steps(
  { reading, question }: Asking,
  readingAt: ReadingAt,
  filter: AccessHistoryFilter,
  { sense, expected, start, end }: AppendWalk,
): AsyncGenerator<Step> {
  const source = await sourceOf({ reading, question }, filter, { sense, expected });
  if (!source) return;
  const walk = { ...range(reading, filter), lists: [source.places] };
  for await (const append of along({ reading, question }, walk, sense, beginOf(walk, sense, start))) {
    if (end && isBeyond(append, end, sense)) return;
    const users: UserWalk = {
      direction: sense,
      behind: userIn(append, start),
      until: userIn(append, end),
    };
    const [before, after] = [readingAt(ordinalFrom(append.first, -1)), readingAt(append.last)];
    const around = { asking: { reading: after, question }, before, append };
    const comparison = new AccessComparison(
      around.asking,
      new MomentSide({ reading: before, question }, filter.permission),
      new MomentSide(around.asking, filter.permission),
    );
    yield { looked: AN_APPEND, differing: [] };
    for await (const some of source.users(around, users))
      for (let at = 0; at < some.length; at += AT_ONCE) {
        const compared = some.slice(at, at + AT_ONCE);
        const changed = await comparison.of(compared);
        const differing = compared.flatMap((user): Found[] => {
          const changes = changed.get(user);
          return changes ? [{ append, user, changes }] : [];
        });
        yield { looked: compared.length, differing };
      }
  }
}

interface Around {
  /** Question as of the end of an append. */
  readonly asking: Asking;
  /** The account right before it. */
  readonly before: AsOfContext;
  readonly append: Append;
}

interface Source {
  readonly places: Awaited<ReturnType<typeof placesOfUser>>;
  /** Users who are compared around an append. */
  readonly users: (around: Around, walk: UserWalk) => AsyncIterable<readonly UserNumber[]>;
}

/** Null where there is no such user. */
async function sourceOf(
  asking: Asking,
  { user, permission }: AccessHistoryFilter,
  { sense, expected }: Pick<AppendWalk, 'sense' | 'expected'>,
): Promise<Source | null> {
  const { reading, question } = asking;
  if (user !== null) {
    const one = userNumber(reading, user);
    if (one === undefined || one > totalUsers(reading)) return null;
    return {
      places: await placesOfUser(asking, one, permission, sense),
      users: (_, walk) => only(isIn(walk, one) ? [one] : []),
    };
  }
  if (permission === null) return null;
  const roles = await question.step(
    () => everGranting(reading, permission),
    ({ length }) => length,
  );
  const asked: PermissionAsked = { permission, roles: new Set(roles) };
  const { sql, account } = reading;
  return {
    places: placesOfPermission({ sql, account, sense, expected }, permission, roles),
    users: ({ asking: after, before, append }, walk) => touched(after, before, append, { asked, walk }),
  };
}

async function* only(users: readonly UserNumber[]): AsyncGenerator<readonly UserNumber[]> {
  yield await Promise.resolve(users);
}

/** The place that a walk begins at: that of the append of its start again, for it may have more users. */
function beginOf({ from, to }: ReturnType<typeof range>, sense: Sense, start: Place | null): HistoryPlace {
  const first = sense === 1 ? to : mirrored(from, sense);
  if (start === null) return first;
  const again = sense === 1 ? lastPlaceOf(start.last) : mirrored(placeOf(start.first), sense);
  return again < first ? again : first;
}

const isBeyond = ({ first, last }: Append, end: Place, sense: Sense): boolean =>
  sense === 1 ? last < end.first : first > end.last;

const userIn = ({ first }: Append, place: Place | null): UserNumber | null =>
  place?.first === first ? (place.user as UserNumber) : null;
