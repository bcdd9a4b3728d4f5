import type { AccountNumber, Ordinal } from '../numbers';
import type { AccountAt, AccountChange } from './account-at';
import type { AccountFactRow, AccountRow, FeatureRow } from './rows';
import { OPEN } from './schema';
import type { Sql } from './sqlite/sql';
import type { TableWriter } from './table-writer';

/** Accounts and the features they have enabled. */

/** The number of an account, or null for an unknown one. */
export const accountNumber = (sql: Sql, id: string): AccountNumber | null =>
  sql.get<Pick<AccountRow, 'n'>>('SELECT n FROM account WHERE id = ?', id)?.n ?? null;

/** Ids of all accounts that are open now, in order. */
export const openAccounts = (sql: Sql): readonly string[] =>
  sql
    .all<Pick<AccountRow, 'id'>>(
      'SELECT id FROM account JOIN account_fact ON account_fact.account = account.n AND valid_to = ? ORDER BY id',
      OPEN,
    )
    .map(({ id }) => id);

/** Undefined if the account is not open at that ordinal. */
export const accountName = ({ sql, account, at }: AccountAt): string | undefined =>
  sql.get<Pick<AccountFactRow, 'name'>>(
    'SELECT name FROM account_fact WHERE account = ? AND valid_from <= ? AND valid_to > ?',
    account,
    at,
    at,
  )?.name;

/** Opens an account that is not open yet. */
export function openAccount({ sql }: TableWriter, { account, ordinal }: AccountChange, name: string): void {
  if (accountName({ sql, account, at: ordinal }) !== undefined) return;
  sql.run(
    'INSERT INTO account_fact (account, valid_from, valid_to, name) VALUES (?, ?, ?, ?)',
    account,
    ordinal,
    OPEN,
    name,
  );
}

export const featuresOf = ({ sql, account, at }: AccountAt): ReadonlySet<string> =>
  new Set(
    sql
      .all<Pick<FeatureRow, 'key'>>(
        'SELECT key FROM feature WHERE account = ? AND valid_from <= ? AND valid_to > ? ORDER BY key',
        account,
        at,
        at,
      )
      .map(({ key }) => key),
  );

/** Enables a feature that is not enabled. */
export function enableFeature(
  { sql }: TableWriter,
  { account, ordinal }: AccountChange,
  feature: string,
): void {
  if (isEnabled(sql, account, feature)) return;
  sql.run(
    'INSERT INTO feature (account, key, valid_from, valid_to) VALUES (?, ?, ?, ?)',
    account,
    feature,
    ordinal,
    OPEN,
  );
}

export const disableFeature = (
  { sql }: TableWriter,
  { account, ordinal }: AccountChange,
  feature: string,
): void =>
  sql.run(
    'UPDATE feature SET valid_to = ? WHERE account = ? AND key = ? AND valid_to = ?',
    ordinal,
    account,
    feature,
    OPEN,
  );

const isEnabled = (sql: Sql, account: AccountNumber, feature: string): boolean =>
  sql.get('SELECT 1 FROM feature WHERE account = ? AND key = ? AND valid_to = ?', account, feature, OPEN) !==
  undefined;

/** Intervals in which features were enabled at some ordinal from one on, up to that of the reading. */
export const featuresDuring = (
  { sql, account, at }: AccountAt,
  from: Ordinal,
): Omit<FeatureRow, 'account'>[] =>
  sql.all(
    'SELECT key, valid_from, valid_to FROM feature WHERE account = ? AND valid_from <= ? AND valid_to > ?',
    account,
    at,
    from,
  );
