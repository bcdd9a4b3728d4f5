import type { AccountAt, UserChange } from '../account-at';
import type { AccountRow, ApiKeyRow, UserKeyRow } from '../rows';
import { OPEN } from '../schema';
import { jsonList } from '../sqlite/json-list';
import type { Sql } from '../sqlite/sql';
import type { TableWriter } from '../table-writer';

/** API keys of service users: a row each, which ends with the revocation, or with the erasure of the user. */

export function addApiKey(
  { sql }: TableWriter,
  { account, user, ordinal }: UserChange,
  { id, name, prefix, hash, expires }: Pick<ApiKeyRow, 'id' | 'name' | 'prefix' | 'hash' | 'expires'>,
): void {
  sql.run(
    `INSERT INTO api_key (account, user, valid_from, valid_to, id, name, prefix, hash, expires)
     VALUES (?, ?, ?, ${OPEN}, ?, ?, ?, ?, ?)`,
    account,
    user,
    ordinal,
    id,
    name,
    prefix,
    hash,
    expires,
  );
}

export function endApiKey(
  { sql }: TableWriter,
  { account, user, ordinal }: UserChange,
  id: ApiKeyRow['id'],
): void {
  sql.run(
    `UPDATE api_key SET valid_to = ? WHERE account = ? AND user = ? AND valid_to = ${OPEN} AND id = ?`,
    ordinal,
    account,
    user,
    id,
  );
}

/** Ends all keys of an erased user, and takes their names away. */
export function eraseApiKeys({ sql }: TableWriter, { account, user, ordinal }: UserChange): void {
  sql.run(
    'UPDATE api_key SET name = NULL, valid_to = min(valid_to, ?) WHERE account = ? AND user = ?',
    ordinal,
    account,
    user,
  );
}

/** A key that has not ended, with its user. */
type ActiveKey = Pick<ApiKeyRow, 'id' | 'expires'> & {
  readonly account: AccountRow['id'];
  readonly user: UserKeyRow['id'];
};

/** The key of a hash that was neither revoked nor ended with its user at the newest event. */
export const activeApiKey = (sql: Sql, hash: string): ActiveKey | undefined =>
  sql.get<ActiveKey>(
    `SELECT a.id AS account, k.id AS user, key.id, key.expires FROM api_key key INDEXED BY api_key_by_hash
     CROSS JOIN account a ON a.n = key.account CROSS JOIN user_key k ON k.account = key.account AND k.n = key.user
     WHERE key.hash = ? AND key.valid_to = ${OPEN}`,
    hash,
  );

/** A key of a user, by the user’s id. */
export type ApiKeyOf = Omit<ApiKeyRow, 'account' | 'user' | 'hash'> & { readonly user: UserKeyRow['id'] };

/** Keys of one user that are listed. Those in force are among them: there are fewer, and they come first. */
const LISTED = 100;

/** Keys that users had been given until an ordinal: those not revoked by then first, then by expiry, the latest first. */
export const apiKeysOf = ({ sql, account, at }: AccountAt, users: Iterable<string>): readonly ApiKeyOf[] =>
  sql.all<ApiKeyOf>(
    `SELECT user, id, name, prefix, expires, valid_from, valid_to FROM (
       SELECT k.id AS user, key.id, key.name, key.prefix, key.expires, key.valid_from, key.valid_to,
         row_number() OVER (PARTITION BY k.n ORDER BY key.valid_to <= ?1, key.expires DESC, key.valid_from DESC) AS place
       FROM json_each(?2) wanted CROSS JOIN user_key k ON k.account = ?3 AND k.id = wanted.value
       CROSS JOIN api_key key ON key.account = k.account AND key.user = k.n AND key.valid_from <= ?1)
     WHERE place <= ${LISTED} ORDER BY user, place`,
    at,
    jsonList(users),
    account,
  );
