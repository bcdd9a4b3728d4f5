import type { ExternalIdentity, ReadUserEvent } from '../../src/domain/user/events';
import type { IdentityRow as Identity } from '../view';
import type { AccountAt, UserChange } from './account-at';
import type { IdentityRow, MomentRow, UserKeyRow, WordRow } from './rows';
import { OPEN } from './schema';
import { jsonList } from './sqlite/json-list';
import type { TableWriter } from './table-writer';

/** Identities of users: which subject of which issuer meant whom. An erased user has none, in the past too. */

type Linked = Extract<ReadUserEvent, { type: 'UserIdentityLinked' }>['data'];

/** Begins a fact. One that is linked already stays as it is. */
export function linkIdentity(
  writing: TableWriter,
  { account, user, ordinal }: UserChange,
  { issuer, subject, identityClaim }: Linked,
): void {
  const held = writing.sql.get(
    'SELECT 1 FROM identity WHERE account = ? AND user = ? AND claim = ? AND valid_to = ?',
    account,
    user,
    identityClaim,
    OPEN,
  );
  if (held !== undefined) return;
  writing.sql.run(
    `INSERT INTO identity (account, user, valid_from, valid_to, claim, issuer, subject)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    account,
    user,
    ordinal,
    OPEN,
    identityClaim,
    writing.word(issuer),
    subject,
  );
}

/** Ends a fact, which is found by its claim: the subject may not be readable any more. */
export const unlinkIdentity = (
  { sql }: TableWriter,
  { account, user, ordinal }: UserChange,
  claim: IdentityRow['claim'],
): void =>
  sql.run(
    'UPDATE identity SET valid_to = ? WHERE account = ? AND user = ? AND claim = ? AND valid_to = ?',
    ordinal,
    account,
    user,
    claim,
    OPEN,
  );

/** Takes all facts of an erased user away. */
export const dropIdentities = ({ sql }: TableWriter, { account, user }: UserChange): void =>
  sql.run('DELETE FROM identity WHERE account = ? AND user = ?', account, user);

type Row = Pick<UserKeyRow, 'id'> &
  Pick<IdentityRow, 'subject'> & { readonly issuer: WordRow['text']; readonly linked: MomentRow['time'] };

/** Identities by the ids of users, in the order in which they were linked; of a user without any none. */
export function identitiesOf(
  { sql, account, at }: AccountAt,
  users: Iterable<string>,
): ReadonlyMap<string, readonly Identity[]> {
  const rows = sql.all<Row>(
    `SELECT k.id, w.text AS issuer, i.subject, m.time AS linked FROM json_each(?) wanted
     CROSS JOIN user_key k ON k.account = ? AND k.id = wanted.value
     CROSS JOIN identity i ON i.account = k.account AND i.user = k.n AND i.valid_from <= ? AND i.valid_to > ?
     CROSS JOIN word w ON w.n = i.issuer CROSS JOIN moment m ON m.n = i.valid_from
     ORDER BY k.n, i.valid_from`,
    jsonList(users),
    account,
    at,
    at,
  );
  const found = new Map<string, Identity[]>();
  for (const { id, issuer, subject, linked } of rows)
    found.set(id, [...(found.get(id) ?? []), { issuer, subject, linkedAt: new Date(linked) }]);
  return found;
}

/** Id of the user to whom an identity was linked as of the ordinal; null where it was nobody’s. */
export const userIdByIdentity = (
  { sql, account, at }: AccountAt,
  { issuer, subject }: ExternalIdentity,
): string | null =>
  sql.get<Pick<UserKeyRow, 'id'>>(
    `SELECT k.id FROM word w CROSS JOIN identity i ON i.account = ? AND i.subject = ? AND i.issuer = w.n
     CROSS JOIN user_key k ON k.account = i.account AND k.n = i.user
     WHERE w.text = ? AND i.valid_from <= ? AND i.valid_to > ?`,
    account,
    subject,
    issuer,
    at,
    at,
  )?.id ?? null;
