import type { UserStatus } from '../../../src/domain/user/user';
import { BEFORE_FIRST, type Ordinal, type RoleNumber, type UserNumber } from '../../numbers';
import type { ExportedTable, TableAsked, TableRow, TableValue } from '../../interval-rows';
import { accountNumber } from '../../tables/accounts';
import {
  featureFacts,
  grantFacts,
  membershipFacts,
  roleFacts,
  userFacts,
  type FactsAsked,
} from '../../tables/intervals/facts';
import { accountSizes, roleSizes } from '../../tables/intervals/sizes';
import { roleNumbers } from '../../tables/roles';
import { UNKNOWN_ACCOUNT } from '../../tables/schema';
import type { Sql } from '../../tables/sqlite/sql';
import { placeAt } from '../../tables/timeline';
import { userNumber } from '../../tables/users';
import {
  defaultGrants,
  defaultRoles,
  endOf,
  isShown,
  permissionFacts,
  type CatalogueFact,
} from './catalogue-facts';
import { lastOfDays } from './days';

/** Rows of the tables that are exported whole. A cursor is the key of the row before. */

type Key = readonly (string | number)[];

/** A row before its places are looked up. */
interface Found {
  readonly values: readonly TableValue[];
  readonly from: Ordinal;
  readonly to: Ordinal | null;
  readonly key: Key;
}

interface Reading extends FactsAsked {
  readonly asked: TableAsked;
  readonly role: RoleNumber | null;
  readonly user: UserNumber | null;
  readonly after: Key | null;
}

/** Number that no role or user has. */
const NOBODY = -1;

/** The next rows of a table. */
export function tableRows(sql: Sql, asked: TableAsked): TableRow[] {
  const account = accountNumber(sql, asked.account) ?? UNKNOWN_ACCOUNT;
  const { at, limit, role, user } = asked;
  const reading: Reading = {
    ...{ sql, account, at, limit, asked },
    since: asked.since ?? BEFORE_FIRST,
    role: role === null ? null : ((roleNumbers({ sql, account }, [role]).get(role) ?? NOBODY) as RoleNumber),
    user: user === null ? null : ((userNumber({ sql, account }, user) ?? NOBODY) as UserNumber),
    after: asked.after === null ? null : (JSON.parse(asked.after) as Key),
  };
  return READERS[asked.table](reading).map(({ values, from, to, key }) => ({
    values,
    from: placeAt(sql, from)!,
    to: to === null ? null : placeAt(sql, to),
    cursor: JSON.stringify(key),
  }));
}

const READERS: { readonly [Table in ExportedTable]: (reading: Reading) => Found[] } = {
  memberships: (reading) =>
    membershipFacts(reading, numbers(reading, 3) as [number, number, number], reading).map((row) => ({
      values: [row.roleId, row.userId],
      ...interval({ ...row, valid_to: row.ended }, reading),
      key: [row.role, row.user, row.valid_from],
    })),
  grants: (reading) =>
    afterCatalogue(
      reading,
      () => defaultGrants(reading.sql, reading.at, reading.asked.role),
      (rest) =>
        grantFacts(rest, numbers(rest, 3) as [number, number, number], rest.role).map((row) => ({
          values: [row.roleId, 'CUSTOM', row.key, JSON.parse(row.scopes) as string[]],
          ...interval(row, reading),
          key: [row.role, row.permission, row.valid_from],
        })),
    ),
  roles: (reading) =>
    afterCatalogue(
      reading,
      () => defaultRoles(reading.sql, reading.at, reading.asked.role),
      (rest) =>
        roleFacts(rest, numbers(rest, 2) as [number, number], rest.role).map((row) => ({
          values: [row.id, 'CUSTOM', row.name, row.description],
          ...interval(row, reading),
          key: [row.n, row.valid_from],
        })),
    ),
  users: (reading) =>
    userFacts(reading, numbers(reading, 2) as [number, number], reading.user).map((row) => ({
      values: [
        row.id,
        row.service ? 'SERVICE' : 'PERSON',
        STATUS[row.active],
        row.username,
        row.name,
        row.external_id,
      ],
      ...interval(row, reading),
      key: [row.n, row.valid_from],
    })),
  features: (reading) =>
    featureFacts(reading, (reading.after ?? ['', 0]) as [string, number]).map((row) => ({
      values: [row.key],
      ...interval(row, reading),
      key: [row.key, row.valid_from],
    })),
  permissions: (reading) =>
    afterCatalogue(
      reading,
      () => permissionFacts(reading.sql, reading.at),
      () => [],
    ),
  accountSizes: (reading) =>
    lastOfDays(
      reading.limit,
      (after: number) => accountSizes({ ...reading, limit: DAYS_READ }, after),
      (row) => row.n,
      numbers(reading, 1)[0]!,
    ).map(({ n, day, active, inactive, erased, roles }) => ({
      values: [day, active, inactive, erased, roles],
      from: n,
      to: null,
      key: [n],
    })),
  roleSizes: (reading) =>
    lastOfDays(
      reading.limit,
      (after: readonly [number, number]) => roleSizes({ ...reading, limit: DAYS_READ }, after, reading.role),
      (row) => [row.role, row.n] as const,
      numbers(reading, 2) as [number, number],
    ).map(({ role, n, id, custom, day, users, permissions, scopes }) => ({
      // Grants of a default role are the catalogue’s, and no count of the account’s.
      values: [id, day, users, ...(custom ? [permissions, scopes] : [null, null])],
      from: n,
      to: null,
      key: [role, n],
    })),
};

const STATUS = ['INACTIVE', 'ACTIVE', 'ERASED'] as const satisfies readonly UserStatus[];

/** Rows of sizes that are read at once. */
const DAYS_READ = 1_000;

/** The key behind which a page begins; before the first one without a cursor. */
const numbers = ({ after }: Pick<Reading, 'after'>, count: number): readonly number[] =>
  (after as readonly number[] | null) ?? Array<number>(count).fill(NOBODY);

const interval = (
  { valid_from: from, valid_to: to }: { readonly valid_from: Ordinal; readonly valid_to: Ordinal },
  { at }: Reading,
): Pick<Found, 'from' | 'to'> => ({ from, to: endOf(to, at) });

/** Beginning of the keys of facts of the catalogue, which no number is. */
const CATALOGUE = 'catalogue';

/** Facts of the catalogue, and the account’s own behind them. */
function afterCatalogue(
  reading: Reading,
  facts: () => readonly CatalogueFact[],
  own: (rest: Reading) => Found[],
): Found[] {
  const { after, limit, at } = reading;
  const isPassed = after !== null && after[0] !== CATALOGUE;
  const begin = after === null ? -1 : Number(after[1]);
  const found = (isPassed ? [] : facts())
    .map(({ values, from, to }, index) => ({ values, from, to, key: [CATALOGUE, index] as const }))
    .filter((each) => each.key[1] > begin && isShown(each, reading))
    .slice(0, limit)
    .map((each) => ({ ...each, to: endOf(each.to, at) }));
  if (found.length === limit) return found;
  return [...found, ...own({ ...reading, after: isPassed ? after : null, limit: limit - found.length })];
}
