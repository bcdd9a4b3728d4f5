import type { AccountEvent } from '../../src/domain/account/events';
import type { CheckedEvent } from '../projector/checked-event';
import { OPEN } from '../tables/schema';
import type { Sql } from '../tables/sql';
import type { Ordinal } from '../view';
import type { TableWriter } from '../tables/table-writer';

/** Accounts and the features they have enabled. */

export function reduceAccount(
  { sql }: TableWriter,
  { ordinal }: CheckedEvent,
  account: number,
  event: AccountEvent,
): void {
  switch (event.type) {
    case 'AccountOpened':
      if (accountName(sql, account, ordinal) !== undefined) return;
      sql.run(
        'INSERT INTO account_fact (account, valid_from, valid_to, name) VALUES (?, ?, ?, ?)',
        account,
        ordinal,
        OPEN,
        event.data.name,
      );
      return;
    case 'FeatureEnabled':
      if (isEnabled(sql, account, event.data.feature)) return;
      sql.run(
        'INSERT INTO feature (account, key, valid_from, valid_to) VALUES (?, ?, ?, ?)',
        account,
        event.data.feature,
        ordinal,
        OPEN,
      );
      return;
    case 'FeatureDisabled':
      sql.run(
        'UPDATE feature SET valid_to = ? WHERE account = ? AND key = ? AND valid_to = ?',
        ordinal,
        account,
        event.data.feature,
        OPEN,
      );
  }
}

const isEnabled = (sql: Sql, account: number, feature: string): boolean =>
  sql.get('SELECT 1 FROM feature WHERE account = ? AND key = ? AND valid_to = ?', account, feature, OPEN) !==
  undefined;

/** The number of an account, or null where nothing is known of it. */
export const accountNumber = (sql: Sql, id: string): number | null =>
  sql.get<{ n: number }>('SELECT n FROM account WHERE id = ?', id)?.n ?? null;

/** Undefined where the account is not open at that moment. */
export const accountName = (sql: Sql, account: number, at: Ordinal): string | undefined =>
  sql.get<{ name: string }>(
    'SELECT name FROM account_fact WHERE account = ? AND valid_from <= ? AND valid_to > ?',
    account,
    at,
    at,
  )?.name;

export const featuresOf = (sql: Sql, account: number, at: Ordinal): ReadonlySet<string> =>
  new Set(
    sql
      .all<{ key: string }>(
        'SELECT key FROM feature WHERE account = ? AND valid_from <= ? AND valid_to > ? ORDER BY key',
        account,
        at,
        at,
      )
      .map(({ key }) => key),
  );
