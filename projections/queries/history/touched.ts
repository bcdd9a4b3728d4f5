import type { Ordinal, RoleNumber, UserNumber } from '../../numbers';
import { jsonList } from '../../tables/sqlite/json-list';
import { EVERY_ACCOUNT } from '../../tables/schema';
import type { Append } from '../../view';
import type { Asking, AsOfContext } from '../as-of-context';
import { differing, isIn, type UserWalk } from '../diff/candidates';
import { withOtherEffect } from '../diff/changed-roles';
import { ACCOUNT_TYPES, GRANT_TYPES, MEMBERSHIP_TYPES, STATUS_TYPES } from './access-places';

/** Users whose access to one permission an append may have changed, in order of registration. */

/** Members of a role that one step reads. */
const AT_ONCE = 500;

interface Entry {
  readonly type: string;
  readonly role: RoleNumber | null;
  readonly user: UserNumber | null;
  readonly permission: string | null;
}

/** A permission, and the roles that ever granted it. */
export interface PermissionAsked {
  readonly permission: string;
  readonly roles: ReadonlySet<RoleNumber>;
}

/** `asking`: as of the end of the append. `from`: the account before it. */
export async function* touched(
  asking: Asking,
  from: AsOfContext,
  append: Append,
  { asked, walk }: { readonly asked: PermissionAsked; readonly walk: UserWalk },
): AsyncGenerator<readonly UserNumber[]> {
  const { reading, question } = asking;
  const entries = await question.step(
    () => entriesOf(reading, append),
    ({ length }) => length,
  );
  const regranted = entries.find((entry) => isOfGrant(entry, asked));
  if (entries.some(isOfAll)) {
    const changed = await withOtherEffect(asking, from, asked.permission);
    if (changed.length > 0) yield* differing(asking, from, { changed, role: null }, walk);
  } else if (regranted) yield* members(asking, append, regranted.role!, walk);
  else yield* one(asking, entries, asked, walk);
}

const OF_ALL: readonly string[] = [...ACCOUNT_TYPES, 'CataloguePublished'];
const isOneOf = (types: readonly string[], { type }: Entry): boolean => types.includes(type);
const isOfAll = (entry: Entry): boolean => isOneOf(OF_ALL, entry);
const isOfGrant = (entry: Entry, { permission, roles }: PermissionAsked): boolean =>
  entry.role !== null &&
  roles.has(entry.role) &&
  (entry.type === 'RoleDeleted' || (isOneOf(GRANT_TYPES, entry) && entry.permission === permission));

const entriesOf = ({ sql, account }: AsOfContext, { first, last }: Append): Entry[] =>
  sql.all(
    `SELECT t.text AS type, h.role, h.user, p.text AS permission FROM history h
     CROSS JOIN word t ON t.n = h.type LEFT JOIN word p ON p.n = h.permission
     WHERE h.n BETWEEN ? AND ? AND h.account IN (?, ${EVERY_ACCOUNT})`,
    first,
    last,
    account,
  );

/** Users who were in a role before an append, or are since. */
async function* members(
  { reading, question }: Asking,
  { first, last }: Append,
  role: RoleNumber,
  { direction, behind, until }: UserWalk,
): AsyncGenerator<readonly UserNumber[]> {
  const [low, high] = direction === 1 ? [behind, until] : [until, behind];
  const text = `SELECT DISTINCT user FROM membership WHERE account = ? AND role = ? AND user > ? AND user < ?
    AND valid_from <= ? AND valid_to >= ? ORDER BY user ${direction === 1 ? 'ASC' : 'DESC'} LIMIT ${AT_ONCE}`;
  let [after, before]: [number, number] = [low ?? 0, high ?? Number.MAX_SAFE_INTEGER];
  for (let found = AT_ONCE; found === AT_ONCE;) {
    const users = await question.step(
      () =>
        reading.sql
          .all<{
            readonly user: UserNumber;
          }>(text, reading.account, role, after, before, last, first as Ordinal)
          .map(({ user }) => user),
      ({ length }) => length,
    );
    yield users;
    found = users.length;
    if (direction === 1) after = users.at(-1) ?? after;
    else before = users.at(-1) ?? before;
  }
}

/** Users whom entries name: those who got or lost a role that granted the permission, or whose status changed. */
async function* one(
  { reading, question }: Asking,
  entries: readonly Entry[],
  { roles }: PermissionAsked,
  walk: UserWalk,
): AsyncGenerator<readonly UserNumber[]> {
  const found = new Set<UserNumber>();
  const changed = new Set<UserNumber>();
  for (const entry of entries) {
    if (entry.user === null || !isIn(walk, entry.user)) continue;
    if (isOneOf(STATUS_TYPES, entry)) changed.add(entry.user);
    else if (isOneOf(MEMBERSHIP_TYPES, entry) && entry.role !== null && roles.has(entry.role))
      found.add(entry.user);
  }
  if (changed.size > 0)
    for (const user of await question.step(
      () => everIn(reading, changed, roles),
      ({ length }) => length + changed.size,
    ))
      found.add(user);
  yield [...found].sort((a, b) => (a - b) * walk.direction);
}

/** Those of some users who were ever in one of some roles. */
const everIn = (
  { sql, account }: AsOfContext,
  users: Iterable<UserNumber>,
  roles: Iterable<RoleNumber>,
): UserNumber[] =>
  sql
    .all<{ readonly user: UserNumber }>(
      `SELECT wanted.value AS user FROM json_each(?) wanted WHERE EXISTS (
         SELECT 1 FROM membership m INDEXED BY membership_by_user
         WHERE m.account = ? AND m.user = wanted.value AND m.role IN (SELECT value FROM json_each(?)))`,
      jsonList(users),
      account,
      jsonList(roles),
    )
    .map(({ user }) => user);
